package admin

import (
	"context"
	"io"
	"net/http"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/picture"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/page"
)

// issuerForm is the form that adds or changes an organisation.
type issuerForm struct {
	Issuer    badges.Issuer
	Logo      string // URL of its logo; empty: none
	MaxUpload int    // of a logo, in bytes
	Problem   string
	Action    string
	CSRF      string
	Keys      issuerKeys // of an organisation that was saved
}

// withLogo returns form with the address of the logo.
func (h *Handler) withLogo(form issuerForm) issuerForm {
	form.MaxUpload = picture.MaxUpload
	if form.Issuer.Logo != "" {
		form.Logo = h.PictureURL(form.Issuer.Logo)
	}
	return form
}

func (h *Handler) saveIssuer(w http.ResponseWriter, r *http.Request, admin page.AdminSession) error {
	ctx := r.Context()
	p, err := h.pathPlatform(r)
	if err != nil {
		return err
	}
	issuer := badges.Issuer{
		ID: badges.IssuerID(r.PostFormValue("id")), Platform: p.ID, Name: r.PostFormValue("name"),
		URL: r.PostFormValue("url"), Email: r.PostFormValue("email"), Description: r.PostFormValue("description"),
	}
	issuer.Logo, err = h.readLogo(r)
	if err == nil {
		err = issuer.Validate()
	}
	if fault.Is(err, fault.Invalid) {
		return h.showPlatform(w, r, admin, p, platformData{}, &issuerForm{Issuer: issuer, Problem: page.Message(err, h.Locale(r, nil))})
	}
	if err != nil {
		return err
	}
	if issuer.ID != "" {
		if _, err := h.Store.PlatformIssuer(ctx, p.ID, issuer.ID); err != nil {
			return err
		}
	}
	err = h.Store.Tx(ctx, func(tx *store.Tx) error {
		issuer.ID, err = tx.SaveIssuer(ctx, issuer)
		return err
	})
	if err != nil {
		return err
	}
	h.makeIssuerKeys(ctx, issuer.ID)
	return page.SeeOther(w, r, "/admin/platforms/"+string(p.ID)+"#issuers")
}

// readLogo returns the logo in the form: none if it is to be removed, else an uploaded
// one, which it stores at once, cleaned; else the present one, which can be from a form
// that was refused.
func (h *Handler) readLogo(r *http.Request) (badges.PictureHash, error) {
	present := badges.PictureHash(r.PostFormValue("logo"))
	file, err := page.Uploaded(r, "logo_file")
	if err != nil {
		return present, err
	}
	if file != nil {
		defer func() { _ = file.Close() }() // we only read it
		return h.saveLogo(r.Context(), file, present)
	}
	if present == "" || r.PostFormValue("remove_logo") != "" {
		return "", nil
	}
	_, err = h.Store.Picture(r.Context(), present)
	if fault.Is(err, fault.NotFound) {
		return "", fault.Wrap(err, fault.Invalid, "issuer.logo_missing")
	}
	return present, err
}

// saveLogo stores a logo and returns its hash; present if the file is no picture.
func (h *Handler) saveLogo(ctx context.Context, file io.Reader, present badges.PictureHash) (badges.PictureHash, error) {
	cleaned, err := picture.Clean(file)
	if err != nil {
		return present, err
	}
	err = h.Store.Tx(ctx, func(tx *store.Tx) error { return tx.SavePicture(ctx, cleaned) })
	return badges.PictureHash(cleaned.Hash), err
}
