package web

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/fault"
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
	return badgeView{
		Name: v.Name, Description: v.Description, Criteria: v.Criteria, Rule: v.Rule.Describe(locale),
		Language: v.Language, Picture: s.pictureURL(v.Picture), Issuer: issuer, ValidMonths: v.ValidMonths,
	}, nil
}

func (s *Server) publicURL(id badges.AssertionID) string { return s.BaseURL + "/v/" + string(id) }

func (s *Server) pictureURL(hash badges.PictureHash) string {
	return s.BaseURL + "/pictures/" + string(hash) + ".png"
}

// homePage says what this address is to somebody who typed it.
func (s *Server) homePage(w http.ResponseWriter, r *http.Request) error {
	locale := s.locale(r, nil)
	rememberLanguage(w, r, locale)
	return s.render(w, r, locale, "public_home", templates.Page{Title: locale.T("public.home_title", nil)})
}

// publicData is what anybody sees of a claimed badge.
type publicData struct {
	validity

	Badge     badgeView
	Name      string     // empty without the learner's consent
	Facts     []factLine // likewise
	AwardedAt time.Time
	Given     badges.GivenEvidence // of an award by hand
	Revoked   bool
	Reason    string
	Replaced  *stepLink // the step that took its place; nil while it counts
	URL       string
	LinkedIn  string
	Earlier   *chainLink // public awards of the same badge to the same learner
	Newer     *chainLink
}

// publicPage shows a claimed badge, or its document to a machine.
func (s *Server) publicPage(w http.ResponseWriter, r *http.Request) error {
	if wantsJSON(r) {
		return s.assertionJSON(w, r)
	}
	a, err := s.publicAssertion(r)
	if err != nil {
		return err
	}
	locale := s.locale(r, nil)
	rememberLanguage(w, r, locale)
	badge, err := s.badgeView(r.Context(), a.Version, locale)
	if err != nil {
		return err
	}
	data := publicData{
		validity: s.validityOf(a), Badge: badge, Name: a.PublicName(), AwardedAt: a.AwardedAt, Given: a.PublicGiven(), Revoked: a.State == badges.Revoked, Reason: a.Reason,
		URL: s.publicURL(a.ID), LinkedIn: linkedIn(badge, a, s.publicURL(a.ID)),
	}
	if data.Replaced, err = s.replacement(r.Context(), a); err != nil {
		return err
	}
	if data.Earlier, data.Newer, err = s.neighbours(r.Context(), a); err != nil {
		return err
	}
	if a.State != badges.Revoked {
		data.Facts = why(a.PublicFacts(), locale)
	}
	return s.render(w, r, locale, "public_badge", templates.Page{Title: badge.Name, Data: data})
}

// publicAssertion returns the assertion of the path if it is public; pending
// and declined ones are as unknown as any other address.
func (s *Server) publicAssertion(r *http.Request) (badges.Assertion, error) {
	a, err := s.Store.Assertion(r.Context(), badges.AssertionID(mux.Vars(r)["assertion"]))
	if err == nil && !a.Public() {
		err = fault.New(fault.NotFound, "problem.no_badge")
	}
	return a, err
}

// linkedIn returns the link that fills in LinkedIn's "Licenses &
// certifications" form.
func linkedIn(badge badgeView, a badges.Assertion, public string) string {
	fields := url.Values{
		"startTask":        {"CERTIFICATION_NAME"},
		"name":             {badge.Name},
		"organizationName": {badge.Issuer.Name},
		"issueYear":        {strconv.Itoa(a.AwardedAt.Year())},
		"issueMonth":       {strconv.Itoa(int(a.AwardedAt.Month()))},
		"certUrl":          {public},
		"certId":           {string(a.ID)},
	}
	if ends := a.ExpiresAt; !ends.IsZero() {
		fields.Set("expirationYear", strconv.Itoa(ends.Year()))
		fields.Set("expirationMonth", strconv.Itoa(int(ends.Month())))
	}
	return "https://www.linkedin.com/profile/add?" + fields.Encode()
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
	_, _ = w.Write(body)
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
