package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/templates"
)

func (s *Server) learnerRoutes(r *mux.Router) {
	r.Handle("", s.member(s.frameHome)).Methods(http.MethodGet, http.MethodHead)
	r.Handle("/mine", s.member(s.myBadges)).Methods(http.MethodGet, http.MethodHead)
	r.Handle("/mine/list", s.member(s.myBadgesList)).Methods(http.MethodGet)
	r.Handle("/mine/{badge:[0-9a-f-]{36}}", s.member(s.myBadge)).Methods(http.MethodGet, http.MethodHead)
	r.Handle("/learners", s.member(s.watchedLearners)).Methods(http.MethodGet, http.MethodHead)
	r.Handle("/learners/{learner:.+}", s.member(s.learnerPage)).Methods(http.MethodGet, http.MethodHead)
}

// frameHome sends each to the page of the course they came for.
func (s *Server) frameHome(w http.ResponseWriter, r *http.Request, who Session) error {
	return seeOther(w, r, who.Path(homeOf(who)))
}

func homeOf(who Session) string {
	switch {
	case who.Teacher:
		return "/badges"
	case who.Mentor:
		return "/learners"
	default:
		return "/mine"
	}
}

// subject is the learner a page is about, and how much of it.
type subject struct {
	User badges.UserID
	Name string         // of somebody else
	Own  bool           // the reader's own page: only there stand the links that claim
	Only badges.BadgeID // the one badge a link opens; empty for all
}

// myBadgesData is a learner's page in the course, or across all courses of the
// platform when the link stands in none.
type myBadgesData struct {
	subject

	Course   string
	Earned   []earnedBadge
	Progress []progressBadge // that can be earned
	Closed   []progressBadge // that cannot
	Checking bool            // the course is about to be read: the page refreshes itself
	Refresh  string          // from there
	ReadAt   time.Time
}

type earnedBadge struct {
	validity

	Badge     badgeView
	State     badges.AssertionState
	AwardedAt time.Time
	Facts     []credential.Reason
	ClaimURL  string
	PublicURL string
	Earlier   []earnedBadge  // earlier awards of the same badge
	Steps     []earnedBadge  // other steps of the same badge, the highest first
	Next      *progressBadge // the step that can be earned next; nil without one

	badge  badges.BadgeID
	ladder ladder
	height int // how many steps are below
}

func own(who Session) subject { return subject{User: who.User, Own: true} }

func (s *Server) myBadges(w http.ResponseWriter, r *http.Request, who Session) error {
	return s.showLearner(w, r, who, own(who), "learner/badges")
}

// myBadge is the page that a link to one badge opens.
func (s *Server) myBadge(w http.ResponseWriter, r *http.Request, who Session) error {
	about := own(who)
	about.Only = badges.BadgeID(mux.Vars(r)["badge"])
	return s.showLearner(w, r, who, about, "learner/badges")
}

// myBadgesList is the part of the page that refreshes itself.
func (s *Server) myBadgesList(w http.ResponseWriter, r *http.Request, who Session) error {
	about := own(who)
	about.Only = badges.BadgeID(r.URL.Query().Get("badge"))
	return s.showLearner(w, r, who, about, "learner/fragment/badges")
}

// learnerPage shows a learner to whoever teaches the course, and to the
// learner's mentor.
func (s *Server) learnerPage(w http.ResponseWriter, r *http.Request, who Session) error {
	user := badges.UserID(mux.Vars(r)["learner"])
	if user == who.User {
		return s.myBadges(w, r, who)
	}
	if err := s.mayRead(r.Context(), who, user); err != nil {
		return err
	}
	member, err := s.Store.Member(r.Context(), who.Course, user)
	if err != nil {
		return err
	}
	return s.showLearner(w, r, who, subject{User: user, Name: member.Name}, "learner/badges")
}

// mayRead refuses everybody but who teaches the course and the learner's
// mentor.
func (s *Server) mayRead(ctx context.Context, who Session, learner badges.UserID) error {
	if who.Teacher {
		return nil
	}
	if who.Mentor {
		watched, err := s.Store.Watched(ctx, who.Course, who.User)
		if err != nil || slices.Contains(watched, learner) {
			return err
		}
	}
	return fault.New(fault.Forbidden, "problem.learner_forbidden")
}

// watchedData lists the learners a mentor follows.
type watchedData struct {
	Course   string
	Learners []watchedLearner
	More     string // where the next page is asked for; empty on the last
}

// watchedPageSize is how many learners a mentor is shown at once.
const watchedPageSize = 50

type watchedLearner struct {
	Name string
	Path string
}

