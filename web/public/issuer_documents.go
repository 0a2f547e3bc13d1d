package public

import (
	"net/http"
	"time"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/internal/fault"
)

// How long caches may keep documents without asking. A key is published long before it
// signs, so a cache that is late by minutes harms nobody.
const (
	definitionsFresh = 5 * time.Minute
	keyFresh         = 24 * time.Hour // a key never changes
)

// issuerProfile serves the profile of an organisation: that of Open Badges 2.0 or, to a
// client that prefers it, that of 3.0.
func (h *Handler) issuerProfile(w http.ResponseWriter, r *http.Request) error {
	issuer, links, err := h.issuer(r)
	if err != nil {
		return err
	}
	d := document{mediaType: offered(r, typeLinkedData, typeJSON, typeCredential, typeCredential2), fresh: definitionsFresh, varies: true}
	if isThree(d.mediaType) {
		d.body, err = h.Documents.Profile(issuer, links)
	} else {
		d.body, err = encoded(h.Documents.Issuer(r.Context(), issuer, links))
	}
	if err != nil {
		return err
	}
	return d.write(w, r)
}

// didDocument serves the DID document of an organisation (did:web method specification,
// section 2.5.2).
func (h *Handler) didDocument(w http.ResponseWriter, r *http.Request) error {
	issuer, links, err := h.issuer(r)
	if err != nil {
		return err
	}
	d := document{mediaType: offered(r, typeDID, typeLinkedData, typeJSON), fresh: definitionsFresh, varies: true}
	if d.body, err = h.Documents.DIDDocument(r.Context(), issuer, links); err != nil {
		return err
	}
	return d.write(w, r)
}

// issuerKey serves one public key of an organisation, as a JSON Web Key or, to a client
// that prefers JSON-LD or says nothing, as the key document of Open Badges 2.0. That
// generation knows RSA keys only, so that of another key there is only the first form.
func (h *Handler) issuerKey(w http.ResponseWriter, r *http.Request) error {
	issuer, links, err := h.issuer(r)
	if err != nil {
		return err
	}
	id := mux.Vars(r)["key"]
	d := document{mediaType: offered(r, typeJWK, typeJSON, typeLinkedData), fresh: keyFresh, varies: true}
	if silent(r) {
		d.mediaType = typeLinkedData // as verifiers of signed 2.0 badges are
	}
	if d.mediaType == typeLinkedData {
		d.body, err = encoded(h.Documents.CryptographicKey(r.Context(), issuer, id, links))
		if fault.Is(err, fault.NotFound) {
			d.mediaType = typeJWK
		}
	}
	if d.mediaType != typeLinkedData {
		d.body, err = h.Documents.JWK(r.Context(), issuer, id)
	}
	if err != nil {
		return err
	}
	return d.write(w, r)
}

// revocations serves the Open Badges 2.0 revocation list of an organisation, which
// verifiers of signed assertions read.
func (h *Handler) revocations(w http.ResponseWriter, r *http.Request) error {
	issuer, links, err := h.issuer(r)
	if err != nil {
		return err
	}
	ended, err := h.Store.Revocations(r.Context(), issuer.ID, links.Base())
	if err != nil {
		return err
	}
	d := document{mediaType: offered(r, typeLinkedData, typeJSON), fresh: credential.StatusFresh, varies: true}
	if d.body, err = encoded(h.Documents.RevocationList(issuer, ended, links)); err != nil {
		return err
	}
	return d.write(w, r)
}

// issuer returns the organisation that the path names, and the addresses for the host
// that was asked.
func (h *Handler) issuer(r *http.Request) (badges.Issuer, credential.Addresses, error) {
	issuer, err := h.Store.Issuer(r.Context(), badges.IssuerID(mux.Vars(r)["issuer"]))
	return issuer, h.linksFor(r), err
}
