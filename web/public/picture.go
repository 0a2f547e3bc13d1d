package public

import (
	"net/http"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/web/page"
)

// picturePNG serves the picture of a badge. The address contains the hash of the
// picture, so the content never changes and caches may keep it.
func (h *Handler) picturePNG(w http.ResponseWriter, r *http.Request) error {
	hash := badges.PictureHash(mux.Vars(r)["hash"])
	p, err := h.ReadyMade.Read(string(hash))
	if fault.Is(err, fault.NotFound) {
		p, err = h.Store.Picture(r.Context(), hash)
	}
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	return page.WriteBytes(w, "image/png", p.PNG)
}
