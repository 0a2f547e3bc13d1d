package web

import (
	"net/http"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
)

// assertionJSON serves the hosted Open Badges 2.0 assertion; of a revoked one, and
// of one that a higher step replaced, the standard's 410 answer.
func (s *Server) assertionJSON(w http.ResponseWriter, r *http.Request) error {
	award, err := s.publicAward(r)
	if err != nil {
		return err
	}
	document, err := s.documents.Assertion(award)
	if fault.Is(err, fault.Gone) {
		return writeDocument(w, http.StatusGone, s.documents.Revoked(award))
	}
	if err != nil {
		return err
	}
	return writeDocument(w, http.StatusOK, document)
}

// assertionPNG serves the picture with the assertion baked in.
func (s *Server) assertionPNG(w http.ResponseWriter, r *http.Request) error {
	award, err := s.publicAward(r)
	if err != nil {
		return err
	}
	picture, err := s.Store.Picture(r.Context(), award.Version.Picture)
	if err != nil {
		return err
	}
	baked, err := s.documents.PNG(award, picture)
	if err != nil {
		return err
	}
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Content-Disposition", `inline; filename="badge.png"`)
	return writeBytes(w, "image/png", baked)
}

// badgeClass serves what a claimed badge says.
func (s *Server) badgeClass(w http.ResponseWriter, r *http.Request) error {
	v, err := s.Store.PublicVersion(r.Context(), badges.VersionID(mux.Vars(r)["version"]))
	if err != nil {
		return err
	}
	document, err := s.documents.BadgeClass(v)
	if err != nil {
		return err
	}
	return writeDocument(w, http.StatusOK, document)
}

// issuerProfile serves an issuing organisation.
func (s *Server) issuerProfile(w http.ResponseWriter, r *http.Request) error {
	i, err := s.Store.Issuer(r.Context(), badges.IssuerID(mux.Vars(r)["issuer"]))
	if err != nil {
		return err
	}
	document, err := s.documents.Issuer(i)
	if err != nil {
		return err
	}
	return writeDocument(w, http.StatusOK, document)
}
