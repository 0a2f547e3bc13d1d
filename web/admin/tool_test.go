package admin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/web/webtest"
)

// TestToolValues shows the values that an LMS needs.
func TestToolValues(t *testing.T) {
	a := newSite(t).Administrator(t).Get("/admin/tool")
	shows(t, a, http.StatusOK, "Connect an LMS by hand", lti.ScopeMemberships, "context_history=$Context.id.history")
	for _, value := range []string{"/lti/login", "/lti/launch", "/lti/jwks.json", "/icon.svg"} {
		if !strings.Contains(a.Body, `value="`+webtest.BaseURL+value+`"`) {
			t.Errorf("%s is missing", value)
		}
	}
}

// typed returns the form for a platform.
func typed() url.Values {
	return url.Values{
		"name": {" Canvas "}, "issuer": {"https://canvas.example"}, "client_id": {"c1"}, "auth_url": {"https://canvas.example/auth"},
		"token_url": {"https://canvas.example/token"}, "keys_url": {"https://canvas.example/keys"}, "deployment": {"d1"},
	}
}

// TestAddPlatform saves a platform that was typed in, and approves its deployment.
func TestAddPlatform(t *testing.T) {
	s := newSite(t)
	b := s.Administrator(t)
	a := b.Post("/admin/tool/platforms", typed())
	list := s.platforms(t)
	i := 0
	for n, p := range list {
		if p.Registration.ClientID == "c1" {
			i = n
		}
	}
	leadsTo(t, a, "/admin/platforms/"+string(list[i].ID))
	want := lti.Registration{
		ID: lti.RegistrationID(list[i].ID), Issuer: "https://canvas.example", ClientID: "c1", AuthURL: "https://canvas.example/auth",
		TokenURL: "https://canvas.example/token", KeysURL: "https://canvas.example/keys", Name: "Canvas",
	}
	if diff := cmp.Diff(want, list[i].Registration); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
	if approved, err := s.Store.DeploymentApproved(t.Context(), want.ID, "d1"); err != nil || !approved {
		t.Errorf("its deployment is approved: %t, %v", approved, err)
	}
	if diff := cmp.Diff([]string{"admin platform_added", "admin deployment_decided"}, s.acts(t, list[i].ID)); diff != "" {
		t.Errorf("audit log (-want +got):\n%s", diff)
	}
	shows(t, b.Get(a.Header.Get("Location")), http.StatusOK, "Canvas", "c1", "d1", "Approved")
}

// TestAddPlatformRefused shows the form again with what was typed.
func TestAddPlatformRefused(t *testing.T) {
	s := newSite(t)
	b := s.Administrator(t)
	b.Post("/admin/tool/platforms", typed())
	for _, tt := range []struct{ name, field, value, says string }{
		{"a platform that is connected", "name", "Again", "This client is connected already."},
		{"no issuer", "issuer", "canvas", "The issuer must be an https address"},
		{"no client", "client_id", "", "The client ID is missing or too long."},
		{"a login without TLS", "auth_url", "http://canvas.example/auth", "The authentication request URL must be an https address."},
		{"tokens without TLS", "token_url", "http://canvas.example/token", "The access token URL must be an https address."},
		{"keys without TLS", "keys_url", "http://canvas.example/keys", "The public keyset URL must be an https address."},
	} {
		form := typed()
		form.Set(tt.field, tt.value)
		a := b.Post("/admin/tool/platforms", form)
		shows(t, a, http.StatusUnprocessableEntity, tt.says)
		if !strings.Contains(a.Body, `name="`+tt.field+`"`) || !strings.Contains(a.Body, `value="`+tt.value+`"`) || !strings.Contains(a.Body, `value="d1"`) {
			t.Errorf("%s: the form lost what was typed", tt.name)
		}
	}
	if n := len(s.platforms(t)); n != 2 {
		t.Errorf("%d platforms, want 2", n)
	}
}

// TestUseNextKey changes to the key that platforms know already, and makes a new next
// key.
func TestUseNextKey(t *testing.T) {
	s := newSite(t)
	b := s.Administrator(t)
	must(t, s.ring.Rotate(t.Context()))
	before, err := s.ring.Keys(t.Context())
	must(t, err)
	shows(t, b.Get("/admin/tool"), http.StatusOK, "Next 30 May 2026 "+before[0].ID, "In use 1 March 2026 "+before[1].ID)
	leadsTo(t, b.Post("/admin/tool/keys", nil), "/admin/tool#keys")
	after, err := s.ring.Keys(t.Context())
	must(t, err)
	if len(after) != 3 || after[1].ID != before[0].ID || after[1].State != "current" || after[2].ID != before[1].ID || after[2].State != "previous" {
		t.Errorf("keys %+v, before %+v", after, before)
	}
	a := b.Get("/admin/tool")
	shows(t, a, http.StatusOK, after[0].ID, "In use 1 March 2026 "+after[1].ID, "Previous 1 March 2026 "+after[2].ID)
	if strings.Contains(a.Body, "PRIVATE") {
		t.Error("the page has a private key")
	}
}
