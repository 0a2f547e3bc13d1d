package lti

import "strings"

// Roles are the roles of a launch, as sent: full URIs or short names.
type Roles []string

const (
	membershipPrefix = "http://purl.imsglobal.org/vocab/lis/v2/membership"
	testUser         = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"
)

// Instructor reports whether the person teaches the context. Institution and
// system roles never count (LTI 1.3 Core, section 5.3.7).
func (r Roles) Instructor() bool { return r.in("Instructor") }

// Learner reports whether the person learns in the context.
func (r Roles) Learner() bool { return r.in("Learner") }

// TestUser reports whether the person is a made-up one of the platform.
func (r Roles) TestUser() bool {
	for _, role := range r {
		if role == testUser {
			return true
		}
	}
	return false
}

// in reports whether one of the context roles is want or a sub-role of it.
func (r Roles) in(want string) bool {
	for _, role := range r {
		if contextRole(role) == want {
			return true
		}
	}
	return false
}

// contextRole returns the principal role of a context role: "Instructor" of
// ".../membership#Instructor", of ".../membership/Instructor#TeachingAssistant"
// and of the short "Instructor"; empty for roles of other kinds.
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
