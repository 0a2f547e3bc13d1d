package teacher

import (
	"net/http"

	"github.com/insigne-badges/insigne/web/page"
)

// setColumn adds the badge's column to the LMS's gradebook, or removes it.
func (h *Handler) setColumn(w http.ResponseWriter, r *http.Request, who page.Session) error {
	badge, err := h.pathBadge(r, who)
	if err != nil {
		return err
	}
	if r.PostFormValue("column") == "on" {
		err = h.Columns.Add(r.Context(), badge)
	} else {
		err = h.Columns.Remove(r.Context(), who.Course, badge.ID)
	}
	if err != nil {
		return err
	}
	return page.SeeOther(w, r, who.Path("/badges/"+string(badge.ID)))
}
