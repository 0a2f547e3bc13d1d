package teacher

import (
	"context"
	"net/http"
	"time"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/view"
)

// recipientData is the teacher's page of one award: why it was made, what happened to
// it, and whether the learner got the notices.
type recipientData struct {
	view.Validity

	Badge     view.Badge
	Back      string // path of the badge's page
	Name      string
	State     badges.AssertionState
	AwardedAt time.Time
	Reason    string // why it was taken back
	Facts     []credential.Reason
	ShowFacts bool // the learner made them public
	History   []historyLine
	Notices   []noticeLine
	Withheld  string           // catalogue key of when the notices will be sent; empty unless the award is withheld
	Gradebook string           // why the LMS refused the score; empty if it did not
	PublicURL string           // empty unless public
	Replaced  *view.StepLink   // the step that replaced it; nil if it counts
	Revokes   bool             // it was claimed: taking it back revokes it
	TakeBack  string           // address of the form that takes it back; empty if it was taken back
	Chain     []view.AwardLink // all awards of the badge to the learner; empty if this is the only one
}

// historyLine is one thing that happened to an award.
type historyLine struct {
	At   time.Time
	What string
	Who  string // name of a person, or "the rule", in the reader's language
}

// noticeLine is the state of one notice.
type noticeLine struct {
	About   badges.About
	Channel badges.Channel
	State   string // catalogue key
	SentAt  time.Time
	Problem string // of the last attempt
}

// events has the catalogue keys of the actions that the history of an award shows.
// Other actions do not matter to a teacher.
var events = map[badges.Action]string{
	badges.AwardProposed:     "history.proposed",
	badges.AssertionAwarded:  "history.awarded",
	badges.AwardsReleased:    "history.released",
	badges.ReleaseUndone:     "history.release_undone",
	badges.AssertionClaimed:  "history.claimed",
	badges.AssertionDeclined: "history.declined",
	badges.AddressGiven:      "history.address_given",
	badges.AddressConfirmed:  "history.address_confirmed",
	badges.AddressTold:       "history.address_told",
	badges.AwardDelivered:    "history.delivered",
	badges.ConsentChanged:    "history.consent",
	badges.EvidenceLost:      "history.fell",
	badges.EvidenceBack:      "history.back",
	badges.AwardKept:         "history.kept",
	badges.AwardTakenBack:    "history.taken_back",
	badges.AwardReplaced:     "history.replaced",
	badges.AwardRestored:     "history.restored",
	badges.AwardMadePrivate:  "history.made_private",
	badges.AwardMadePublic:   "history.made_public",
	badges.NoticeResent:      "history.resent",
}

func (h *Handler) recipientPage(w http.ResponseWriter, r *http.Request, who page.Session) error {
	ctx, locale := r.Context(), h.Locale(r, &who)
	badge, err := h.pathBadge(r, who)
	if err != nil {
		return err
	}
	a, err := h.Store.Recipient(ctx, who.Course, badge.ID, badges.AssertionID(mux.Vars(r)["assertion"]))
	if err != nil {
		return err
	}
	data := recipientData{
		Validity: h.Views.Validity(a),
		Back:     who.Path("/badges/" + string(badge.ID)), Name: a.Recipient.Name, State: a.State, AwardedAt: a.AwardedAt,
		Reason: a.Reason, Facts: credential.Reasons(a.Facts, locale), ShowFacts: a.ShowFacts, Revokes: a.WasClaimed(),
	}
	if data.Badge, err = h.Views.Badge(ctx, a.Version, locale); err != nil {
		return err
	}
	if data.History, err = h.history(ctx, a, locale); err != nil {
		return err
	}
	if data.Chain, err = h.chain(ctx, a, data.Back+"/recipients/"); err != nil {
		return err
	}
	if data.Replaced, err = h.Views.Replacement(ctx, a); err != nil {
		return err
	}
	if data.Replaced != nil {
		by, err := h.Store.Assertion(ctx, a.ReplacedBy)
		if err != nil {
			return err
		}
		data.Replaced.Path = who.Path("/badges/" + string(by.Badge) + "/recipients/" + string(by.ID))
	}
	notices, err := h.Store.NoticesOf(ctx, a.ID)
	if err != nil {
		return err
	}
	data.Notices, data.Withheld = noticeLines(a, notices, locale), withheldNotice(a)
	refused, err := h.Store.RefusedScore(ctx, a.ID)
	if err != nil {
		return err
	}
	if refused != "" {
		data.Gradebook = locale.T(refused.Key(), nil)
	}
	if a.Public() {
		data.PublicURL = h.Links.Page(a.ID)
	}
	if a.State != badges.Withdrawn && a.State != badges.Revoked && a.State != badges.Erased {
		data.TakeBack = data.Back + "/recipients/" + string(a.ID) + "/take-back"
	}
	return h.Show(w, r, locale, "teacher/recipient", who.Page(a.Recipient.Name, data))
}

