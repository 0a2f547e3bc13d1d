package lti

import (
	"cmp"
	"context"
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"strings"
)

const rosterType = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"

// Member is somebody in a context (NRPS 2.0, section 2).
type Member struct {
	User       string
	Name       string // may be empty, as the following
	GivenName  string
	FamilyName string
	Email      string
	Roles      Roles
	Active     bool // neither suspended nor removed
}

// Roster lists the members of a context, everybody who has access to the link
// alone when resourceLink is not empty. Whoever is not listed is not a member
// any more. Roles are to be filtered by the caller: Moodle forgets the filter
// on the second page.
func (t *Tool) Roster(ctx context.Context, reg Registration, memberships, resourceLink string) ([]Member, error) {
	address := memberships
	if resourceLink != "" && memberships != "" {
		var err error
		if address, err = withQuery(memberships, "rlid", resourceLink); err != nil {
			return nil, err
		}
	}
	var list []Member
	err := t.pages(ctx, reg, call{method: http.MethodGet, address: address, accept: rosterType, scope: ScopeMemberships}, func(body []byte) error {
		page, err := readRoster(body)
		list = append(list, page...)
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

func readRoster(body []byte) ([]Member, error) {
	var container struct {
		Members []struct {
			User       string   `json:"user_id"`
			Status     string   `json:"status"`
			Roles      []string `json:"roles"`
			Name       string   `json:"name"`
			GivenName  string   `json:"given_name"`
			FamilyName string   `json:"family_name"`
			Email      string   `json:"email"`
		} `json:"members"`
	}
	if json.Unmarshal(body, &container) != nil || container.Members == nil {
		return nil, &Error{Reason: ServiceAnswer, Detail: "roster"}
	}
	var list []Member
	for _, m := range container.Members {
		if m.User == "" || len(m.User) > maxIdentifier {
			continue // nobody we could ever meet
		}
		given, family := plain(m.GivenName), plain(m.FamilyName)
		list = append(list, Member{
			User: m.User, Name: cmp.Or(plain(m.Name), strings.TrimSpace(given+" "+family)), GivenName: given, FamilyName: family,
			Email: m.Email, Roles: m.Roles, Active: m.Status == "" || m.Status == "Active",
		})
	}
	return list, nil
}

// plain undoes the HTML escaping that Moodle applies to names in services.
func plain(s string) string { return html.UnescapeString(s) }

// withQuery adds a parameter to an address that may have some already.
func withQuery(address, name, value string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", &Error{Reason: ServiceAnswer, Detail: "address of a service"}
	}
	q := u.Query()
	q.Set(name, value)
	u.RawQuery = q.Encode()
	return u.String(), nil
}
