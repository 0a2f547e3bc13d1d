package public

import (
	"context"
	"net/http"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/picture"
)

// assertionJSON serves the hosted Open Badges 2.0 assertion. If the award was revoked or
// replaced, it answers 410 with the reason, as the standard requires. If it was erased, it
// answers 410 with a problem, like every other address of the award.
func (h *Handler) assertionJSON(w http.ResponseWriter, r *http.Request) error {
	award, err := credential.ReadHosted(r.Context(), h.reader(), pathAssertion(r))
	if err != nil {
		return err
	}
	var value any
	d := document{mediaType: typeLinkedData, varies: true}
	if offered(r, typeLinkedData, typeJSON) == typeJSON {
		d.mediaType = typeJSON
	}
	value, err = h.Documents.Assertion(award)
	if fault.Is(err, fault.Gone) {
		d.status = http.StatusGone
		value, err = h.Documents.Revoked(award), nil
	}
	if err != nil {
		return err
	}
	if d.body, err = encode(value); err != nil {
		return err
	}
	return d.write(w, r)
}

// signedAssertion serves the signed Open Badges 2.0 assertion.
func (h *Handler) signedAssertion(w http.ResponseWriter, r *http.Request) error {
	award, err := h.publicAward(r)
	if err != nil {
		return err
	}
	signed, err := h.Documents.Signed(r.Context(), award)
	if err != nil {
		return err
	}
	return document{mediaType: typeJOSE, body: []byte(signed)}.write(w, r)
}

// credential serves the Open Badges 3.0 credential, with an embedded proof or, to a
// client that prefers it, as a JWT.
func (h *Handler) credential(w http.ResponseWriter, r *http.Request) error {
	mediaType := offered(r, typeCredential, typeCredential2, typeLinkedData, typeJSON, typeVCJWT, typeJWT)
	if isJWT(mediaType) {
		return h.writeJWT(w, r, mediaType, true)
	}
	award, err := h.credentialAward(r)
	if err != nil {
		return err
	}
	body, err := h.Documents.Credential(r.Context(), award)
	if err != nil {
		return err
	}
	return document{mediaType: mediaType, body: body, varies: true}.write(w, r)
}

// credentialJWT serves the Open Badges 3.0 credential as a JWT.
func (h *Handler) credentialJWT(w http.ResponseWriter, r *http.Request) error {
	return h.writeJWT(w, r, typeJWT, false)
}

func (h *Handler) writeJWT(w http.ResponseWriter, r *http.Request, mediaType string, varies bool) error {
	award, err := h.credentialAward(r)
	if err != nil {
		return err
	}
	token, err := h.Documents.JWT(r.Context(), award)
	if err != nil {
		return err
	}
	return document{mediaType: mediaType, body: []byte(token), varies: varies}.write(w, r)
}

// assertionPNG serves the badge's picture with the documents baked in.
func (h *Handler) assertionPNG(w http.ResponseWriter, r *http.Request) error {
	return h.writeFile(w, r, document{mediaType: "image/png", ending: ".png"}, h.Documents.PNG)
}

// assertionSVG is assertionPNG for the scalable picture.
func (h *Handler) assertionSVG(w http.ResponseWriter, r *http.Request) error {
	return h.writeFile(w, r, document{mediaType: "image/svg+xml", ending: ".svg"}, h.Documents.SVG)
}

// writeFile answers with what carry makes of an award and the badge's picture.
func (h *Handler) writeFile(w http.ResponseWriter, r *http.Request, d document,
	carry func(context.Context, credential.Award, picture.Picture) ([]byte, error),
) error {
	award, err := h.credentialAward(r)
	if err != nil {
		return err
	}
	p, err := h.Store.Picture(r.Context(), award.Version.Picture)
	if err != nil {
		return err
	}
	if d.body, err = carry(r.Context(), award, p); err != nil {
		return err
	}
	return d.write(w, r)
}

// assertionPDF serves the certificate of an award. ?paper=a4 and ?paper=letter choose the
// size of the page; without it, it is the one that is usual where the learner lives. The
// error is page.ErrBusy if too many certificates are being made.
func (h *Handler) assertionPDF(w http.ResponseWriter, r *http.Request) error {
	award, err := h.credentialAward(r)
	if err != nil {
		return err
	}
	d := document{mediaType: "application/pdf", ending: ".pdf"}
	if d.body, err = h.certificate(r.Context(), award, credential.Paper(r.URL.Query().Get("paper"))); err != nil {
		return err
	}
	return d.write(w, r)
}

// certificate makes a certificate when it is its turn. The turn ends before the answer is
// written, so that a slow reader keeps nobody waiting.
func (h *Handler) certificate(ctx context.Context, award credential.Award, paper credential.Paper) ([]byte, error) {
	done, err := h.certificates.take(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	var pictures credential.Pictures
	if pictures.Badge, err = h.Store.Picture(ctx, award.Version.Picture); err != nil {
		return nil, err
	}
	if award.Issuer.Logo != "" {
		if pictures.Logo, err = h.Store.Picture(ctx, award.Issuer.Logo); err != nil {
			return nil, err
		}
	}
	return h.Documents.PDF(ctx, award, pictures, paper)
}

// publicAward returns the award that the path names. The error is fault.NotFound if it
// is not public, such as a pending or declined award.
func (h *Handler) publicAward(r *http.Request) (credential.Award, error) {
	return credential.Read(r.Context(), h.reader(), pathAssertion(r))
}

// credentialAward is publicAward with the entries in status lists, which signed
// documents have.
func (h *Handler) credentialAward(r *http.Request) (credential.Award, error) {
	return credential.ReadWithStatus(r.Context(), h.reader(), pathAssertion(r))
}

func pathAssertion(r *http.Request) badges.AssertionID {
	return badges.AssertionID(mux.Vars(r)["assertion"])
}
