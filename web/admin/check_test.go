package admin_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
)

// TestCheckService tries the web services again and shows what is missing, what that
// costs and how to correct it.
func TestCheckService(t *testing.T) {
	for _, tt := range []struct {
		name  string
		token badges.Secret
		known bool // there is a course to try
		down  bool
		says  []string
	}{
		{"a function is missing", "t0ken", false, false, []string{
			"Function missing from the service", "Until this is mended learners are told by e-mail only.", "core_message_send_instant_messages",
			"Add it under Site administration → Server → Web services → External services.", "The site answers. No course could be tried yet.",
		}},
		{"a capability is missing", "t0ken", true, false, []string{
			"Tried on the course “Course”.", "Capability missing", "Allow it in the role of the web-service user, at system level.", "As long as this stands, no badge is awarded by rule.",
		}},
		{"a wrong token", "wrong", false, false, []string{"Moodle does not accept the web-service token", "As long as this stands, no badge is awarded by rule."}},
		{"closed for maintenance", "t0ken", false, true, []string{"Moodle is closed for maintenance.", "As long as this stands, no badge is awarded by rule."}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t)
			l := newLMS(t)
			l.set(func(l *lms) { l.down = tt.down })
			platform := s.World.Course.Platform
			if !tt.known {
				platform = s.another(t, l.URL)
			}
			s.tx(t, func(ctx context.Context, tx *store.Tx) error {
				return tx.SetService(ctx, platform, badges.Service{URL: l.URL, Token: tt.token})
			})
			b := s.Administrator(t)
			path := "/admin/platforms/" + string(platform)
			if a := b.Get(path); a.Shows("Result of the check") {
				t.Errorf("before the first check: %s", a.Text())
			}
			leadsTo(t, b.Post(path+"/check", nil), path+"#service")
			shows(t, b.Get(path), http.StatusOK, append(tt.says, "Result of the check")...)
		})
	}
}

// TestCheckServiceUnset checks that the page says that nothing is set up yet.
func TestCheckServiceUnset(t *testing.T) {
	s := newSite(t)
	shows(t, s.Administrator(t).Post(s.path("/check"), url.Values{}), http.StatusConflict, "The access to this platform’s web services is not set up yet.")
	if check := s.platform(t).Check; len(check) > 0 {
		t.Errorf("stored %s", check)
	}
}
