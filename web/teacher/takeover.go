package teacher

import (
	"context"
	"net/http"
	"slices"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/page"
)

// takeOver is an offer to copy the badges of the course that this one was copied from.
type takeOver struct {
	Source badges.ContextID
	Title  string
	Names  []string
}

// takeOverOf returns an offer for the nearest previous course that has badges without a
// copy here; nil if there is none.
func (h *Handler) takeOverOf(ctx context.Context, who page.Session) (*takeOver, error) {
	history, err := h.Store.History(ctx, who.Course)
	if err != nil {
		return nil, err
	}
	for _, source := range history {
		key := badges.CourseKey{Platform: who.Course.Platform, Context: source}
		left, err := h.notTakenOver(ctx, who.Course, key)
		if err != nil {
			return nil, err
		}
		if len(left) == 0 {
			continue
		}
		course, err := h.Store.Course(ctx, key)
		if err != nil {
			return nil, err
		}
		offer := &takeOver{Source: source, Title: course.Title}
		for _, b := range left {
			offer.Names = append(offer.Names, b.Current.Name)
		}
		return offer, nil
	}
	return nil, nil
}

// notTakenOver returns the badges of a source course that have no copy here.
func (h *Handler) notTakenOver(ctx context.Context, here, source badges.CourseKey) ([]badges.Badge, error) {
	list, err := h.Store.Badges(ctx, source)
	if err != nil {
		return nil, err
	}
	var left []badges.Badge
	for _, b := range list {
		_, err := h.Store.CopyOf(ctx, here, b.ID)
		switch {
		case err == nil:
		case fault.Is(err, fault.NotFound):
			left = append(left, b.Badge)
		default:
			return nil, err
		}
	}
	return left, nil
}

// takeOverBadges copies the content of the badges as drafts, and no awards. Activities
// and groups in their rules are replaced by those with the same names here.
func (h *Handler) takeOverBadges(w http.ResponseWriter, r *http.Request, who page.Session) error {
	ctx := r.Context()
	source := badges.ContextID(r.PostFormValue("source"))
	history, err := h.Store.History(ctx, who.Course)
	if err != nil {
		return err
	}
	if !slices.Contains(history, source) {
		return fault.New(fault.NotFound, "problem.not_found")
	}
	outline, err := h.courseOutline(ctx, who, "")
	if err != nil {
		return err
	}
	left, err := h.notTakenOver(ctx, who.Course, badges.CourseKey{Platform: who.Course.Platform, Context: source})
	if err != nil {
		return err
	}
	err = h.Store.Tx(ctx, func(tx *store.Tx) error {
		for _, b := range slices.Backward(left) { // the oldest first, so that the order is kept
			content := b.Current.Content
			content.Rule = content.Rule.MovedTo(outline)
			if _, err := tx.CopyBadge(ctx, who.Course, b.ID, content, who.User); err != nil {
				return err
			}
		}
		return copySteps(ctx, tx, who, left)
	})
	if err != nil {
		return err
	}
	return page.SeeOther(w, r, who.Path("/badges"))
}

// copySteps makes copies follow each other as their originals do. It keeps steps that a
// teacher has set here meanwhile.
func copySteps(ctx context.Context, tx *store.Tx, who page.Session, originals []badges.Badge) error {
	for _, b := range originals {
		if b.StepAfter == "" {
			continue
		}
		copied, err := tx.CopyOf(ctx, who.Course, b.ID)
		if err != nil {
			return err
		}
		below, err := tx.CopyOf(ctx, who.Course, b.StepAfter)
		if err == nil {
			err = tx.SetStep(ctx, who.Course, copied, below, who.User)
		}
		if err != nil && !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Conflict) {
			return err
		}
	}
	return nil
}
