package learner

import (
	"context"
	"net/http"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/view"
)

// claimData is the claim page.
type claimData struct {
	view.Validity

	Badge     view.Badge
	Name      string // of the learner
	Email     string // empty if the award awaits one
	Confirms  bool   // the claim confirms Email; as it may be somebody else's until then, the page shows no results
	NoAddress bool   // the badge cannot be claimed here: the learner gives an address in the course
	Course    string // title of the course; only with NoAddress
	AwardedAt time.Time
	Given     badges.GivenEvidence // of an award by hand
	State     badges.AssertionState
	ShowName  bool
	ShowFacts bool
	Facts     []credential.Reason
	PublicURL string         // empty until the award is public
	Again     bool           // the badge can be earned again
	Replaced  *view.StepLink // the step that replaced it; nil if it counts
	Replaces  string         // the lower step that it replaces once it is claimed; empty if none
	Action    string         // address that the form posts to
}

// claimPage shows an award to anybody who has its link. It changes nothing, because
// mail scanners open links.
func (h *Handler) claimPage(w http.ResponseWriter, r *http.Request) error {
	link, err := h.openLink(r)
	if err != nil {
		return err
	}
	return h.showClaim(w, r, link)
}

func (h *Handler) showClaim(w http.ResponseWriter, r *http.Request, link claimLink) error {
	a := link.award.AsLearner()
	locale := h.claimLocale(r, a)
	page.RememberLanguage(w, r, locale)
	badge, err := h.Views.Badge(r.Context(), a.Version, locale)
	if err != nil {
		return err
	}
	data := claimData{
		Validity: h.Views.Validity(a), Badge: badge, Name: a.Recipient.Name, AwardedAt: a.AwardedAt, Given: a.Given(),
		State: a.State, ShowName: a.ShowName, ShowFacts: a.ShowFacts, Facts: credential.Reasons(a.Facts, locale), Action: r.URL.Path,
	}
	if err := h.fillAddress(r.Context(), link, a, &data); err != nil {
		return err
	}
	if a.Public() {
		data.PublicURL = h.Links.Page(a.ID)
	}
	if data.Again, err = h.renewable(r.Context(), a); err != nil {
		return err
	}
	if data.Replaced, err = h.Views.Replacement(r.Context(), a); err != nil {
		return err
	}
	if a.State == badges.Pending || a.State == badges.Declined {
		if data.Replaces, err = award.TakesPlaceOf(r.Context(), h.Store, a, h.Now()); err != nil {
			return err
		}
	}
	title := locale.T("claim.title", map[string]any{"Badge": badge.Name})
	return h.Show(w, r, locale, "learner/public/claim", templates.Page{Title: title, Data: data})
}

// claimLocale returns the language that the learner chose, else the language of the
// notice.
func (h *Handler) claimLocale(r *http.Request, a badges.Assertion) templates.Locale {
	if r.URL.Query().Get("lang") == "" && a.Recipient.Language != "" {
		if _, err := r.Cookie(page.LanguageCookie); err != nil {
			return h.Templates.Locale(a.Recipient.Language)
		}
	}
	return h.Locale(r, nil)
}

// decideClaim does what the learner decided: accept, decline, change what is public, or
// hide the award from the public and show it again.
// A second press of a button has no effect, even in another tab. A form without a
// decision changes nothing.
func (h *Handler) decideClaim(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := page.ParseForm(r); err != nil {
		return err
	}
	link, err := h.openLink(r)
	if err != nil {
		return err
	}
	showName, showFacts := r.PostFormValue("show_name") != "", r.PostFormValue("show_facts") != ""
	err = h.Store.Tx(ctx, func(tx *store.Tx) error {
		switch r.PostFormValue("decision") {
		case "accept":
			if link.confirms != "" {
				if err := h.Awards.ConfirmAddress(ctx, tx, link.award.ID, link.confirms); err != nil {
					return err
				}
			}
			_, err = h.Awards.Claim(ctx, tx, link.award.ID, showName, showFacts)
		case "decline":
			_, err = h.Awards.Decline(ctx, tx, link.award.ID)
		case "private":
			_, err = h.Awards.MakePrivate(ctx, tx, link.award.ID)
		case "public":
			_, err = h.Awards.MakePublic(ctx, tx, link.award.ID)
		default:
			err = fault.New(fault.Invalid, "problem.form_unreadable")
		}
		return err
	})
	if err != nil {
		return err
	}
	return page.SeeOther(w, r, r.URL.Path)
}

// renewable reports whether the learner can earn the badge again now. It is false if a
// newer award is visible to the learner.
func (h *Handler) renewable(ctx context.Context, a badges.Assertion) (bool, error) {
	if a.State == badges.Replaced {
		return false, nil
	}
	c, err := h.Store.CaseOf(ctx, a.Course, a.Badge, a.User)
	if err != nil {
		return false, err
	}
	c = c.AsLearner()
	return c.Last.Assertion == a.ID && c.Again(h.Now()), nil
}
