package web

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/templates"
)

func (s *Server) publicRoutes(r *mux.Router) {
	get := func(path string, h handler) {
		r.Handle(path, s.public(h)).Methods(http.MethodGet, http.MethodHead)
	}
	get("/", s.homePage)
	get("/v/{assertion:[0-9a-f-]{36}}", s.publicPage)
	get("/v/{assertion:[0-9a-f-]{36}}.json", s.assertionJSON)
	get("/v/{assertion:[0-9a-f-]{36}}.png", s.assertionPNG)
	get("/badges/{version:[0-9a-f-]{36}}", s.badgeClass)
	get("/issuers/{issuer:[0-9a-f-]{36}}", s.issuerProfile)
	get("/schemas/rule.json", s.ruleSchema)
	get("/pictures/{hash:[0-9a-f]{64}}.png", s.picturePNG)
}

// badgeView is what every page shows of a badge version.
type badgeView struct {
	Name, Description string
	Criteria          string // the teacher's own words
	Rule              string // the rule in one sentence, in the reader's language
	Language          string // of the texts
	Picture           string // URL
	ValidMonths       int    // 0: without end
	Issuer            badges.Issuer
}

func (s *Server) badgeView(ctx context.Context, id badges.VersionID, locale templates.Locale) (badgeView, error) {
	v, err := s.Store.Version(ctx, id)
	if err != nil {
		return badgeView{}, err
	}
	return s.versionView(ctx, v, locale)
}

func (s *Server) versionView(ctx context.Context, v badges.Version, locale templates.Locale) (badgeView, error) {
	issuer, err := s.Store.Issuer(ctx, v.Issuer)
	if err != nil {
		return badgeView{}, err
	}
	return s.viewOf(v, issuer, locale), nil
}

func (s *Server) viewOf(v badges.Version, issuer badges.Issuer, locale templates.Locale) badgeView {
	return badgeView{
		Name: v.Name, Description: v.Description, Criteria: v.Criteria, Rule: v.Rule.Describe(locale),
		Language: v.Language, Picture: s.Links.Picture(v.Picture), Issuer: issuer, ValidMonths: v.ValidMonths,
	}
}

// homePage says what this address is to somebody who typed it.
func (s *Server) homePage(w http.ResponseWriter, r *http.Request) error {
	locale := s.locale(r, nil)
	rememberLanguage(w, r, locale)
	return s.render(w, r, locale, "public/home", templates.Page{Title: locale.T("public.home_title", nil)})
}

// publicData is what anybody sees of a claimed badge.
type publicData struct {
	validity

	Badge     badgeView
	Name      string              // empty without the learner's consent
	Facts     []credential.Reason // likewise
	AwardedAt time.Time
	Given     badges.GivenEvidence // of an award by hand
	Revoked   bool
	Reason    string
	Replaced  *stepLink // the step that took its place; nil while it counts
	URL       string
	JSON, PNG string // the addresses of its documents
	LinkedIn  string
	Earlier   *chainLink // public awards of the same badge to the same learner
	Newer     *chainLink
}

// publicPage shows a claimed badge, or its document to a machine.
func (s *Server) publicPage(w http.ResponseWriter, r *http.Request) error {
	if wantsJSON(r) {
		return s.assertionJSON(w, r)
	}
	award, err := s.publicAward(r)
	if err != nil {
		return err
	}
	locale := s.locale(r, nil)
	rememberLanguage(w, r, locale)
	data := s.publicData(award, locale)
	if data.Earlier, data.Newer, err = s.neighbours(r.Context(), award.Assertion); err != nil {
		return err
	}
	return s.render(w, r, locale, "public/badge", templates.Page{Title: data.Badge.Name, Data: data})
}

// publicAward returns the award of the path if it is public; pending and declined
// ones are as unknown as any other address.
func (s *Server) publicAward(r *http.Request) (credential.Award, error) {
	return credential.Read(r.Context(), s.Store, badges.AssertionID(mux.Vars(r)["assertion"]))
}

// publicData is the page of an award, but for the other awards it leads to.
func (s *Server) publicData(award credential.Award, locale templates.Locale) publicData {
	a := award.Assertion
	return publicData{
		validity: s.validityOf(a), Badge: s.viewOf(award.Version, award.Issuer, locale), AwardedAt: a.AwardedAt,
		Name: a.PublicName(), Facts: credential.Reasons(a.PublicFacts(), locale), Given: a.PublicGiven(),
		Revoked: a.State == badges.Revoked, Reason: a.Reason, Replaced: s.replacementLink(award.Replacement),
		URL: s.Links.Page(a.ID), JSON: s.Links.JSON(a.ID), PNG: s.Links.PNG(a.ID), LinkedIn: s.Links.LinkedIn(award),
	}
}

// picturePNG serves a badge's picture. Its address holds its hash, so it never
// changes and may be kept for ever.
func (s *Server) picturePNG(w http.ResponseWriter, r *http.Request) error {
	hash := badges.PictureHash(mux.Vars(r)["hash"])
	p, ready := s.readyPicture(hash)
	if !ready {
		var err error
		if p, err = s.Store.Picture(r.Context(), hash); err != nil {
			return err
		}
	}
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	return writeBytes(w, "image/png", p.PNG)
}

func writeBytes(w http.ResponseWriter, mediaType string, body []byte) error {
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	// A reader that has gone is no error of ours.
	_, _ = w.Write(body) //nolint:gosec // no page: pictures and tables, of a stated type that browsers do not guess (nosniff)
	return nil
}

// writeDocument answers with an Open Badges document, readable by scripts of
// any site: passports and validators run in browsers.
func writeDocument(w http.ResponseWriter, status int, document any) error {
	body, err := json.MarshalIndent(document, "", "  ")
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Content-Type", "application/ld+json; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	// A reader that has gone is no error of ours.
	_, _ = w.Write(body)
	return nil
}
