package teacher

import (
	"context"
	"net/http"
	"slices"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/page"
)

// badgeListData is the teacher's first page.
type badgeListData struct {
	Course badges.Course
	Badges []badgeRow
	Ready  bool // the LMS's web services are set up
	Basic  bool // the LMS offers the roster over LTI, which is enough for some rules
	Offer  *takeOver
}

type badgeRow struct {
	badges.Badge
	Counts  badges.Counts
	Picture string
	Rule    string
	Path    string
	Step    int // number of the step in its ladder, from 1; 0 if it has no ladder
	Steps   int // number of steps in the ladder
}

func (h *Handler) badgeList(w http.ResponseWriter, r *http.Request, who page.Session) error {
	locale := h.Locale(r, &who)
	course, err := h.Store.Course(r.Context(), who.Course)
	if err != nil {
		return err
	}
	platform, err := h.Store.Platform(r.Context(), who.Course.Platform)
	if err != nil {
		return err
	}
	services, err := h.Store.Services(r.Context(), who.Course)
	if err != nil {
		return err
	}
	data := badgeListData{Course: course, Ready: platform.Service.Ready(), Basic: services.MembershipsURL != ""}
	if data.Badges, err = h.badgeRows(r.Context(), who, locale); err != nil {
		return err
	}
	if data.Offer, err = h.takeOverOf(r.Context(), who); err != nil {
		return err
	}
	return h.Show(w, r, locale, "teacher/badges", who.Page(locale.T("teacher.badges_title", nil), data))
}

func (h *Handler) badgeRows(ctx context.Context, who page.Session, locale templates.Locale) ([]badgeRow, error) {
	list, err := h.Store.Badges(ctx, who.Course)
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
			Badge: b.Badge, Counts: b.Counts, Picture: h.Links.Picture(b.Current.Picture),
			Rule: b.Current.Rule.Describe(locale), Path: who.Path("/badges/" + string(b.ID)),
		}
		if ladder := steps.Ladder(b.ID); len(ladder) > 1 {
			rows[i].Step, rows[i].Steps = slices.Index(ladder, b.ID)+1, len(ladder)
		}
	}
	return rows, nil
}

// checkNow requests a reading of the course, at once.
func (h *Handler) checkNow(w http.ResponseWriter, r *http.Request, who page.Session) error {
	ctx := r.Context()
	err := h.Store.Tx(ctx, func(tx *store.Tx) error {
		return tx.RequestSync(ctx, who.Course, badges.ByTeacher)
	})
	if err != nil {
		return err
	}
	return page.SeeOther(w, r, who.Path("/badges?checking=1"))
}
