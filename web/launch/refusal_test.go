package launch_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/webtest"
)

// TestLaunchRefused shows launches that nobody of ours began, or that the platform
// did not mean so. Nobody arrives, no session begins, and the administrator reads
// why.
func TestLaunchRefused(t *testing.T) {
	change := func(claims ...any) func(t *testing.T, v visit) webtest.Answer {
		return func(t *testing.T, v visit) webtest.Answer { return v.opens(t, with(claims...)) }
	}
	for _, tt := range []struct {
		name   string
		send   func(t *testing.T, v visit) webtest.Answer
		reason lti.Reason
		says   string
		back   bool // the page leads back to the course
	}{
		{"the cookie of another login", func(t *testing.T, v visit) webtest.Answer {
			other := v.login(t, v.Anybody())
			return request(other.browser, page.LaunchPath, v.form(t, nil), "cross-site")
		}, "", "", false},
		{"a cookie of its own making", func(t *testing.T, v visit) webtest.Answer {
			r := newPost(page.LaunchPath, v.form(t, nil))
			r.AddCookie(&http.Cookie{Name: lti.CookieName(v.state), Value: "guessed"})
			return v.Anybody().Do(r)
		}, lti.BrowserMismatch, "This sign-in began in another browser", false},
		{"a login that took too long", func(t *testing.T, v visit) webtest.Answer {
			v.Clock.Add(lti.LoginLifetime + time.Second)
			return v.opens(t, nil)
		}, lti.StateUnknown, "This sign-in was used already or took too long.", false},
		{"a state of its own making", func(t *testing.T, v visit) webtest.Answer {
			form := v.form(t, nil)
			form.Set("state", "x"+v.state)
			r := newPost(page.LaunchPath, form)
			r.AddCookie(&http.Cookie{Name: lti.CookieName("x" + v.state), Value: "x"})
			return v.Anybody().Do(r)
		}, lti.StateUnknown, "This sign-in was used already or took too long.", false},
		{"no state", func(t *testing.T, v visit) webtest.Answer {
			form := v.form(t, nil)
			form.Del("state")
			return request(v.browser, page.LaunchPath, form, "cross-site")
		}, lti.StateMissing, "The answer of your LMS is incomplete.", false},
		{"the platform says no", func(_ *testing.T, v visit) webtest.Answer {
			return request(v.browser, page.LaunchPath, map[string][]string{"state": {v.state}, "error": {"login_required"}}, "cross-site")
		}, lti.PlatformRefused, "Your LMS refused to sign you in.", false},
		{"an expired token", func(t *testing.T, v visit) webtest.Answer {
			now := v.Clock.Now()
			return v.opens(t, with("iat", now.Add(-5*time.Minute).Unix(), "exp", now.Add(-2*time.Minute).Unix()))
		}, lti.TokenExpired, "The answer of your LMS is too old.", false},
		{"signed by a stranger", func(t *testing.T, v visit) webtest.Answer {
			form := v.form(t, nil)
			form.Set("id_token", sign(t, strangeKey, v.message()))
			return request(v.browser, page.LaunchPath, form, "cross-site")
		}, lti.SignatureInvalid, "The signature of your LMS is not valid.", false},
		{"the nonce of another login", change("nonce", "other"), lti.NonceWrong, "The answer belongs to another sign-in.", false},
		{"for another client", change("aud", "other"), lti.AudienceWrong, "The answer is meant for another tool.", false},
		{"from another platform", change("iss", "https://other.example"), lti.IssuerWrong, "The answer comes from another platform", false},
		{"a guest", change("sub", nil), lti.SubjectMissing, "guests cannot open Insigne", true},
		{"an unknown deployment", change(claim("deployment_id"), "9"), lti.DeploymentPending, "waits for an administrator’s approval", true},
		{
			"a learner who places", func(t *testing.T, v visit) webtest.Answer {
				return v.opens(t, placing(claim("roles"), roles("Learner")))
			}, lti.RoleForbidden, "Only those who teach the course may place an activity.", true,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t)
			a := tt.send(t, s.login(t, s.Anybody()))
			if tt.reason == "" { // a browser without the login's cookie is asked for a proof
				if a.Status != http.StatusBadRequest || !strings.Contains(a.Body, "data-prove-login") || len(s.noted(t)) > 0 {
					t.Errorf("status %d, noted %v: %s", a.Status, s.noted(t), a.Text())
				}
			} else {
				if a.Status != http.StatusBadRequest || code(a) != string(tt.reason) || !a.Shows(tt.says) {
					t.Errorf("status %d, code %q: %s", a.Status, code(a), a.Text())
				}
				if diff := cmp.Diff([]string{string(tt.reason)}, s.noted(t)); diff != "" {
					t.Errorf("launches (-want +got):\n%s", diff)
				}
			}
			if beginsSession(a) {
				t.Errorf("a session begins: %v", a.Header)
			}
			if back := strings.Contains(a.Body, `id="back-to-lms"`) && strings.Contains(a.Body, "sesskey=S3ssKey&amp;lti_errormsg="); back != tt.back {
				t.Errorf("the page leads back: %t, want %t", back, tt.back)
			}
			if strings.Contains(s.Log.String(), "S3ssKey") {
				t.Errorf("the log has the LMS's session key: %s", s.Log)
			}
			s.untouched(t)
		})
	}
}

