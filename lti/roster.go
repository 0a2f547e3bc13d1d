package lti

import (
	"context"
	"encoding/json"
	"html"
	"net/http"
	"strings"
)

// Member is one entry of a course's roster.
type Member struct {
	User       string // the same as Launch.User
	Name       string // given and family name if the platform sends no full name; may be empty
	GivenName  string // may be empty, also the following
	FamilyName string
	Email      string
	Roles      Roles
	Active     bool // false for Inactive, Deleted and every other status
}

const membershipContainer = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"

// Roster reads the members of the course that a launch named (Services.MembershipsURL;
// Names and Role Provisioning Services 2.0, section 2.4). A person who is not in the
// list is not a member, so a list that cannot be read completely is an error. To select
// by role, use Roles: Moodle forgets a role filter after the first page. It returns
// ServiceAbsent for an empty address.
//
// An answer does not prove that the tool is used in the course.
func (t *Tool) Roster(ctx context.Context, reg Registration, membershipsURL string) ([]Member, error) {
	members, _, err := t.RosterWithDifferences(ctx, reg, membershipsURL)
	return members, err
}

// RosterWithDifferences reads like Roster. It also returns the address of the changes
// since this reading; empty if the platform does not record changes (Names and Role
// Provisioning Services 2.0, section 3.6.1.3). Read with this method, that address
// returns only the members who joined, changed or, as not active, left; and the address
// of the changes after that.
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
		differences = "" // an access token would be sent there
	}
	return members, differences, nil
}

// RosterOfLink reads the members who have access to one resource link (Names and Role
// Provisioning Services 2.0, "Resource link level service").
func (t *Tool) RosterOfLink(ctx context.Context, reg Registration, membershipsURL, resourceLinkID string) ([]Member, error) {
	return t.Roster(ctx, reg, withQuery(membershipsURL, "rlid", resourceLinkID))
}

// readMembers reads a page of the roster. It returns the members and the number of
// entries; entries without a user are left out.
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

// readMember returns a member without a user if the entry is invalid.
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

// plain returns a name as plain text. In the roster, unlike in launches, Moodle escapes
// names for HTML.
func plain(name looseText) string { return strings.TrimSpace(html.UnescapeString(string(name))) }
