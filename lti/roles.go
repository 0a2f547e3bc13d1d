package lti

import (
	"slices"
	"strings"
)

// Roles are the roles of a launch as the platform sent them: full URIs or short names.
type Roles []string

// The vocabularies of roles (LTI 1.3 Core, appendix A.2).
const (
	membershipPrefix  = "http://purl.imsglobal.org/vocab/lis/v2/membership"
	institutionPrefix = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"
	systemPrefix      = "http://purl.imsglobal.org/vocab/lis/v2/system/person#"
	testUser          = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"
)

// Instructor reports whether the person teaches in the context. Institution and system
// roles do not count (LTI 1.3 Core, section 5.3.7).
func (r Roles) Instructor() bool { return r.in("Instructor") }

// Learner reports whether the person learns in the context.
func (r Roles) Learner() bool { return r.in("Learner") }

// Mentor reports whether the person follows learners of the context without learning
// there; Launch.MentorOf names them.
func (r Roles) Mentor() bool { return r.in("Mentor") }

// Administrator reports whether the person administers the platform or institution. It
// is for display and gives no right in a context.
func (r Roles) Administrator() bool {
	return slices.ContainsFunc(r, func(role string) bool {
		return role == institutionPrefix+"Administrator" || role == systemPrefix+"Administrator" || role == systemPrefix+"SysAdmin"
	})
}

// TestUser reports whether the person is a test user of the platform.
func (r Roles) TestUser() bool { return slices.Contains(r, testUser) }

// in reports whether one of the context roles is the wanted role or a sub-role of it.
func (r Roles) in(want string) bool {
	return slices.ContainsFunc(r, func(role string) bool { return contextRole(role) == want })
}

// contextRole returns the principal role of a context role: "Instructor" of
// ".../membership#Instructor", of ".../membership/Instructor#TeachingAssistant" and of
// the short "Instructor". It returns empty text for other roles.
func contextRole(role string) string {
	rest, full := strings.CutPrefix(role, membershipPrefix)
	switch {
	case full && strings.HasPrefix(rest, "#"):
		return rest[1:]
	case full && strings.HasPrefix(rest, "/"):
		principal, _, _ := strings.Cut(rest[1:], "#")
		return principal
	case full || strings.Contains(role, ":"):
		return ""
	default:
		principal, _, _ := strings.Cut(role, "#")
		return principal
	}
}