// TestUnknownDeployment has an unknown deployment wait for the administrator: it
// is listed, and works after an approval.
func TestUnknownDeployment(t *testing.T) {
	s := newSite(t)
	open := func() webtest.Answer { return s.login(t, s.Anybody()).opens(t, with(claim("deployment_id"), "9")) }
	open()
	list, err := s.Store.Deployments(t.Context(), s.World.Course.Platform)
	if err != nil || len(list) != 2 || list[0].ID != "9" || list[0].Approved || list[0].Refused {
		t.Fatalf("deployments %+v, %v", list, err)
	}
	for _, approve := range []bool{true, false} {
		storetest.Tx(t, s.Store, func(ctx context.Context, tx *store.Tx) error {
			return tx.DecideDeployment(ctx, s.World.Course.Platform, "9", approve)
		})
		if a := open(); (a.Status == http.StatusSeeOther) != approve {
			t.Errorf("approved %t: status %d, code %q", approve, a.Status, code(a))
		}
	}
}

// TestReplay sends a launch twice: with the browser's cookies, with the stolen
// ones, and from a tab that has none.
func TestReplay(t *testing.T) {
	s := newSite(t)
	v := s.login(t, s.Anybody())
	form := v.form(t, nil)
	first, stolen := newPost(page.LaunchPath, form), newPost(page.LaunchPath, form)
	first.AddCookie(v.cookie)
	stolen.AddCookie(v.cookie)
	if a := v.Anybody().Do(first); a.Status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", a.Status, a.Text())
	}
	inTab := newPost(page.LaunchPath, form)
	for name, r := range map[string]*http.Request{"with the cookie": stolen, "without it": inTab} {
		a := v.Anybody().Do(r)
		if a.Status != http.StatusBadRequest || code(a) != string(lti.StateUnknown) || beginsSession(a) {
			t.Errorf("%s: status %d, %s", name, a.Status, a.Text())
		}
	}
	if strings.Contains(s.Log.String(), "S3ssKey") {
		t.Errorf("the log has the LMS's session key: %s", s.Log)
	}
	members, err := s.Store.Members(t.Context(), s.World.Course)
	if err != nil || len(members) != 1 {
		t.Errorf("members %+v, %v", members, err)
	}
}

// TestReturnAfterRefusal leads back to the course also when it is our own rule
// that refuses: the page has the address, the log does not.
func TestReturnAfterRefusal(t *testing.T) {
	s := newSite(t)
	a := s.login(t, s.Anybody()).opens(t, placing(claim("context"), nil))
	if a.Status != http.StatusUnprocessableEntity || !a.Shows("Insigne was not opened from a course.", "Back to your LMS") || !strings.Contains(a.Body, "sesskey=S3ssKey&amp;") {
		t.Errorf("status %d: %s", a.Status, a.Text())
	}
	if strings.Contains(s.Log.String(), "S3ssKey") || beginsSession(a) || len(s.noted(t)) > 0 {
		t.Errorf("log %s, launches %v", s.Log, s.noted(t))
	}
}
