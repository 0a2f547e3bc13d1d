package teacher

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/view"
)

// stepsData is the part of a badge's page about its steps.
type stepsData struct {
	Steps  []view.StepLink // the lowest first; empty if the badge has no other steps
	Drafts string          // names of the higher steps that are drafts
	Next   string          // address of the form for the next step; empty if there is one
	Leave  bool            // the badge can be taken out of its ladder
}

func (h *Handler) stepsOf(ctx context.Context, who page.Session, badge badges.Badge) (stepsData, error) {
	var data stepsData
	steps, err := h.Store.Steps(ctx, who.Course)
	if err != nil {
		return data, err
	}
	ladder := steps.Ladder(badge.ID)
	if ladder[len(ladder)-1] == badge.ID {
		data.Next = who.Path("/badges/new?after=" + string(badge.ID))
	}
	if len(ladder) == 1 {
		return data, nil
	}
	data.Leave = badge.State == badges.Draft
	var drafts []string
	above := steps.Above(badge.ID)
	for _, id := range ladder {
		b, err := h.Store.Badge(ctx, who.Course, id)
		if err != nil {
			return data, err
		}
		data.Steps = append(data.Steps, view.StepLink{Name: b.Current.Name, Path: who.Path("/badges/" + string(id)), State: b.State, Here: id == badge.ID})
		if b.State == badges.Draft && slices.Contains(above, id) {
			drafts = append(drafts, b.Current.Name)
		}
	}
	data.Drafts = strings.Join(drafts, ", ")
	return data, nil
}

// draftsAbove lists the steps above a badge that are drafts, the lowest first.
func (h *Handler) draftsAbove(ctx context.Context, who page.Session, badge badges.BadgeID) ([]badges.Badge, error) {
	steps, err := h.Store.Steps(ctx, who.Course)
	if err != nil {
		return nil, err
	}
	var drafts []badges.Badge
	for _, id := range steps.Above(badge) {
		b, err := h.Store.Badge(ctx, who.Course, id)
		if err != nil {
			return nil, err
		}
		if b.State == badges.Draft {
			drafts = append(drafts, b)
		}
	}
	return drafts, nil
}

// leaveSteps takes a draft out of its ladder.
func (h *Handler) leaveSteps(w http.ResponseWriter, r *http.Request, who page.Session) error {
	badge, err := h.pathBadge(r, who)
	if err != nil {
		return err
	}
	ctx := r.Context()
	if err := h.Store.Tx(ctx, func(tx *store.Tx) error { return tx.LeaveSteps(ctx, who.Course, badge.ID, who.User) }); err != nil {
		return err
	}
	return page.SeeOther(w, r, who.Path("/badges/"+string(badge.ID)))
}
