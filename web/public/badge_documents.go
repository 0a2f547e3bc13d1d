package public

import (
	"cmp"
	"net/http"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/web/page"
)

// badgeDocument serves a badge version: the badge class of Open Badges 2.0 or, to a
// client that prefers it, the achievement of 3.0.
func (h *Handler) badgeDocument(w http.ResponseWriter, r *http.Request) error {
	v, err := h.Store.PublicVersion(r.Context(), badges.VersionID(mux.Vars(r)["version"]))
	if err != nil {
		return err
	}
	issuer, err := h.Store.Issuer(r.Context(), v.Issuer)
	if err != nil {
		return err
	}
	language, links := cmp.Or(mux.Vars(r)["language"], v.Language), h.linksFor(r)
	d := document{mediaType: offered(r, typeLinkedData, typeJSON, typeCredential, typeCredential2), fresh: definitionsFresh, varies: true}
	if isThree(d.mediaType) {
		d.body, err = h.Documents.Achievement(v, issuer, language, links)
	} else {
		d.body, err = encoded(h.Documents.BadgeClass(v, issuer, language, links))
	}
	if err != nil {
		return err
	}
	return d.write(w, r)
}

// ruleSchema serves the JSON schema of rule files.
func (h *Handler) ruleSchema(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Cache-Control", "public, max-age=86400")
	return page.WriteBytes(w, "application/schema+json", badges.RuleSchema())
}