func (s *Server) watchedLearners(w http.ResponseWriter, r *http.Request, who Session) error {
	locale := s.locale(r, &who)
	if !who.Mentor {
		return fault.New(fault.Forbidden, "problem.learner_forbidden")
	}
	watched, err := s.Store.Watched(r.Context(), who.Course, who.User)
	if err != nil {
		return err
	}
	from := 0
	if text := r.URL.Query().Get("from"); text != "" {
		if from, err = strconv.Atoi(text); err != nil || from < 0 {
			return fault.New(fault.Invalid, "problem.form_unreadable")
		}
	}
	data := watchedData{Course: who.Title}
	page := watched[min(from, len(watched)):min(from+watchedPageSize, len(watched))]
	if from+len(page) < len(watched) {
		data.More = who.Path("/learners?from=" + strconv.Itoa(from+len(page)))
	}
	for _, user := range page {
		member, err := s.Store.Member(r.Context(), who.Course, user)
		if fault.Is(err, fault.NotFound) {
			continue // not of this course, or not read yet
		}
		if err != nil {
			return err
		}
		data.Learners = append(data.Learners, watchedLearner{Name: member.Name, Path: who.Path("/learners/" + url.PathEscape(string(user)))})
	}
	name := "learner/learners"
	if from > 0 {
		name = "learner/fragment/learners"
	}
	return s.render(w, r, locale, name, who.page(locale.T("mentor.title", nil), data))
}

func (s *Server) showLearner(w http.ResponseWriter, r *http.Request, who Session, about subject, name string) error {
	ctx, locale := r.Context(), s.locale(r, &who)
	data := myBadgesData{subject: about, Course: who.Title, Refresh: who.Path("/mine/list?badge=" + url.QueryEscape(string(about.Only)))}
	held, err := s.assertions(ctx, who.Course, about.User)
	if err != nil {
		return err
	}
	known := ladders{}
	if data.Earned, err = s.earned(ctx, held, about, known, locale); err != nil {
		return err
	}
	if who.Course.Context != "" {
		course, err := s.Store.Course(ctx, who.Course)
		if err != nil {
			return err
		}
		data.Checking = about.Own && (!course.Sync.DueAt.After(s.Now()) || course.Sync.Last == nil)
		if data.Progress, data.ReadAt, err = s.progress(ctx, who.Course, about, locale); err != nil {
			return err
		}
		data.Progress, data.Closed = apart(climbing(data.Earned, data.Progress))
	}
	title := locale.T("learner.title", nil)
	if !about.Own {
		title = about.Name
	}
	return s.render(w, r, locale, name, who.page(title, data))
}

// earned lists the badges of assertions, which come the newest first. The steps
// of one badge are one entry.
func (s *Server) earned(ctx context.Context, assertions []badges.Assertion, about subject, known ladders, locale templates.Locale) ([]earnedBadge, error) {
	var list []earnedBadge
	first := map[badges.BadgeID]int{} // where the newest award of a badge stands in the list
	for _, a := range assertions {
		steps, err := s.stepsIn(ctx, known, a.Course)
		if err != nil {
			return nil, err
		}
		rungs := steps.Ladder(a.Badge)
		if a.State == badges.Withdrawn || about.Only != "" && !slices.Contains(rungs, about.Only) {
			continue
		}
		view, err := s.badgeView(ctx, a.Version, locale)
		if err != nil {
			return nil, err
		}
		e := earnedBadge{validity: s.validityOf(a), Badge: view, State: a.State, AwardedAt: a.AwardedAt, Facts: credential.Reasons(a.Facts, locale)}
		e.badge, e.ladder, e.height = a.Badge, ladder{a.Course, rungs[0]}, slices.Index(rungs, a.Badge)
		if about.Own {
			if e.ClaimURL, err = s.Links.Claim(a.ID); err != nil {
				return nil, err
			}
		}
		if a.Public() {
			e.PublicURL = s.Links.Page(a.ID)
		}
		if i, held := first[a.Badge]; held {
			list[i].Earlier = append(list[i].Earlier, e)
			continue
		}
		first[a.Badge] = len(list)
		list = append(list, e)
	}
	return byLadder(list), nil
}

// assertions are those of the course, or of all courses outside of one.
func (s *Server) assertions(ctx context.Context, course badges.CourseKey, user badges.UserID) ([]badges.Assertion, error) {
	if course.Context == "" {
		return s.Store.AssertionsOfPerson(ctx, course.Platform, user)
	}
	return s.Store.AssertionsOf(ctx, course, user)
}

// evidenceOf is what the last readings found about a learner; nothing before the
// first.
func (s *Server) evidenceOf(ctx context.Context, course badges.CourseKey, user badges.UserID) (badges.Evidence, error) {
	known, _, err := s.Store.Evidence(ctx, course, user)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	return known, nil
}
