package web

import (
	"encoding/json"
	"net/http"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/openbadges"
	"github.com/insigne-badges/insigne/fault"
)

func (s *Server) versionURL(id badges.VersionID) string { return s.BaseURL + "/badges/" + string(id) }

func (s *Server) issuerURL(id badges.IssuerID) string { return s.BaseURL + "/issuers/" + string(id) }

// assertionJSON serves the hosted Open Badges 2.0 assertion; of a revoked one, and
// of one that a higher step replaced, the standard's 410 answer.
func (s *Server) assertionJSON(w http.ResponseWriter, r *http.Request) error {
	a, err := s.publicAssertion(r)
	if err != nil {
		return err
	}
	if a.State == badges.Revoked {
		return writeDocument(w, http.StatusGone, openbadges.NewRevoked(s.publicURL(a.ID), a.Reason))
	}
	if a.State == badges.Replaced {
		reason, err := s.replacedReason(r.Context(), a)
		if err != nil {
			return err
		}
		return writeDocument(w, http.StatusGone, openbadges.NewRevoked(s.publicURL(a.ID), reason))
	}
	document, err := s.assertionDocument(r, a)
	if err != nil {
		return err
	}
	return writeDocument(w, http.StatusOK, document)
}

func (s *Server) assertionDocument(r *http.Request, a badges.Assertion) (openbadges.Assertion, error) {
	v, err := s.Store.Version(r.Context(), a.Version)
	if err != nil {
		return openbadges.Assertion{}, err
	}
	document, err := openbadges.NewAssertion(s.publicURL(a.ID), s.versionURL(a.Version), s.pictureURL(v.Picture), a.Recipient.Email, a.Salt, a.AwardedAt)
	if !a.ExpiresAt.IsZero() {
		document.Expires = openbadges.Instant(a.ExpiresAt)
	}
	document.Evidence = evidenceDocuments(a, s.Templates.Locale(v.Language))
	return document, err
}

// assertionPNG serves the picture with the assertion baked in.
func (s *Server) assertionPNG(w http.ResponseWriter, r *http.Request) error {
	a, err := s.publicAssertion(r)
	if err != nil {
		return err
	}
	if a.State == badges.Revoked || a.State == badges.Replaced {
		return fault.New(fault.Gone, "problem.gone")
	}
	document, err := s.assertionDocument(r, a)
	if err != nil {
		return err
	}
	payload, err := json.Marshal(document)
	if err != nil {
		return err
	}
	v, err := s.Store.Version(r.Context(), a.Version)
	if err != nil {
		return err
	}
	picture, err := s.Store.Picture(r.Context(), v.Picture)
	if err != nil {
		return err
	}
	baked, err := openbadges.BakePNG(picture.PNG, payload)
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
	narrative := v.Rule.Describe(s.Templates.Locale(v.Language))
	if v.Criteria != "" {
		narrative += "\n\n" + v.Criteria
	}
	document, err := openbadges.NewBadgeClass(openbadges.BadgeClass{
		ID: s.versionURL(v.ID), Name: v.Name, Description: v.Description, Image: s.pictureURL(v.Picture),
		Criteria: openbadges.Criteria{Narrative: narrative}, Issuer: s.issuerURL(v.Issuer), Language: v.Language,
	})
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
	document, err := openbadges.NewIssuer(openbadges.Issuer{
		ID: s.issuerURL(i.ID), Name: i.Name, URL: i.URL, Email: i.Email, Description: i.Description,
	})
	if err != nil {
		return err
	}
	return writeDocument(w, http.StatusOK, document)
}
