package connect

import "github.com/insigne-badges/insigne/lti"

// HistoryParameter is the custom parameter in which a launch lists the contexts
// that its course was copied from.
const HistoryParameter = "context_history"

// Client returns how Insigne presents itself to platforms. It asks for the least:
// who somebody is, in which course. launchURL is where links open, logoURL shows
// its icon.
func Client(launchURL, logoURL string) lti.Client {
	return lti.Client{
		Name: "Insigne", Names: map[string]string{"fr": "Insigne"},
		Description: "Open Badges for what learners did in the course",
		LogoURL:     logoURL,
		TargetURL:   launchURL,
		Claims:      []string{"iss", "sub", "name", "given_name", "family_name", "email"},
		Scopes:      []string{lti.ScopeLineItem, lti.ScopeResult, lti.ScopeScore, lti.ScopeMemberships},
		Custom:      map[string]string{HistoryParameter: "$Context.id.history"},
	}
}
