package public

import (
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/view"
	"github.com/insigne-badges/insigne/web/webtest"
)

// TestPages is inside the package because the data of pages has unexported types. If a
// handler no longer sets a field that a page needs, this test does not compile.
func TestPages(t *testing.T) { webtest.CheckPages(t, "public", samples) }

func samples(s webtest.Sample) map[string]templates.Page {
	h := &Handler{Views: s.Views(), Links: s.Links}
	badge := h.badgeData(credential.Award{
		Assertion: badges.Assertion{
			ID: badges.AssertionID(webtest.ID), State: badges.Claimed, AwardedAt: webtest.Day,
			Recipient: badges.Recipient{Name: "Zoë D’Alembert"}, ShowName: true,
		},
		Version: s.Version(1, "Exploration de données"), Issuer: s.Issuer(),
	}, s.Locale)
	shown := badge
	shown.Facts = credential.Reasons(s.Facts(), s.Locale)
	revoked := badge
	badge.Given = *s.Given()
	revoked.Revoked, revoked.Reason, revoked.Name = true, "Décerné par erreur.", ""
	lasting, over := shown, badge
	lasting.Validity, lasting.Previous = webtest.Valid, &view.AwardLink{Validity: webtest.Expired, AwardedAt: webtest.Day.AddDate(-1, 0, 0), Path: "/v/y"}
	over.Validity, over.Newer = webtest.Expired, &view.AwardLink{Validity: webtest.Valid, AwardedAt: webtest.Day, Path: "/v/y"}
	replaced := badge
	replaced.Replaced = &view.StepLink{Name: "Exploration de données, or", Path: "/v/y"}
	rich := lasting
	rich.Badge = s.RichView(1, "Exploration de données")
	show := func(data badgeData) templates.Page { return templates.Page{Title: data.Badge.Name, Data: data} }
	return map[string]templates.Page{
		"public/badge":          show(badge),
		"public/badge.rich":     show(rich),
		"public/badge.facts":    show(shown),
		"public/badge.lasting":  show(lasting),
		"public/badge.expired":  show(over),
		"public/badge.revoked":  show(revoked),
		"public/badge.replaced": show(replaced),
		"public/home":           {Title: s.Locale.T("public.home_title", nil)},
	}
}
