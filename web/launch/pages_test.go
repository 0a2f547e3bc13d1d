package launch

import (
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/webtest"
)

// sample makes the sample pages of the audience. It is inside the package because the
// data of pages has unexported types. If a handler no longer sets a field that a page
// needs, this test does not compile.
type sample struct{ webtest.Sample }

func TestPages(t *testing.T) {
	webtest.CheckPages(t, "launch", func(s webtest.Sample) map[string]templates.Page { return sample{s}.launch() })
}

func (s sample) launch() map[string]templates.Page {
	fields := []field{{"iss", "https://moodle.lutece.example"}}
	return map[string]templates.Page{
		"launch/cookies":        {Title: s.Locale.T("cookies.title", nil), Data: cookiesData{Fields: fields}},
		"launch/store":          {Title: s.Locale.T("cookies.title", nil), Data: storageData{Name: "n", Secret: "s", Next: "https://moodle.lutece.example/auth", Fields: fields}},
		"launch/prove":          {Title: s.Locale.T("cookies.title", nil), Data: storageData{Name: "n", Fields: fields}},
		"launch/place":          webtest.Reader.Page(s.Locale.T("place.title", nil), placementData{Course: webtest.Reader.Title, Badges: s.placeable(), Column: true, Action: "/x"}),
		"launch/placed":         webtest.Reader.Page(s.Locale.T("place.title", nil), placedData{ReturnURL: "https://moodle.lutece.example/mod/lti/contentitem_return.php", JWT: "e.y.J"}),
		"launch/tab/session":    webtest.Reader.Page("", tabData{Headers: "{}", Page: "/x"}),
		"launch/register":       {Title: s.Locale.T("register.title", nil), Data: registerData{Host: "moodle.lutece.example", Invite: "i", Configuration: "c", Token: "t"}},
		"launch/register.again": {Title: s.Locale.T("register.title", nil), Data: registerData{Host: "moodle.lutece.example", Again: true}},
		"launch/register.done":  {Title: s.Locale.T("register.title", nil), Data: registerData{Done: true}},
	}
}

func (s sample) placeable() []placeableBadge {
	return []placeableBadge{
		{ID: "1", Name: "Exploration de données", Picture: s.Links.Picture(s.Hash(1)), Rule: s.Sentence(), State: badges.On},
		{ID: "2", Name: "Premiers pas en programmation scientifique avec un nom plutôt long", Picture: s.Links.Picture(s.Hash(4)), Rule: s.Sentence(), State: badges.Draft},
		{ID: "3", Name: "Engagement", Picture: s.Links.Picture(s.Hash(6)), Rule: s.Sentence(), State: badges.Off},
	}
}