// chain returns links to all awards of the badge to the learner of a, the newest first;
// nil if a is the only one.
func (h *Handler) chain(ctx context.Context, a badges.Assertion, path string) ([]view.AwardLink, error) {
	if a.Previous == "" && a.Next == "" {
		return nil, nil
	}
	awards, err := h.Store.Chain(ctx, a.Course, a.Badge, a.User)
	if err != nil {
		return nil, err
	}
	links := make([]view.AwardLink, len(awards))
	for i, one := range awards {
		links[i] = view.AwardLink{Validity: h.Views.Validity(one), AwardedAt: one.AwardedAt, State: one.State, Shown: one.ID == a.ID, Path: path + string(one.ID)}
	}
	return links, nil
}

// history returns what happened to an award, the oldest entry first.
func (h *Handler) history(ctx context.Context, a badges.Assertion, locale templates.Locale) ([]historyLine, error) {
	entries, err := h.Store.AuditOf(ctx, a.Course, string(a.ID))
	if err != nil {
		return nil, err
	}
	var lines []historyLine
	for _, e := range entries {
		key, shown := events[e.Action]
		if !shown {
			continue
		}
		actor, err := h.actor(ctx, a, e.Actor, locale)
		if err != nil {
			return nil, err
		}
		lines = append(lines, historyLine{At: e.At, What: locale.T(key, nil), Who: actor})
	}
	return lines, nil
}

// actor returns the name of the person or thing that did something to an award.
func (h *Handler) actor(ctx context.Context, a badges.Assertion, id string, locale templates.Locale) (string, error) {
	switch id {
	case badges.ByRule:
		return locale.T("history.by_rule", nil), nil
	case badges.ByAdmin:
		return locale.T("history.by_admin", nil), nil
	case badges.ByPlatform:
		return locale.T("history.by_platform", nil), nil
	case string(a.User):
		return a.Recipient.Name, nil
	}
	member, err := h.Store.Member(ctx, a.Course, badges.UserID(id))
	if err != nil && !fault.Is(err, fault.NotFound) {
		return "", err
	}
	if member.Name == "" {
		return locale.T("history.by_unknown", nil), nil
	}
	return member.Name, nil
}

func noticeLines(a badges.Assertion, notices []store.Notice, locale templates.Locale) []noticeLine {
	var lines []noticeLine
	for _, n := range notices {
		line := noticeLine{About: n.About, Channel: n.Channel, State: noticeState(waitsFor(n.About, a.State), !n.SentAt.IsZero(), n.Problem != ""), SentAt: n.SentAt}
		if n.Channel == badges.ByMail && a.AwaitsAddress() {
			line.State = "notice.no_address"
		}
		if line.State == "notice.failing" {
			line.Problem = locale.T(n.Problem, nil)
		}
		lines = append(lines, line)
	}
	return lines
}

// waitsFor returns the state of the award that noticeState needs. A notice about the
// end of an award is still needed while the award is the learner's, just as a notice about
// the award is while it is pending.
func waitsFor(about badges.About, state badges.AssertionState) badges.AssertionState {
	if about == badges.OfEnd && state.Accepted() {
		return badges.Pending
	}
	return state
}
