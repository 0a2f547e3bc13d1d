package teacher

import (
	"net/http"
	"strconv"

	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/page"
)

// takeBackAll takes back every award of a badge. The teacher confirms the number; if it
// has changed since the page was shown, nothing happens.
func (h *Handler) takeBackAll(w http.ResponseWriter, r *http.Request, who page.Session) error {
	badge, err := h.pathBadge(r, who)
	if err != nil {
		return err
	}
	confirmed, err := strconv.Atoi(r.PostFormValue("confirm"))
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "recipient.unconfirmed")
	}
	ctx, reason := r.Context(), r.PostFormValue("reason")
	err = h.Store.Tx(ctx, func(tx *store.Tx) error {
		_, err := h.Awards.TakeBackAll(ctx, tx, who.Course, badge.ID, who.User, reason, confirmed)
		return err
	})
	if err != nil {
		return err
	}
	return page.SeeOther(w, r, who.Path("/badges/"+string(badge.ID)))
}
