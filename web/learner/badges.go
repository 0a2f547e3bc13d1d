package learner

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/view"
)

// subject says which learner a page is about, and which badges it shows.
type subject struct {
	User badges.UserID
	Name string         // of the learner; empty on the learner's own page
	Own  bool           // the reader is the learner: only then the page has links that claim
	Only badges.BadgeID // show only this badge and its steps; empty for all badges

	awards string // path of the learner's own awards
}

// myBadgesData is a learner's page in a course. If the link is in no course, it shows
// all courses of the platform.
type myBadgesData struct {
	subject

	Course   string
	Earned   []earnedBadge
	Progress []progressBadge // badges that can be earned
	Closed   []progressBadge // badges that cannot be earned
	Checking bool            // the course will be read soon, so the page refreshes itself
	Refresh  string          // address for the refresh
	ReadAt   time.Time
}

type earnedBadge struct {
	view.Validity

	Badge     view.Badge
	State     badges.AssertionState
	AwardedAt time.Time
	Facts     []credential.Reason
	ClaimURL  string
	PublicURL string
	ErasePath string         // of the page that erases it; empty for others than the learner
	Address   string         // path of the page where the learner gives an address, which the claim needs; empty if it needs none
	Previous  []earnedBadge  // previous awards of the same badge
	Steps     []earnedBadge  // other steps of the ladder, the highest first
	Next      *progressBadge // the next step that can be earned; nil if there is none

	badge  badges.BadgeID
	ladder ladder
	height int // number of lower steps
}

func ownPage(who page.Session) subject {
	return subject{User: who.User, Own: true, awards: who.Path("/mine/awards/")}
}

func (h *Handler) myBadges(w http.ResponseWriter, r *http.Request, who page.Session) error {
	return h.showLearner(w, r, who, ownPage(who), "learner/badges")
}

// myBadge shows the page that a link to one badge opens.
func (h *Handler) myBadge(w http.ResponseWriter, r *http.Request, who page.Session) error {
	about := ownPage(who)
	about.Only = badges.BadgeID(mux.Vars(r)["badge"])
	return h.showLearner(w, r, who, about, "learner/badges")
}

// myBadgesList shows the part of the page that refreshes itself.
func (h *Handler) myBadgesList(w http.ResponseWriter, r *http.Request, who page.Session) error {
	about := ownPage(who)
	about.Only = badges.BadgeID(r.URL.Query().Get("badge"))
	return h.showLearner(w, r, who, about, "learner/fragment/badges")
}

// learnerPage shows a learner to a teacher of the course or to the learner's mentor.
func (h *Handler) learnerPage(w http.ResponseWriter, r *http.Request, who page.Session) error {
	user := badges.UserID(mux.Vars(r)["learner"])
	if user == who.User {
		return h.myBadges(w, r, who)
	}
	if err := h.mayRead(r.Context(), who, user); err != nil {
		return err
	}
	member, err := h.Store.Member(r.Context(), who.Course, user)
	if err != nil {
		return err
	}
	return h.showLearner(w, r, who, subject{User: user, Name: member.Name}, "learner/badges")
}

// mayRead returns fault.Forbidden unless the reader teaches the course or is the
// learner's mentor.
func (h *Handler) mayRead(ctx context.Context, who page.Session, learner badges.UserID) error {
	if who.Teacher {
		return nil
	}
	if who.Mentor {
		watched, err := h.Store.Watched(ctx, who.Course, who.User)
		if err != nil || slices.Contains(watched, learner) {
			return err
		}
	}
	return fault.New(fault.Forbidden, "problem.learner_forbidden")
}

func (h *Handler) showLearner(w http.ResponseWriter, r *http.Request, who page.Session, about subject, name string) error {
	ctx, locale := r.Context(), h.Locale(r, &who)
	data := myBadgesData{subject: about, Course: who.Title, Refresh: who.Path("/mine/list?badge=" + url.QueryEscape(string(about.Only)))}
	awards, err := h.assertions(ctx, who.Course, about.User)
	if err != nil {
		return err
	}
	cache := ladders{}
	if data.Earned, err = h.earned(ctx, awards, about, cache, locale); err != nil {
		return err
	}
	if who.Course.Context != "" {
		course, err := h.Store.Course(ctx, who.Course)
		if err != nil {
			return err
		}
		data.Checking = about.Own && (!course.Sync.DueAt.After(h.Now()) || course.Sync.Last == nil)
		if data.Progress, data.ReadAt, err = h.progress(ctx, who.Course, about, locale); err != nil {
			return err
		}
		data.Progress, data.Closed = separateClosed(joinNextSteps(data.Earned, data.Progress))
	}
	title := locale.T("learner.title", nil)
	if !about.Own {
		title = about.Name
	}
	return h.Show(w, r, locale, name, who.Page(title, data))
}

// earned returns the badges of assertions, which must be in order, the newest first.
// The steps of a ladder are one entry.
func (h *Handler) earned(ctx context.Context, assertions []badges.Assertion, about subject, cache ladders, locale templates.Locale) ([]earnedBadge, error) {
	var list []earnedBadge
	first := map[badges.BadgeID]int{} // index in list of the newest award of a badge
	for _, a := range assertions {
		ofCourse, err := h.stepsIn(ctx, cache, a.Course)
		if err != nil {
			return nil, err
		}
		steps := ofCourse.Ladder(a.Badge)
		if a.State == badges.Withdrawn || about.Only != "" && !slices.Contains(steps, about.Only) {
			continue
		}
		badge, err := h.Views.Badge(ctx, a.Version, locale)
		if err != nil {
			return nil, err
		}
		e := earnedBadge{Validity: h.Views.Validity(a), Badge: badge, State: a.State, AwardedAt: a.AwardedAt, Facts: credential.Reasons(a.Facts, locale)}
		e.badge, e.ladder, e.height = a.Badge, ladder{a.Course, steps[0]}, slices.Index(steps, a.Badge)
		switch {
		case !about.Own:
		case a.AwaitsAddress():
			e.Address = about.awards + string(a.ID) + "/address"
		default:
			if e.ClaimURL, err = h.Links.Claim(a.ID); err != nil {
				return nil, err
			}
			e.ErasePath = about.awards + string(a.ID) + "/erase"
		}
		if a.Public() {
			e.PublicURL = h.Links.Page(a.ID)
		}
		if i, seen := first[a.Badge]; seen {
			list[i].Previous = append(list[i].Previous, e)
			continue
		}
		first[a.Badge] = len(list)
		list = append(list, e)
	}
	return byLadder(list), nil
}

// assertions returns the awards in the course. Without a course it returns those in all
// courses of the platform.
func (h *Handler) assertions(ctx context.Context, course badges.CourseKey, user badges.UserID) ([]badges.Assertion, error) {
	if course.Context == "" {
		return h.Store.AssertionsOfPerson(ctx, course.Platform, user)
	}
	return h.Store.AssertionsOf(ctx, course, user)
}
