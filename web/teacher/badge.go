package teacher

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/gradebook"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/view"
)

// badgeData is the teacher's page of one badge.
type badgeData struct {
	Badge      badges.Badge
	View       view.Badge
	Path       string
	Recipients recipientsData
	Gradebook  gradebook.Status
	Review     reviewData
	Release    releaseData
	ByHand     byHandData
	Steps      stepsData

	TakeBackAll int    // how many awards "revoke all" takes back; 0: there are none
	Problem     string // why nobody can meet the rule any more; empty if all is well
}

func (h *Handler) pathBadge(r *http.Request, who page.Session) (badges.Badge, error) {
	return h.Store.Badge(r.Context(), who.Course, badges.BadgeID(mux.Vars(r)["badge"]))
}

func (h *Handler) badgePage(w http.ResponseWriter, r *http.Request, who page.Session) error {
	badge, err := h.pathBadge(r, who)
	if err != nil {
		return err
	}
	locale := h.Locale(r, &who)
	data := badgeData{Badge: badge, Path: who.Path("/badges/" + string(badge.ID))}
	if data.View, err = h.Views.BadgeVersion(r.Context(), badge.Current, locale); err != nil {
		return err
	}
	if data.Recipients, err = h.recipients(r, who, badge.ID, locale); err != nil {
		return err
	}
	if data.TakeBackAll, err = h.Store.CountNotTakenBack(r.Context(), who.Course, badge.ID); err != nil {
		return err
	}
	if data.Gradebook, err = h.Columns.Status(r.Context(), who.Course, badge.ID); err != nil {
		return err
	}
	if data.Release, err = h.releaseOf(r.Context(), who, badge); err != nil {
		return err
	}
	if data.Review, err = h.reviewOf(r.Context(), who, badge, locale); err != nil {
		return err
	}
	if data.ByHand, err = h.byHandOf(r, who, badge); err != nil {
		return err
	}
	if data.Steps, err = h.stepsOf(r.Context(), who, badge); err != nil {
		return err
	}
	outline, err := h.keptOutline(r.Context(), who, badge.ID)
	if err != nil {
		return err
	}
	if len(outline.Activities)+len(outline.LineItems) > 0 { // empty: the course was not read yet
		if err := badge.Current.Rule.CheckAgainst(outline); err != nil {
			data.Problem = page.Message(err, locale)
		}
	}
	return h.Show(w, r, locale, "teacher/badge", who.Page(data.View.Name, data))
}

// switchBadge turns a badge on or off. Switching on also requests a reading of the
// course. If the form asks for it, the higher steps that are drafts are switched on
// too: a learner who earns one of them then gets only that one.
func (h *Handler) switchBadge(w http.ResponseWriter, r *http.Request, who page.Session) error {
	ctx := r.Context()
	badge, err := h.pathBadge(r, who)
	if err != nil {
		return err
	}
	state := badges.BadgeState(r.PostFormValue("state"))
	if state != badges.On && state != badges.Off {
		return fault.New(fault.Invalid, "problem.form_unreadable")
	}
	retroactive, switched := badges.RetroactiveNotify, []badges.Badge{badge}
	if state == badges.On {
		if retroactive, err = badges.ParseRetroactive(cmp.Or(r.PostFormValue("earlier"), string(retroactive))); err != nil {
			return err
		}
		if r.PostFormValue("higher") != "" {
			drafts, err := h.draftsAbove(ctx, who, badge.ID)
			if err != nil {
				return err
			}
			switched = append(switched, drafts...)
		}
		if err := h.checkRules(ctx, who, switched); err != nil {
			return err
		}
	}
	err = h.Store.Tx(ctx, func(tx *store.Tx) error {
		for _, b := range switched {
			if state == badges.On {
				if err := tx.SetRetroactive(ctx, who.Course, b.ID, retroactive, who.User); err != nil {
					return err
				}
			}
			if err := tx.SwitchBadge(ctx, who.Course, b.ID, state, who.User); err != nil {
				return err
			}
		}
		return tx.RequestSync(ctx, who.Course, badges.ByTeacher)
	})
	if err != nil {
		return err
	}
	return page.SeeOther(w, r, who.Path("/badges/"+string(badge.ID)))
}

// checkRules returns an error if nobody can meet the rule of a badge any more, because
// something that it asks about is gone. It leaves out badges by hand, which need no
// LMS.
func (h *Handler) checkRules(ctx context.Context, who page.Session, list []badges.Badge) error {
	list = slices.DeleteFunc(slices.Clone(list), func(b badges.Badge) bool { return b.Current.Rule.IsByHand() })
	if len(list) == 0 {
		return nil
	}
	outline, err := h.courseOutline(ctx, who, "")
	if err != nil {
		return err
	}
	for _, b := range list {
		if err := b.Current.Rule.CheckAgainst(outline.Without(b.ID)); err != nil {
			return err
		}
	}
	return nil
}
