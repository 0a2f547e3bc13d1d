package learner

import (
	"maps"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/view"
	"github.com/insigne-badges/insigne/web/webtest"
)

// sample makes the sample pages of the audience. It is inside the package because the
// data of pages has unexported types. If a handler no longer sets a field that a page
// needs, this test does not compile.
type sample struct{ webtest.Sample }

func TestPages(t *testing.T) {
	webtest.CheckPages(t, "learner", func(s webtest.Sample) map[string]templates.Page {
		pages := sample{s}.learner()
		maps.Copy(pages, sample{s}.claim())
		maps.Copy(pages, sample{s}.address())
		return pages
	})
}

func (s sample) learner() map[string]templates.Page {
	near := progressBadge{Percent: 80, Criteria: view.OpenCriteria(s.Outlook("", 12, true, badges.Holding{}), s.Locale)}
	facts := credential.Reasons(s.Facts(), s.Locale)
	data := myBadgesData{
		Course: webtest.Reader.Title, ReadAt: webtest.Day,
		Earned: []earnedBadge{
			{Badge: s.View(1, "Exploration de données"), State: badges.Pending, AwardedAt: webtest.Day, Facts: facts, ClaimURL: "/claim/x"},
			{Badge: s.View(4, "Esprit critique"), State: badges.Pending, AwardedAt: webtest.Day, Facts: facts, Address: "/x"},
			{Badge: s.View(6, "Engagement"), State: badges.Claimed, AwardedAt: webtest.Day, ClaimURL: "/claim/x", PublicURL: "/v/x"},
			{
				Validity: webtest.Valid, Badge: s.View(5, "Premiers secours"), State: badges.Claimed, AwardedAt: webtest.Day, ClaimURL: "/claim/x", PublicURL: "/v/x",
				Previous: []earnedBadge{{Validity: webtest.Expired, State: badges.Claimed, AwardedAt: webtest.Day.AddDate(-1, 0, 0), ClaimURL: "/claim/y", PublicURL: "/v/y"}},
			},
			{Validity: webtest.Expired, Badge: s.View(2, "Sécurité au laboratoire"), State: badges.Claimed, AwardedAt: webtest.Day.AddDate(-1, 0, 0), ClaimURL: "/claim/x", PublicURL: "/v/x"},
			{
				Badge: s.View(6, "Lecture de graphiques, argent"), State: badges.Claimed, AwardedAt: webtest.Day, ClaimURL: "/claim/x", PublicURL: "/v/x",
				Next:  &progressBadge{Badge: s.View(6, "Lecture de graphiques, or"), Percent: near.Percent, Criteria: near.Criteria, Then: []string{"Lecture de graphiques, platine", "Lecture de graphiques, diamant"}},
				Steps: []earnedBadge{{Badge: s.View(6, "Lecture de graphiques, bronze"), State: badges.Replaced, AwardedAt: webtest.Day.AddDate(0, -1, 0), ClaimURL: "/claim/y", PublicURL: "/v/y"}},
			},
			{Badge: s.View(7, "Fusée"), State: badges.Private, AwardedAt: webtest.Day, ClaimURL: "/claim/x", ErasePath: "/x"},
			{Badge: s.View(3, "Éco-geste"), State: badges.Declined, AwardedAt: webtest.Day, ClaimURL: "/claim/x"},
		},
		Progress: []progressBadge{
			{Badge: s.View(4, "Programmation"), Percent: near.Percent, Criteria: near.Criteria},
			{Badge: s.View(2, "Sécurité au laboratoire"), Percent: near.Percent, Criteria: near.Criteria, Since: webtest.Day.AddDate(-1, 0, 0)},
			{Badge: s.NestedView(7, "Fusée"), Percent: 10, Criteria: s.Nested()},
		},
		Closed: []progressBadge{
			{Badge: s.View(3, "Premiers pas"), Why: s.Locale.T(whyKey(badges.WhyPassedOver, true), nil)},
			{Badge: s.View(5, "Entraide"), Why: s.Locale.T(whyKey(badges.WhyEvidenceLost, true), nil), Criteria: near.Criteria, Then: []string{"Entraide, argent"}},
		},
	}
	data.Own = true
	other := data
	other.subject = subject{Name: "Zoë D’Alembert", Only: badges.BadgeID(webtest.ID)}
	return map[string]templates.Page{
		"learner/badges":            webtest.Reader.Page(s.Locale.T("learner.title", nil), data),
		"learner/badges.other":      webtest.Reader.Page("Zoë D’Alembert", other),
		"learner/erase":             webtest.Reader.Page(s.Locale.T("erase.title", map[string]any{"Badge": "Exploration de données"}), eraseData{Badge: s.View(1, "Exploration de données"), AwardedAt: webtest.Day, Action: "/x"}),
		"learner/learners":          webtest.Reader.Page(s.Locale.T("mentor.title", nil), watchedData{Course: webtest.Reader.Title, Learners: []watchedLearner{{"Zoë D’Alembert", "/x"}, {"مريم الفاسي", "/x"}}}),
		"learner/fragment/learners": webtest.Reader.Page(s.Locale.T("mentor.title", nil), watchedData{Learners: []watchedLearner{{"Jean", "/x"}}, More: "/x"}),
		"learner/learners.empty":    webtest.Reader.Page(s.Locale.T("mentor.title", nil), watchedData{Course: webtest.Reader.Title}),
		"learner/badges.empty":      webtest.Reader.Page(s.Locale.T("learner.title", nil), myBadgesData{Course: webtest.Reader.Title, Checking: true}),
		"learner/fragment/badges":   webtest.Reader.Page(s.Locale.T("learner.title", nil), data),
	}
}

