package web

import (
	"context"
	"net/http"
	"slices"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/templates"
)

func (s *Server) teacherRoutes(r *mux.Router) {
	get := func(path string, h frameHandler) {
		r.Handle(path, s.teacher(h)).Methods(http.MethodGet, http.MethodHead)
	}
	post := func(path string, h frameHandler) {
		r.Handle(path, s.teacher(h)).Methods(http.MethodPost)
	}
	const badge = "/badges/{badge:[0-9a-f-]{36}}"
	get("/badges", s.badgeList)
	post("/check", s.checkNow)
	post("/badges/take-over", s.takeOverBadges)
	get("/badges/new", s.newBadgeForm)
	post("/badges/new", s.createBadge)
	get("/badges/condition", s.conditionRow)
	get("/badges/group", s.groupRow)
	post("/badges/preview", s.previewForm)
	get(badge, s.badgePage)
	get(badge+"/edit", s.editBadgeForm)
	post(badge+"/edit", s.editBadge)
	get(badge+"/preview", s.previewBadge)
	get(badge+"/rule.json", s.exportRule)
	get(badge+"/recipients", s.recipientsPage)
	get(badge+"/recipients/{assertion:[0-9a-f-]{36}}", s.recipientPage)
	post(badge+"/switch", s.switchBadge)
	post(badge+"/leave-steps", s.leaveSteps)
	post(badge+"/column", s.setColumn)
	post(badge+"/policy", s.setPolicy)
	post(badge+"/release", s.releaseAwards)
	post(badge+"/recipients/{assertion:[0-9a-f-]{36}}/keep", s.keepAward)
	post(badge+"/recipients/{assertion:[0-9a-f-]{36}}/take-back", s.takeBackAward)
	get(badge+"/award", s.awardPage)
	post(badge+"/award", s.awardByHand)
	post(badge+"/endorsed", s.setEndorsed)
	post(badge+"/proposals", s.decideProposals)
	get(badge+"/recipients.csv", s.exportRecipients)
	get("/place/{placement:[0-9a-f-]{36}}", s.placePage)
	post("/place/{placement:[0-9a-f-]{36}}", s.place)
}

// badgeListData is what the teacher's first page shows.
type badgeListData struct {
	Course badges.Course
	Badges []badgeRow
	Ready  bool // the LMS's web services are set up
	Basic  bool // if not, LTI's services are there
	Offer  *takeOver
}

type badgeRow struct {
	badges.Badge
	Counts  badges.Counts
	Picture string
	Rule    string
	Path    string
	Step    int // which step of a ladder, from 1; 0 for none
	Steps   int // of the ladder
}

func (s *Server) badgeList(w http.ResponseWriter, r *http.Request, who Session) error {
	locale := s.locale(r, &who)
	course, err := s.Store.Course(r.Context(), who.Course)
	if err != nil {
		return err
	}
	platform, err := s.Store.Platform(r.Context(), who.Course.Platform)
	if err != nil {
		return err
	}
	services, err := s.Store.Services(r.Context(), who.Course)
	if err != nil {
		return err
	}
	data := badgeListData{Course: course, Ready: platform.Service.Ready(), Basic: services.MembershipsURL != ""}
	if data.Badges, err = s.badgeRows(r.Context(), who, locale); err != nil {
		return err
	}
	if data.Offer, err = s.takeOverOf(r.Context(), who); err != nil {
		return err
	}
	return s.render(w, r, locale, "teacher/badges", who.page(locale.T("teacher.badges_title", nil), data))
}

func (s *Server) badgeRows(ctx context.Context, who Session, locale templates.Locale) ([]badgeRow, error) {
	list, err := s.Store.Badges(ctx, who.Course)
	if err != nil {
		return nil, err
	}
	list = badges.InSteps(list, func(b store.CountedBadge) badges.Badge { return b.Badge })
	var steps badges.Steps
	for _, b := range list {
		steps.Add(b.ID, b.StepAfter)
	}
	rows := make([]badgeRow, len(list))
	for i, b := range list {
		rows[i] = badgeRow{
			Badge: b.Badge, Counts: b.Counts, Picture: s.Links.Picture(b.Current.Picture),
			Rule: b.Current.Rule.Describe(locale), Path: who.Path("/badges/" + string(b.ID)),
		}
		if rungs := steps.Ladder(b.ID); len(rungs) > 1 {
			rows[i].Step, rows[i].Steps = slices.Index(rungs, b.ID)+1, len(rungs)
		}
	}
	return rows, nil
}

// checkNow asks for the course to be read at once.
func (s *Server) checkNow(w http.ResponseWriter, r *http.Request, who Session) error {
	ctx := r.Context()
	err := s.Store.Tx(ctx, func(tx *store.Tx) error {
		return tx.RequestSync(ctx, who.Course, badges.ByTeacher)
	})
	if err != nil {
		return err
	}
	return seeOther(w, r, who.Path("/badges?checking=1"))
}
