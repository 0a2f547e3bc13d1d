package public

import (
	"context"
	"net/http"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/view"
)

// badgeData is the public page of an award.
type badgeData struct {
	view.Validity

	Badge      view.Badge
	Name       string              // empty without the learner's consent
	Facts      []credential.Reason // empty without the learner's consent
	AwardedAt  time.Time
	Given      badges.GivenEvidence // of an award by hand
	Revoked    bool
	Reason     string
	Replaced   *view.StepLink // the step that replaced it; nil if it counts
	URL        string
	PNG, SVG   string // addresses of its files, at the current host
	PDF        string
	JSON       string // addresses of its documents, at the host where it was claimed
	Signed     string
	Credential string
	JWT        string
	LinkedIn   string
	Previous   *view.AwardLink // public awards of the same badge to the same learner
	Newer      *view.AwardLink
}

// badgePage shows an award, or its document to a client that wants it.
func (h *Handler) badgePage(w http.ResponseWriter, r *http.Request) error {
	switch kind := offered(r, typeHTML, typeLinkedData, typeJSON, typeCredential, typeCredential2, typeVCJWT); {
	case isThree(kind) || isJWT(kind):
		return forScripts(h.credential)(w, r)
	case page.WantsDocument(r):
		return forScripts(h.assertionJSON)(w, r)
	}
	award, err := h.publicAward(r)
	if err != nil {
		return err
	}
	locale := h.Locale(r, nil)
	page.RememberLanguage(w, r, locale)
	data := h.badgeData(award, locale)
	if data.Previous, data.Newer, err = h.neighbours(r.Context(), award.Assertion); err != nil {
		return err
	}
	return h.Show(w, r, locale, "public/badge", templates.Page{Title: data.Badge.Name, Data: data})
}

// badgeData returns the page of an award, without the links to previous and newer
// awards.
func (h *Handler) badgeData(award credential.Award, locale templates.Locale) badgeData {
	a := award.Assertion
	documents := h.Documents.At(a)
	return badgeData{
		Validity: h.Views.Validity(a), Badge: h.Views.BadgeOf(award.Version, award.Issuer, locale), AwardedAt: a.AwardedAt,
		Name: a.PublicName(), Facts: credential.Reasons(a.PublicFacts(), locale), Given: a.PublicGiven(),
		Revoked: a.State == badges.Revoked, Reason: a.Reason, Replaced: h.Views.ReplacementLink(award.Replacement),
		URL: h.Links.Page(a.ID), LinkedIn: h.Links.LinkedIn(award),
		PNG: h.Links.PNG(a.ID), SVG: h.Links.SVG(a.ID), PDF: h.Links.PDF(a.ID),
		JSON: documents.JSON(a.ID), Signed: documents.Signed(a.ID), Credential: documents.Credential(a.ID), JWT: documents.JWT(a.ID),
	}
}

// neighbours returns links to the nearest public awards before and after a; nil if
// there is none. It passes over awards that are not public.
func (h *Handler) neighbours(ctx context.Context, a badges.Assertion) (previous, newer *view.AwardLink, err error) {
	if a.Previous == "" && a.Next == "" {
		return nil, nil, nil
	}
	chain, err := h.Store.Chain(ctx, a.Course, a.Badge, a.User)
	if err != nil {
		return nil, nil, err
	}
	found := false
	for _, one := range chain { // the newest first
		if one.ID == a.ID {
			found = true
			continue
		}
		if !one.Public() {
			continue
		}
		link := &view.AwardLink{Validity: h.Views.Validity(one), AwardedAt: one.AwardedAt, State: one.State, Path: h.Links.Page(one.ID)}
		if found {
			return link, newer, nil
		}
		newer = link
	}
	return nil, newer, nil
}
