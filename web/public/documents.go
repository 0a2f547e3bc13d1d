package public

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/web/page"
)

// assertionJSON serves the hosted Open Badges 2.0 assertion. If the award is revoked or
// replaced, it answers 410, as the standard requires.
func (h *Handler) assertionJSON(w http.ResponseWriter, r *http.Request) error {
	award, err := h.publicAward(r)
	if err != nil {
		return err
	}
	document, err := h.Documents.Assertion(award)
	if fault.Is(err, fault.Gone) {
		return writeDocument(w, http.StatusGone, h.Documents.Revoked(award))
	}
	if err != nil {
		return err
	}
	return writeDocument(w, http.StatusOK, document)
}

// assertionPNG serves the picture with the assertion baked in.
func (h *Handler) assertionPNG(w http.ResponseWriter, r *http.Request) error {
	award, err := h.publicAward(r)
	if err != nil {
		return err
	}
	picture, err := h.Store.Picture(r.Context(), award.Version.Picture)
	if err != nil {
		return err
	}
	baked, err := h.Documents.PNG(award, picture)
	if err != nil {
		return err
	}
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Content-Disposition", `inline; filename="badge.png"`)
	return page.WriteBytes(w, "image/png", baked)
}

// badgeClass serves the Open Badges 2.0 badge class of a badge version.
func (h *Handler) badgeClass(w http.ResponseWriter, r *http.Request) error {
	v, err := h.Store.PublicVersion(r.Context(), badges.VersionID(mux.Vars(r)["version"]))
	if err != nil {
		return err
	}
	document, err := h.Documents.BadgeClass(v)
	if err != nil {
		return err
	}
	return writeDocument(w, http.StatusOK, document)
}

// issuerProfile serves the Open Badges 2.0 profile of an organisation.
func (h *Handler) issuerProfile(w http.ResponseWriter, r *http.Request) error {
	i, err := h.Store.Issuer(r.Context(), badges.IssuerID(mux.Vars(r)["issuer"]))
	if err != nil {
		return err
	}
	document, err := h.Documents.Issuer(i)
	if err != nil {
		return err
	}
	return writeDocument(w, http.StatusOK, document)
}

// ruleSchema serves the JSON schema of rule files.
func (h *Handler) ruleSchema(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Cache-Control", "public, max-age=86400")
	return page.WriteBytes(w, "application/schema+json", badges.RuleSchema())
}

// writeDocument answers with an Open Badges document. Scripts of any site may read it,
// because some wallets and validators run in browsers.
func writeDocument(w http.ResponseWriter, status int, document any) error {
	body, err := json.MarshalIndent(document, "", "  ")
	if err != nil {
		return err
	}
	header := w.Header()
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Content-Type", "application/ld+json; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	// An error here means that the reader has left. That is no error of ours.
	_, _ = w.Write(body)
	return nil
}