func (s sample) claim() map[string]templates.Page {
	badge := s.View(1, "Exploration de données")
	claim := func(state badges.AssertionState, change func(*claimData)) templates.Page {
		data := claimData{
			Badge: badge, Name: "Zoë D’Alembert", Email: "zoe.dalembert@etu.lutece.example", AwardedAt: webtest.Day, State: state,
			PublicURL: "/v/x", Action: "/claim/x", Given: *s.Given(), Facts: credential.Reasons(s.Facts(), s.Locale), ShowFacts: state == badges.Claimed,
		}
		change(&data)
		return templates.Page{Title: s.Locale.T("claim.title", map[string]any{"Badge": badge.Name}), Data: data}
	}
	plain := func(*claimData) {}
	return map[string]templates.Page{
		"learner/public/claim":           claim(badges.Pending, plain),
		"learner/public/claim.claimed":   claim(badges.Claimed, plain),
		"learner/public/claim.private":   claim(badges.Private, func(data *claimData) { data.PublicURL = "" }),
		"learner/public/claim.declined":  claim(badges.Declined, plain),
		"learner/public/claim.withdrawn": claim(badges.Withdrawn, plain),
		"learner/public/claim.ending": claim(badges.Claimed, func(data *claimData) {
			data.Validity, data.Again = view.Validity{ExpiresAt: webtest.Day.AddDate(0, 0, 20)}, true
		}),
		"learner/public/claim.replaced": claim(badges.Replaced, func(data *claimData) {
			data.Replaced = &view.StepLink{Name: "Exploration de données, or"}
		}),
		"learner/public/claim.rich": claim(badges.Pending, func(data *claimData) { data.Badge = s.RichView(1, "Exploration de données") }),
		"learner/public/claim.no_address": claim(badges.Pending, func(data *claimData) {
			data.Email, data.NoAddress, data.Course = "", true, webtest.Reader.Title
		}),
		"learner/public/claim.confirms": claim(badges.Pending, func(data *claimData) { data.Confirms = true }),
		"learner/public/claim.step":     claim(badges.Pending, func(data *claimData) { data.Replaces = "Exploration de données, bronze" }),
	}
}

func (s sample) address() map[string]templates.Page {
	address := func(given *badges.GivenAddress, change func(*addressData)) templates.Page {
		data := addressData{Badge: s.View(1, "Exploration de données"), Back: "/x", Action: "/x", Given: given}
		if given != nil {
			data.Address = given.Address
		}
		change(&data)
		return webtest.Reader.Page(s.Locale.T("address.title", nil), data)
	}
	plain := func(*addressData) {}
	given := badges.GivenAddress{Address: "zoe.dalembert@courrier.example", GivenAt: webtest.Day}
	sent := given
	sent.SentAt = webtest.Day
	return map[string]templates.Page{
		"learner/address":         address(nil, plain),
		"learner/address.sending": address(&given, plain),
		"learner/address.sent":    address(&sent, plain),
		"learner/address.ended":   address(&sent, func(data *addressData) { data.Ended = true }),
		"learner/address.failed": address(&given, func(data *addressData) {
			data.Failed = s.Locale.T(failedMail("mail.server_unreachable"), nil)
		}),
		"learner/address.refused": address(nil, func(data *addressData) {
			data.Address, data.Problem = "zoe", s.Locale.T("address.invalid", nil)
		}),
	}
}
