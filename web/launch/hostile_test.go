package launch_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
)

// TestHostileNames opens Insigne from a platform whose names have what signatures, XML and
// mails refuse. What is saved can be carried everywhere.
func TestHostileNames(t *testing.T) {
	s := newSite(t)
	const hostile = "\a\u202eA\ufffe\r\nBcc: all@example.org]]><script>"
	const carried = "\ufffd\ufffdA\ufffd  Bcc: all@example.org]]><script>"
	a := s.login(t, s.Anybody()).opens(t, with("name", hostile, "email", "a\a@example.org", claim("context"), map[string]any{"id": "2", "title": hostile, "label": strings.Repeat("字", 5000)},
		claim("tool_platform"), map[string]any{"guid": "g", "name": hostile}))
	session, _ := s.session(t, a)
	if session.Title != carried {
		t.Errorf("the session is in %q", session.Title)
	}
	m, err := s.Store.Member(t.Context(), session.Course, session.User)
	if err != nil || m.Name != carried || m.Recipient().Email != "" {
		t.Errorf("member %+v: %v", m, err)
	}
	c, err := s.Store.Course(t.Context(), session.Course)
	if err != nil || c.Title != carried || utf8.RuneCountInString(c.Label) != badges.MaxLMSName {
		t.Errorf("course %q, %.20q…: %v", c.Title, c.Label, err)
	}
	reg, err := s.Store.Registration(t.Context(), lti.RegistrationID(session.Course.Platform))
	if err != nil || reg.Name != carried {
		t.Errorf("platform %q: %v", reg.Name, err)
	}
}
