package lti

import (
	"context"
	"encoding/json"
	"html"
	"net/http"
	"strings"
)

// Member is a person of a course, as the roster says.
type Member struct {
	User       string // the same as Launch.User
	Name       string // given and family name where the platform sends no other; may be empty
	GivenName  string // may be empty, as the following
	FamilyName string
	Email      string
	Roles      Roles
	Active     bool // false for Inactive, Deleted and words not known
}

const membershipContainer = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"

// Roster reads the members of the course that a launch named
// (Services.MembershipsURL; Names and Role Provisioning Services 2.0, section
// 2.4). Who is not listed is no member any more: a list that cannot be read to
// its end is an error. Choose by Roles, not by asking the platform: Moodle
// forgets that after the first page. It fails with ServiceAbsent for an empty
// address.
//
// That a platform answers does not prove that the tool is used in the course.
func (t *Tool) Roster(ctx context.Context, reg Registration, membershipsURL string) ([]Member, error) {
	members, _, err := t.RosterWithDifferences(ctx, reg, membershipsURL)
	return members, err
}

// RosterWithDifferences reads like Roster, and returns the address under which
// the platform will tell what changed since, empty where it keeps no account of
// that (Names and Role Provisioning Services 2.0, section 3.6.1.3). Read by this
// method too, that address answers with those alone who came or changed, and who
// left as not active, and leads to the differences after it.
func (t *Tool) RosterWithDifferences(ctx context.Context, reg Registration, address string) (members []Member, differences string, err error) {
	members = []Member{}
	c := call{
		registration: reg, scope: ScopeMemberships, method: http.MethodGet,
		address: address, accept: membershipContainer,
	}
	last, err := t.readPages(ctx, c, func(page []byte) (int, error) {
		found, listed, err := readMembers(page)
		members = append(members, found...)
		return listed, err
	})
	if err != nil {
		return nil, "", err
	}
	if differences = last.link("differences"); !sameOrigin(differences, address) {
		differences = "" // the access token would go there
	}
	return members, differences, nil
}

// RosterOfLink reads the members who can reach one resource link (Names and
// Role Provisioning Services 2.0, "Resource link level service").
func (t *Tool) RosterOfLink(ctx context.Context, reg Registration, membershipsURL, resourceLinkID string) ([]Member, error) {
	return t.Roster(ctx, reg, withQuery(membershipsURL, "rlid", resourceLinkID))
}

// readMembers reads a page of the roster, and how many entries it lists. An
// entry that names no user is left out.
func readMembers(page []byte) ([]Member, int, error) {
	var container struct {
		Members []json.RawMessage `json:"members"`
	}
	if json.Unmarshal(page, &container) != nil || container.Members == nil {
		return nil, 0, &Error{Reason: ServiceAnswer, Detail: "no list of members"}
	}
	var members []Member
	for _, raw := range container.Members {
		if m := readMember(raw); m.User != "" && len(m.User) <= maxIdentifier {
			members = append(members, m)
		}
	}
	return members, len(container.Members), nil
}

// readMember returns a member without a user for what is no member.
func readMember(raw []byte) Member {
	var m struct {
		User   looseText  `json:"user_id"`
		Status looseText  `json:"status"`
		Name   looseText  `json:"name"`
		Given  looseText  `json:"given_name"`
		Family looseText  `json:"family_name"`
		Email  looseText  `json:"email"`
		Roles  looseTexts `json:"roles"`
	}
	if json.Unmarshal(raw, &m) != nil {
		return Member{}
	}
	member := Member{
		User: string(m.User), Name: plain(m.Name), GivenName: plain(m.Given), FamilyName: plain(m.Family),
		Email: string(m.Email), Roles: Roles(m.Roles),
		// No status means Active.
		Active: m.Status == "" || strings.EqualFold(string(m.Status), "Active"),
	}
	if member.Name == "" {
		member.Name = strings.TrimSpace(member.GivenName + " " + member.FamilyName)
	}
	return member
}

// plain returns a name as text: here, unlike in launches, Moodle escapes names
// for HTML.
func plain(name looseText) string { return strings.TrimSpace(html.UnescapeString(string(name))) }
