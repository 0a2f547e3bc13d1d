package web

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/fault"
	"github.com/insigne-badges/insigne/templates"
)

func (s *Server) learnerRoutes(r *mux.Router) {
	r.Handle("", s.member(s.frameHome)).Methods(http.MethodGet, http.MethodHead)
	r.Handle("/mine", s.member(s.myBadges)).Methods(http.MethodGet, http.MethodHead)
	r.Handle("/mine/list", s.member(s.myBadgesList)).Methods(http.MethodGet)
}

// frameHome sends each to the page of the course they came for.
func (s *Server) frameHome(w http.ResponseWriter, r *http.Request, who Session) error {
	if who.Teacher {
		return seeOther(w, r, who.Path("/badges"))
	}
	return seeOther(w, r, who.Path("/mine"))
}

// myBadgesData is the learner's page in the course.
type myBadgesData struct {
	Course   string
	Earned   []earnedBadge
	Progress []progressBadge
	Checking bool // the course is about to be read: the page refreshes itself
	ReadAt   time.Time
}

type earnedBadge struct {
	Badge     badgeView
	State     badges.AssertionState
	AwardedAt time.Time
	ClaimURL  string
	PublicURL string
}

type progressBadge struct {
	Badge    badgeView
	Percent  int
	Criteria []criterion
	Why      string // why the learner cannot earn it at present
	Any      bool   // one of the criteria is enough
}

func (s *Server) myBadges(w http.ResponseWriter, r *http.Request, who Session) error {
	return s.showMyBadges(w, r, who, "learner_badges")
}

// myBadgesList is the part of the page that refreshes itself.
func (s *Server) myBadgesList(w http.ResponseWriter, r *http.Request, who Session) error {
	return s.showMyBadges(w, r, who, "learner_list")
}

func (s *Server) showMyBadges(w http.ResponseWriter, r *http.Request, who Session, name string) error {
	locale := s.locale(r, &who)
	data := myBadgesData{Course: who.Title}
	course, err := s.Store.Course(r.Context(), who.Course)
	if err != nil {
		return err
	}
	data.Checking = !course.Sync.DueAt.After(s.Now()) || course.Sync.Last == nil
	if data.Earned, err = s.earned(r.Context(), who, locale); err != nil {
		return err
	}
	if data.Progress, data.ReadAt, err = s.progress(r.Context(), who, locale); err != nil {
		return err
	}
	return s.render(w, r, locale, name, who.page(locale.T("learner.title", nil), data))
}

func (s *Server) earned(ctx context.Context, who Session, locale templates.Locale) ([]earnedBadge, error) {
	assertions, err := s.Store.AssertionsOf(ctx, who.Course, who.User)
	if err != nil {
		return nil, err
	}
	var list []earnedBadge
	for _, a := range assertions {
		if a.State == badges.Withdrawn {
			continue
		}
		view, err := s.badgeView(ctx, a.Version, locale)
		if err != nil {
			return nil, err
		}
		token, err := s.claims.Token(a.ID)
		if err != nil {
			return nil, err
		}
		e := earnedBadge{Badge: view, State: a.State, AwardedAt: a.AwardedAt, ClaimURL: s.BaseURL + "/claim/" + token}
		if a.Public() {
			e.PublicURL = s.publicURL(a.ID)
		}
		list = append(list, e)
	}
	return list, nil
}

// progress explains the badges not earned yet, from the last reading.
func (s *Server) progress(ctx context.Context, who Session, locale templates.Locale) ([]progressBadge, time.Time, error) {
	active, err := s.Store.ActiveBadges(ctx, who.Course)
	if err != nil {
		return nil, time.Time{}, err
	}
	member, err := s.Store.Member(ctx, who.Course, who.User)
	if err != nil {
		return nil, time.Time{}, err
	}
	observed, readAt, err := s.Store.Evidence(ctx, who.Course, who.User)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return nil, time.Time{}, err
	}
	assertions, err := s.Store.AssertionsOf(ctx, who.Course, who.User)
	if err != nil {
		return nil, time.Time{}, err
	}
	var list []progressBadge
	for _, b := range active {
		if slices.ContainsFunc(assertions, func(a badges.Assertion) bool { return a.Badge == b.ID }) {
			continue
		}
		view, err := s.versionView(ctx, b.Current, locale)
		if err != nil {
			return nil, time.Time{}, err
		}
		d := previewed(badges.Decide(b.Current.Rule, member, observed), locale)
		list = append(list, progressBadge{
			Badge: view, Percent: d.Percent, Criteria: d.Criteria, Why: d.Why, Any: b.Current.Rule.Kind == badges.Any,
		})
	}
	slices.SortStableFunc(list, func(a, b progressBadge) int { return b.Percent - a.Percent })
	return list, readAt, nil
}
