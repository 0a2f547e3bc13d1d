package lti_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/lti"
)

func returning(address string) func(map[string]any) {
	return set(claim("launch_presentation"), map[string]any{"return_url": address})
}

// The platform's pages can be on another host than its login, but only on one that the
// registration names (case 22).
func TestReturnURL(t *testing.T) {
	for sent, want := range map[string]string{
		"https://lms.example/return?sesskey=x":             "https://lms.example/return?sesskey=x",
		"https://sso.example/return":                       "https://sso.example/return",
		"https://lms.example:8443/return":                  "",
		"https://evil.example/return":                      "",
		"http://lms.example/":                              "",
		"https://lms.example@evil.example/":                "",
		"//lms.example/":                                   "",
		"/return":                                          "",
		"javascript:alert(1)":                              "",
		"data:text/html,x":                                 "",
		"https://*/":                                       "",
		"https://*.lms.example/":                           "",
		"https://a;script-src/":                            "",
		"https://a,b/":                                     "",
		"https://lms.example\\@evil.example/":              "",
		"https://lms.example/" + strings.Repeat("x", 5000): "",
	} {
		t.Run(sent, func(t *testing.T) {
			f := newFixture(t)
			f.store.registrations[0].AuthURL = "https://sso.example/auth"
			l, err := f.launch(returning(sent))
			if err != nil || l.ReturnURL != want {
				t.Errorf("return URL = %q (%v), want %q", l.ReturnURL, err, want)
			}
		})
	}
}

// The origins that can embed the tool are that of the login and those of the launch's
// return URLs.
func TestOrigins(t *testing.T) {
	both := func(changes ...func(map[string]any)) func(map[string]any) {
		return func(m map[string]any) {
			for _, change := range changes {
				change(m)
			}
		}
	}
	for name, tt := range map[string]struct {
		auth   string // another address of the login
		change func(map[string]any)
		want   []string
	}{
		"one host":                     {"", returning("https://lms.example/back"), []string{"https://lms.example"}},
		"nothing but the registration": {"", func(map[string]any) {}, []string{"https://lms.example"}},
		"login elsewhere":              {"https://sso.example/auth", returning("https://lms.example/back"), []string{"https://lms.example", "https://sso.example"}},
		"login elsewhere, no return":   {"https://sso.example/auth", func(map[string]any) {}, []string{"https://lms.example", "https://sso.example"}},
		"login elsewhere, bad return":  {"https://sso.example/auth", returning("https://evil.example/"), []string{"https://lms.example", "https://sso.example"}},
		"placing, login elsewhere": {
			"https://sso.example/auth", placing(set("deep_link_return_url", "https://sso.example/content?key=1")),
			[]string{"https://sso.example"},
		},
		"placing, two ways back": {
			"https://sso.example/auth", both(placing(set("deep_link_return_url", "https://lms.example/")), returning("https://sso.example/")),
			[]string{"https://lms.example", "https://sso.example"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			if tt.auth != "" {
				f.store.registrations[0].AuthURL = tt.auth
			}
			l, err := f.launch(tt.change)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, l.Origins()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A refusal has a return URL only if the token was made for this login.
func TestReturnURLOfRefusal(t *testing.T) {
	const address = "https://lms.example/back?sesskey=secret"
	both := func(changes ...func(map[string]any)) func(map[string]any) {
		return func(m map[string]any) {
			returning(address)(m)
			for _, change := range changes {
				change(m)
			}
		}
	}
	for name, tt := range map[string]struct {
		change func(map[string]any)
		reason lti.Reason
		want   string
	}{
		"21 deployment not approved": {both(set(claim("deployment_id"), "new")), lti.DeploymentPending, address},
		"59 a student places":        {both(placing(nil), set(claim("roles"), []string{learner})), lti.RoleForbidden, address},
		"12 anonymous":               {both(without("sub")), lti.SubjectMissing, address},
		"22 target elsewhere":        {both(set(claim("target_link_uri"), "https://evil.example/")), lti.TargetForeign, address},
		"21 bad way back":            {both(set(claim("deployment_id"), "new"), returning("javascript:alert(1)")), lti.DeploymentPending, ""},
		"21 way back by http":        {both(set(claim("deployment_id"), "new"), returning("http://lms.example/")), lti.DeploymentPending, ""},
		"22 way back elsewhere":      {both(set(claim("deployment_id"), "new"), returning("https://evil.example/")), lti.DeploymentPending, ""},
		"23 presentation is a text":  {both(set(claim("launch_presentation"), "x")), lti.TokenMalformed, ""},
		"13 of another login":        {both(set("nonce", "made-up")), lti.NonceWrong, ""},
		"18 old":                     {both(set("exp", 22222), set("iat", 11111)), lti.TokenExpired, ""},
		"19 for another tool":        {both(set("aud", "other")), lti.AudienceWrong, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := newFixture(t).launch(tt.change)
			wantReason(t, err, tt.reason)
			if e, ok := errors.AsType[*lti.Error](err); !ok || e.ReturnURL != tt.want {
				t.Errorf("way back = %q, want %q", e.ReturnURL, tt.want)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the log would read %q", err)
			}
		})
	}
	t.Run("17 forged", func(t *testing.T) {
		f := newFixture(t)
		b := f.login(initiation())
		m := f.message(b)
		returning(address)(m)
		token := sign(t, platformKey(), header(), encode(t, m))
		_, err := f.post(b, token[:strings.LastIndex(token, ".")+1]+strings.Repeat("A", 342))
		wantReason(t, err, lti.SignatureInvalid)
		if e, ok := errors.AsType[*lti.Error](err); !ok || e.ReturnURL != "" {
			t.Errorf("way back = %q, want none", e.ReturnURL)
		}
	})
}

func TestReturnWithError(t *testing.T) {
	for _, tt := range []struct{ address, message, want string }{
		{"", "x", ""},
		{"https://lms.example/back", "Élève & co?", "https://lms.example/back?lti_errormsg=%C3%89l%C3%A8ve+%26+co%3F&lti_errorlog=code+1"},
		{"https://lms.example/back?a=1&b=%20", "x#y", "https://lms.example/back?a=1&b=%20&lti_errormsg=x%23y&lti_errorlog=code+1"},
		{"https://lms.example/back#/course/2", "x", "https://lms.example/back?lti_errormsg=x&lti_errorlog=code+1#/course/2"},
	} {
		if got := lti.ReturnWithError(tt.address, tt.message, "code 1"); got != tt.want {
			t.Errorf("%q with %q = %q, want %q", tt.address, tt.message, got, tt.want)
		}
	}
}
