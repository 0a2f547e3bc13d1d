package teacher

import (
	"context"
	"net/http"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/picture"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/page"
)

type pictureChoice struct {
	Hash badges.PictureHash
	Name string
	URL  string
}

func (h *Handler) pictureChoices(current badges.PictureHash, locale templates.Locale) []pictureChoice {
	var choices []pictureChoice
	offered := false
	for _, ready := range h.Pictures.All() {
		hash := badges.PictureHash(ready.Hash)
		offered = offered || hash == current
		choices = append(choices, pictureChoice{Hash: hash, Name: locale.T(ready.Key, nil), URL: h.Links.Picture(hash)})
	}
	if current != "" && !offered {
		own := pictureChoice{Hash: current, Name: locale.T("teacher.own_picture", nil), URL: h.Links.Picture(current)}
		choices = append([]pictureChoice{own}, choices...)
	}
	return choices
}

// readPicture returns the picture that the teacher chose. It stores an uploaded picture
// at once, cleaned. Otherwise it takes the ticked one: a ready-made picture, or one
// that was uploaded in an earlier attempt.
func (h *Handler) readPicture(r *http.Request) (badges.PictureHash, error) {
	picked := badges.PictureHash(r.PostFormValue("picture"))
	file, err := page.Uploaded(r, "upload")
	if err != nil {
		return picked, err
	}
	if file != nil {
		defer func() { _ = file.Close() }() // we only read it
		cleaned, err := picture.Clean(file)
		if err != nil {
			return picked, err
		}
		return h.savePicture(r.Context(), cleaned)
	}
	ready, err := h.Pictures.Read(string(picked))
	if err == nil {
		return h.savePicture(r.Context(), ready)
	}
	if !fault.Is(err, fault.NotFound) {
		return picked, err
	}
	if picked == "" {
		return "", fault.New(fault.Invalid, "badge.picture_missing")
	}
	if _, err := h.Store.Picture(r.Context(), picked); err != nil {
		return "", fault.Wrap(err, fault.Invalid, "badge.picture_missing")
	}
	return picked, nil
}

func (h *Handler) savePicture(ctx context.Context, p picture.Picture) (badges.PictureHash, error) {
	err := h.Store.Tx(ctx, func(tx *store.Tx) error { return tx.SavePicture(ctx, p) })
	return badges.PictureHash(p.Hash), err
}
