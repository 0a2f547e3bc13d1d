package learner

import (
	"net/http"
	"time"

	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/view"
)

// eraseData is the page that says what erasing an award means, before it is done.
type eraseData struct {
	Badge     view.Badge
	AwardedAt time.Time
	Action    string // address that the form posts to
}

func (h *Handler) erasePage(w http.ResponseWriter, r *http.Request, who page.Session) error {
	a, err := h.ownAward(r, who)
	if err != nil {
		return err
	}
	locale := h.Locale(r, &who)
	badge, err := h.Views.Badge(r.Context(), a.Version, locale)
	if err != nil {
		return err
	}
	data := eraseData{Badge: badge, AwardedAt: a.AwardedAt, Action: who.Path("/mine/awards/" + string(a.ID) + "/erase")}
	return h.Show(w, r, locale, "learner/erase", who.Page(locale.T("erase.title", map[string]any{"Badge": badge.Name}), data))
}

// eraseAward erases an award of the learner who is signed in. The claim link alone does
// not allow that, because others may have it too.
func (h *Handler) eraseAward(w http.ResponseWriter, r *http.Request, who page.Session) error {
	a, err := h.ownAward(r, who)
	if err != nil {
		return err
	}
	if r.PostFormValue("decision") != "erase" {
		return fault.New(fault.Invalid, "problem.form_unreadable")
	}
	if r.PostFormValue("understood") != "yes" {
		return fault.New(fault.Invalid, "erase.unconfirmed")
	}
	ctx := r.Context()
	if err := h.Store.Tx(ctx, func(tx *store.Tx) error { return h.Awards.Erase(ctx, tx, a.ID) }); err != nil {
		return err
	}
	return page.SeeOther(w, r, who.Path("/mine"))
}
