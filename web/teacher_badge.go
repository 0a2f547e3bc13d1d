package web

import (
	"cmp"
	"net/http"
	"time"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/fault"
	"github.com/insigne-badges/insigne/store"
)

// badgeData is the teacher's page of one badge.
type badgeData struct {
	Badge      badges.Badge
	View       badgeView
	Path       string
	Recipients []recipientRow
	Gradebook  gradebook
	Review     reviewData
	Release    releaseData
	ByHand     byHandData
	Problem    string // why the rule can no longer be met, if so
}

type recipientRow struct {
	Name      string
	State     badges.AssertionState
	AwardedAt time.Time
	DecidedAt time.Time
	Notice    string                // catalogue key of the notice's state
	PublicURL string                // empty unless public
	By        string                // the teacher who awarded it by hand; empty when the rule did
	Given     *badges.GivenEvidence // by hand; nil when none was given
	Gradebook string                // why the LMS did not take the grade; empty when it did
}

func (s *Server) pathBadge(r *http.Request, who Session) (badges.Badge, error) {
	return s.Store.Badge(r.Context(), who.Course, badges.BadgeID(mux.Vars(r)["badge"]))
}

func (s *Server) badgePage(w http.ResponseWriter, r *http.Request, who Session) error {
	badge, err := s.pathBadge(r, who)
	if err != nil {
		return err
	}
	locale := s.locale(r, &who)
	data := badgeData{Badge: badge, Path: who.Path("/badges/" + string(badge.ID))}
	if data.View, err = s.versionView(r.Context(), badge.Current, locale); err != nil {
		return err
	}
	if data.Recipients, err = s.recipients(r, who, badge.ID); err != nil {
		return err
	}
	if data.Gradebook, err = s.gradebookOf(r.Context(), who.Course, badge.ID); err != nil {
		return err
	}
	if data.Release, err = s.releaseOf(r.Context(), who, badge); err != nil {
		return err
	}
	if data.Review, err = s.reviewOf(r.Context(), who, badge, locale); err != nil {
		return err
	}
	if data.ByHand, err = s.byHandOf(r, who, badge); err != nil {
		return err
	}
	outline, err := s.keptOutline(r.Context(), who, badge.ID)
	if err != nil {
		return err
	}
	if len(outline.Activities)+len(outline.LineItems) > 0 { // the course was read
		if err := badge.Current.Rule.CheckAgainst(outline); err != nil {
			data.Problem = message(err, locale)
		}
	}
	return s.render(w, r, locale, "teacher_badge", who.page(badge.Current.Name, data))
}

func (s *Server) recipients(r *http.Request, who Session, id badges.BadgeID) ([]recipientRow, error) {
	assertions, err := s.Store.AssertionsOfBadge(r.Context(), who.Course, id)
	if err != nil {
		return nil, err
	}
	notices, err := s.Store.NoticesOfBadge(r.Context(), who.Course, id)
	if err != nil {
		return nil, err
	}
	refused, err := s.Store.RefusedScores(r.Context(), who.Course, id)
	if err != nil {
		return nil, err
	}
	locale := s.locale(r, &who)
	teachers := map[badges.UserID]string{}
	rows := make([]recipientRow, len(assertions))
	for i, a := range assertions {
		rows[i] = recipientRow{
			Name: a.Recipient.Name, State: a.State, AwardedAt: a.AwardedAt, DecidedAt: a.DecidedAt,
			Notice: noticeState(notices[a.ID]),
		}
		if f, byHand := a.ByHand(); byHand {
			if teachers[f.By] == "" {
				teacher, err := s.person(r.Context(), who.Course, f.By)
				if err != nil {
					return nil, err
				}
				teachers[f.By] = teacher.Name
			}
			rows[i].By, rows[i].Given = teachers[f.By], f.Given
		}
		if reason := refused[a.ID]; reason != "" {
			rows[i].Gradebook = locale.T("problem.lti."+string(reason), nil)
		}
		if a.Public() {
			rows[i].PublicURL = s.publicURL(a.ID)
		}
	}
	return rows, nil
}

// noticeState sums up the channels of one notice: told by one is told.
func noticeState(notices []store.Notice) string {
	state := "notice.waiting"
	for _, n := range notices {
		if !n.SentAt.IsZero() {
			return "notice.sent"
		}
		if n.Problem != "" {
			state = "notice.failing"
		}
	}
	return state
}

// switchBadge turns a badge on or off. Switching on reads the course at once.
func (s *Server) switchBadge(w http.ResponseWriter, r *http.Request, who Session) error {
	ctx := r.Context()
	badge, err := s.pathBadge(r, who)
	if err != nil {
		return err
	}
	state := badges.BadgeState(r.PostFormValue("state"))
	if state != badges.On && state != badges.Off {
		return fault.New(fault.Invalid, "problem.form_unreadable")
	}
	earlier := badges.NotifyEarlier
	if state == badges.On {
		if earlier, err = badges.ParseEarlier(cmp.Or(r.PostFormValue("earlier"), string(earlier))); err != nil {
			return err
		}
		outline, err := s.courseOutline(ctx, who, badge.ID)
		if err != nil {
			return err
		}
		if err := badge.Current.Rule.CheckAgainst(outline); err != nil {
			return err
		}
	}
	err = s.Store.Tx(ctx, func(tx *store.Tx) error {
		if err := tx.SwitchBadge(ctx, who.Course, badge.ID, state, who.User); err != nil {
			return err
		}
		if err := tx.SetEarlier(ctx, who.Course, badge.ID, earlier); err != nil {
			return err
		}
		return tx.RequestSync(ctx, who.Course, badges.ByTeacher)
	})
	if err != nil {
		return err
	}
	return seeOther(w, r, who.Path("/badges/"+string(badge.ID)))
}
