package launch

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/page"
)

// launch answers a launch: it starts a session and redirects to the first page.
func (h *Handler) launch(w http.ResponseWriter, r *http.Request) error {
	if err := page.ParseForm(r); err != nil {
		return err
	}
	cookie := func(name string) string {
		c, err := r.Cookie(name)
		if err != nil {
			return ""
		}
		return c.Value
	}
	state, proof := r.PostForm.Get("state"), r.PostForm.Get(proofField)
	inTab := state != "" && cookie(lti.CookieName(state)) == ""
	if inTab && !r.PostForm.Has(proofField) {
		return h.askTabForProof(w, r)
	}
	// Only our own page in this tab sends a proof. A proof from the page of another
	// site could be an attacker's, and would sign this person in as the attacker.
	if proof != "" && r.Header.Get("Sec-Fetch-Site") != "same-origin" {
		return &lti.Error{Reason: lti.BrowserMismatch}
	}
	who, opens, err := h.acceptLaunch(r, lti.LaunchRequest{
		IDToken: r.PostForm.Get("id_token"), State: state, Error: r.PostForm.Get("error"), Cookie: cookie, Proof: proof,
	})
	if err != nil {
		if noteErr := h.Diagnosis.NoteLaunch(r.Context(), err); noteErr != nil {
			h.Log.ErrorContext(r.Context(), "refused launch not noted", "error", noteErr)
		}
		return err
	}
	if inTab {
		return h.startSessionInTab(w, r, who, opens)
	}
	http.SetCookie(w, lti.SpentCookie(state))
	if err := h.Sessions.Start(w, r, who); err != nil {
		return err
	}
	return page.SeeOther(w, r, who.Path(opens))
}

// acceptLaunch verifies a launch and uses up its login. In the same transaction it saves the
// course and the person and requests a reading of the course. It returns the session
// and the path of its first page.
func (h *Handler) acceptLaunch(r *http.Request, launched lti.LaunchRequest) (who page.Session, opens string, err error) {
	ctx := r.Context()
	verified, err := h.Tool.Verify(ctx, launched)
	if err != nil {
		return page.Session{}, "", err
	}
	var back string
	err = h.Store.Tx(ctx, func(tx *store.Tx) error {
		launch, err := verified.Redeem(ctx, tx)
		if err != nil {
			return err
		}
		back = launch.ReturnURL
		if who, err = h.newSession(launch); err != nil {
			return err
		}
		if launch.Context != nil {
			if err := saveArrival(ctx, tx, launch, who); err != nil {
				return err
			}
		}
		named, err := linkedBadge(ctx, tx, who.Course, badges.BadgeID(launch.Custom[customBadge]))
		if err != nil {
			return err
		}
		if err := h.Columns.Take(ctx, tx, launch, who.Course, named); err != nil {
			return err
		}
		opens, err = h.landing(ctx, tx, launch, who, named)
		return err
	})
	if err != nil && back != "" {
		err = page.WithReturn(err, back)
	}
	return who, opens, err
}

func (h *Handler) newSession(launch lti.Launch) (page.Session, error) {
	who := page.Session{
		Course: badges.CourseKey{Platform: badges.PlatformID(launch.Registration.ID)}, User: badges.UserID(launch.User),
		Language: launch.Language, FramedBy: strings.Join(launch.Origins(), " "), Began: h.Now().UnixMilli(),
	}
	if launch.Context != nil {
		who.Course.Context, who.Title = badges.ContextID(launch.Context.ID), shortened(badges.CarriedName(launch.Context.Title))
		who.Teacher = launch.Roles.Instructor()
		who.Mentor = launch.Roles.Mentor() && len(launch.MentorOf) > 0
	}
	return h.Sessions.Begin(who)
}

// shortened returns title cut to the length that a page shows.
func shortened(title string) string {
	const longest = 120
	if runes := []rune(title); len(runes) > longest {
		return string(runes[:longest-1]) + "…"
	}
	return title
}

// saveArrival saves the course and the person, and requests a reading of the course.
func saveArrival(ctx context.Context, tx *store.Tx, launch lti.Launch, who page.Session) error {
	if name := badges.CarriedName(launch.PlatformName); name != "" && name != launch.Registration.Name {
		if err := tx.NamePlatform(ctx, who.Course.Platform, name); err != nil {
			return err
		}
	}
	return tx.Arrive(ctx, store.Arrival{
		Course:   badges.Course{CourseKey: who.Course, Title: badges.CarriedName(launch.Context.Title), Label: badges.CarriedName(launch.Context.Label)},
		Services: launch.Services, History: readHistory(launch.Custom[connect.HistoryParameter]),
		Member: badges.Member{
			User: who.User, Name: launch.Name, Email: launch.Email, Language: launch.Language,
			Active: true, Teaches: launch.Roles.Instructor() || launch.Roles.TestUser(),
		}.Carried(),
		Watches: watchedLearners(launch),
	})
}

// watchedLearners lists the learners that a mentor follows; nil for other roles.
func watchedLearners(launch lti.Launch) []badges.UserID {
	if !launch.Roles.Mentor() {
		return nil
	}
	learners := make([]badges.UserID, len(launch.MentorOf))
	for i, learner := range launch.MentorOf {
		learners[i] = badges.UserID(learner)
	}
	return learners
}

// landing returns the path of the page that a launch opens: the choice of what to
// place, the learner to review, the badge of this course that the link names, or the
// first page for the role.
func (h *Handler) landing(ctx context.Context, tx *store.Tx, launch lti.Launch, who page.Session, named badges.BadgeID) (string, error) {
	switch launch.Message {
	case lti.DeepLinkingRequest:
		return h.startPlacement(ctx, tx, launch, who)
	case lti.SubmissionReviewRequest:
		return "/learners/" + url.PathEscape(launch.Reviewed), nil
	case lti.ResourceLinkRequest:
	}
	switch {
	case named == "":
		return who.Home(), nil
	case who.Teacher:
		return "/badges/" + string(named), nil
	default:
		return "/mine/" + string(named), nil
	}
}

// linkedBadge returns the badge of this course that a link names. If the link was
// copied with its course, that is the copy of the badge. It is empty if there is none.
func linkedBadge(ctx context.Context, tx *store.Tx, course badges.CourseKey, named badges.BadgeID) (badges.BadgeID, error) {
	if named == "" || course.Context == "" {
		return "", nil
	}
	_, err := tx.Badge(ctx, course, named)
	if fault.Is(err, fault.NotFound) {
		named, err = tx.CopyOf(ctx, course, named)
	}
	if fault.Is(err, fault.NotFound) {
		return "", nil // deleted, or not taken over into this course
	}
	return named, err
}
