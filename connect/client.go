package connect

import "github.com/insigne-badges/insigne/lti"

// HistoryParameter is the custom parameter of a launch that lists the contexts from
// which its course was copied.
const HistoryParameter = "context_history"

// Client returns the description of Insigne for platforms. It asks only for what we
// need: the person and the course. launchURL is where links open, logoURL has the icon.
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
