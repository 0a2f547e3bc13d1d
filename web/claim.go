package web

import (
	"net/http"
	"time"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/templates"
)

func (s *Server) claimRoutes(r *mux.Router) {
	r.Handle("/claim/{token}", s.public(s.claimPage)).Methods(http.MethodGet, http.MethodHead)
	r.Handle("/claim/{token}", s.public(s.decideClaim)).Methods(http.MethodPost)
}

// claimData is what the claim page shows.
type claimData struct {
	validity

	Badge     badgeView
	Name      string // of the learner
	Email     string
	AwardedAt time.Time
	Given     badges.GivenEvidence // of an award by hand
	State     badges.AssertionState
	ShowName  bool
	ShowFacts bool
	Facts     []credential.Reason
	PublicURL string    // empty until claimed
	Again     bool      // the badge can be earned again
	Replaced  *stepLink // the step that took its place; nil while it counts
	Replaces  string    // the lower step whose place it takes once it is claimed; empty for none
	Action    string    // where the form posts to
}

// claimPage shows a pending badge to whoever holds the link. It changes
// nothing: mail scanners open links.
func (s *Server) claimPage(w http.ResponseWriter, r *http.Request) error {
	a, err := s.assertionOfToken(r)
	if err != nil {
		return err
	}
	return s.showClaim(w, r, a)
}

func (s *Server) assertionOfToken(r *http.Request) (badges.Assertion, error) {
	id, err := s.Links.ParseClaim(mux.Vars(r)["token"])
	if err != nil {
		return badges.Assertion{}, err
	}
	return s.Store.Assertion(r.Context(), id)
}

func (s *Server) showClaim(w http.ResponseWriter, r *http.Request, a badges.Assertion) error {
	a = a.AsLearner()
	locale := s.claimLocale(r, a)
	rememberLanguage(w, r, locale)
	badge, err := s.badgeView(r.Context(), a.Version, locale)
	if err != nil {
		return err
	}
	data := claimData{
		validity: s.validityOf(a), Badge: badge, Name: a.Recipient.Name, Email: a.Recipient.Email, AwardedAt: a.AwardedAt, Given: a.Given(),
		State: a.State, ShowName: a.ShowName, ShowFacts: a.ShowFacts, Facts: credential.Reasons(a.Facts, locale), Action: r.URL.Path,
	}
	if a.Public() {
		data.PublicURL = s.Links.Page(a.ID)
	}
	if data.Again, err = s.renewable(r.Context(), a); err != nil {
		return err
	}
	if data.Replaced, err = s.replacement(r.Context(), a); err != nil {
		return err
	}
	if a.State == badges.Pending || a.State == badges.Declined {
		if data.Replaces, err = award.TakesPlaceOf(r.Context(), s.Store, a, s.Now()); err != nil {
			return err
		}
	}
	title := locale.T("claim.title", map[string]any{"Badge": badge.Name})
	return s.render(w, r, locale, "learner/public/claim", templates.Page{Title: title, Data: data})
}

// claimLocale prefers what the learner picks, then the language of the notice.
func (s *Server) claimLocale(r *http.Request, a badges.Assertion) templates.Locale {
	if r.URL.Query().Get("lang") == "" && a.Recipient.Language != "" {
		if _, err := r.Cookie(languageCookie); err != nil {
			return s.Templates.Locale(a.Recipient.Language)
		}
	}
	return s.locale(r, nil)
}

// decideClaim is the learner's act: accept, decline, or change what is shown.
// Pressing twice, or in two tabs, gives the same result.
func (s *Server) decideClaim(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := parseForm(r); err != nil {
		return err
	}
	a, err := s.assertionOfToken(r)
	if err != nil {
		return err
	}
	decline := r.PostFormValue("decision") == "decline"
	showName, showFacts := r.PostFormValue("show_name") != "", r.PostFormValue("show_facts") != ""
	err = s.Store.Tx(ctx, func(tx *store.Tx) error {
		if decline {
			_, err = s.Awards.Decline(ctx, tx, a.ID)
		} else {
			_, err = s.Awards.Claim(ctx, tx, a.ID, showName, showFacts)
		}
		return err
	})
	if err != nil {
		return err
	}
	return seeOther(w, r, r.URL.Path)
}
