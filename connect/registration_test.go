package connect_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
)

// TestRegister registers at a platform. It checks what the platform gets and what is
// stored.
func TestRegister(t *testing.T) {
	w := newWorld(t)
	l := newLMS(w)
	invitation := w.invite()
	question, err := w.registration.Ask(t.Context(), invitation, l.URL+"/configuration")
	w.must(err)
	if want := (connect.Question{Host: strings.TrimPrefix(l.URL, "http://")}); question != want {
		t.Errorf("question = %+v, want %+v", question, want)
	}
	if fetched, posted := l.asked(); fetched+posted > 0 || len(w.platforms()) > 0 {
		t.Errorf("asking fetched %d and registered %d times, and stored %v", fetched, posted, w.platforms())
	}
	id, err := w.registration.Register(t.Context(), connect.Confirmed{Invitation: invitation, Configuration: l.URL + "/configuration", Token: "t0ken"})
	w.must(err)

	want := typedIn(l.URL)
	want.ID, want.Name = lti.RegistrationID(id), question.Host
	w.registered(want)
	if approved, err := w.store.DeploymentApproved(t.Context(), want.ID, "d1"); err != nil || !approved {
		t.Errorf("the deployment that the platform named is approved: %v, %v", approved, err)
	}
	if err := w.invitations.Check(t.Context(), invitation); !refused(err, fault.Gone, "problem.invitation_used") {
		t.Errorf("the invitation, after it was used: %v", err)
	}
	if diff := cmp.Diff([]string{"platform platform_added", "platform deployment_decided"}, w.acts(id)); diff != "" {
		t.Errorf("audit log (-want +got):\n%s", diff)
	}

	sent := l.posted[0]
	tool, _ := sent["https://purl.imsglobal.org/spec/lti-tool-configuration"].(map[string]any)
	for name, pair := range map[string][2]any{
		"registration token": {l.bearer, "Bearer t0ken"},
		"name":               {sent["client_name"], "Insigne"},
		"icon":               {sent["logo_uri"], w.url + "/icon.svg"},
		"scopes":             {sent["scope"], strings.Join(w.registration.Client().Scopes, " ")},
		"target":             {tool["target_link_uri"], w.url + "/launch"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: the platform gets %v, want %v", name, pair[0], pair[1])
		}
	}
	if diff := cmp.Diff(map[string]any{"context_history": "$Context.id.history"}, tool["custom_parameters"]); diff != "" {
		t.Errorf("custom parameters (-want +got):\n%s", diff)
	}
}

// TestAsk refuses an address that no platform sends.
func TestAsk(t *testing.T) {
	w := newWorld(t)
	w.connected("https://lms.example")
	invitation := w.invite()
	for _, address := range []string{"", "lms.example", "/path", "mailto:a@lms.example", "http://[::1"} {
		if _, err := w.registration.Ask(t.Context(), invitation, address); !refused(err, fault.Invalid, "problem.registration_parameters") {
			t.Errorf("%q: %v", address, err)
		}
	}
	for address, connected := range map[string]bool{
		"https://lms.example/configuration?a=b": true,
		"https://other.example/":                false, "https://lms.example:8443/": false, "http://lms.example/": false,
	} {
		if q, err := w.registration.Ask(t.Context(), invitation, address); err != nil || q.Connected != connected {
			t.Errorf("%q: connected %v, %v; want %v", address, q.Connected, err, connected)
		}
	}
}

// TestRegisterRefused registers at platforms that do not follow the standard. Nothing
// is stored, and the invitation can be used again.
func TestRegisterRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(l *lms)
		want   lti.Reason
	}{
		"an issuer elsewhere":  {func(l *lms) { l.configuration["issuer"] = "https://lms.example" }, lti.IssuerForeign},
		"a key set is missing": {func(l *lms) { delete(l.configuration, "jwks_uri") }, lti.ConfigurationInvalid},
		"it says no":           {func(l *lms) { l.status = http.StatusForbidden }, lti.RegistrationRefused},
		"it names no client":   {func(l *lms) { l.client = "" }, lti.RegistrationAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			l := newLMS(w)
			l.set(tt.change)
			invitation := w.invite()
			_, err := w.registration.Register(t.Context(), connect.Confirmed{Invitation: invitation, Configuration: l.URL})
			if lti.ReasonOf(err) != tt.want {
				t.Errorf("refused with %v, want %s", err, tt.want)
			}
			if len(w.platforms()) > 0 || len(w.acts("")) != 1 {
				t.Errorf("stored: %v, %v", w.platforms(), w.acts(""))
			}
			good := newLMS(w)
			if _, err := w.registration.Register(t.Context(), connect.Confirmed{Invitation: invitation, Configuration: good.URL}); err != nil {
				t.Errorf("the same invitation at a platform that works: %v", err)
			}
		})
	}
}

// TestRegisterAgain registers at a connected platform. It works only if the
// administrator confirms it, and changes only the endpoints.
func TestRegisterAgain(t *testing.T) {
	w := newWorld(t)
	l := newLMS(w)
	first, err := w.registration.Register(t.Context(), connect.Confirmed{Invitation: w.invite(), Configuration: l.URL})
	w.must(err)
	w.tx(func(tx *store.Tx) error { return tx.NamePlatform(t.Context(), first, "Lutèce") })
	l.set(func(l *lms) { l.configuration["token_endpoint"] = l.URL + "/token2" })

	again := connect.Confirmed{Invitation: w.invite(), Configuration: l.URL + "/?a=b"}
	if _, err := w.registration.Register(t.Context(), again); !refused(err, fault.Conflict, "problem.register_again") {
		t.Errorf("without confirmation: %v", err)
	}
	if fetched, posted := l.asked(); fetched != 1 || posted != 1 {
		t.Errorf("the platform was asked %d and %d times, want only the first registration", fetched, posted)
	}
	w.must(w.invitations.Check(t.Context(), again.Invitation))
	again.Again = true
	second, err := w.registration.Register(t.Context(), again)
	w.must(err)
	want := typedIn(l.URL)
	want.ID, want.Name, want.TokenURL = lti.RegistrationID(first), "Lutèce", l.URL+"/token2"
	w.registered(want)
	if second != first {
		t.Errorf("the platform's id is %s, was %s", second, first)
	}
	if _, err := w.registration.Register(t.Context(), again); !refused(err, fault.Gone, "problem.invitation_used") {
		t.Errorf("the invitation again: %v", err)
	}
	// The platform may also return another client: then there are two platforms.
	l.set(func(l *lms) { l.client = "c2" })
	again.Invitation = w.invite()
	third, err := w.registration.Register(t.Context(), again)
	w.must(err)
	if third == first || len(w.platforms()) != 2 {
		t.Errorf("another client: platforms = %+v", w.platforms())
	}
}

// TestInvitationSpentMeanwhile revokes, uses or lets the invitation expire while the
// platform answers. The platform is not saved.
func TestInvitationSpentMeanwhile(t *testing.T) {
	for name, tt := range map[string]struct {
		during    func(w *world, c connect.Confirmed) error
		platforms int // platforms of other registrations
	}{
		"revoked": {func(w *world, c connect.Confirmed) error {
			return w.invitations.Revoke(w.Context(), hashOf(c.Invitation))
		}, 0},
		"expired": {func(w *world, _ connect.Confirmed) error {
			w.clock.Add(24 * time.Hour)
			return nil
		}, 0},
		"used elsewhere": {func(w *world, c connect.Confirmed) error {
			c.Configuration = newLMS(w).URL
			_, err := w.registration.Register(w.Context(), c)
			return err
		}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			l := newLMS(w)
			c := connect.Confirmed{Invitation: w.invite(), Configuration: l.URL}
			l.set(func(l *lms) {
				l.during = func() {
					if err := tt.during(w, c); err != nil {
						t.Errorf("meanwhile: %v", err)
					}
				}
			})
			_, err := w.registration.Register(t.Context(), c)
			if !refused(err, fault.Gone, "problem.invitation_used") {
				t.Errorf("registered with %v, want problem.invitation_used", err)
			}
			list := w.platforms()
			if len(list) != tt.platforms || len(list) > 0 && list[0].Registration.Issuer == l.URL {
				t.Errorf("platforms = %+v", list)
			}
		})
	}
}

// TestAddByHand saves a platform that an administrator typed in.
func TestAddByHand(t *testing.T) {
	w := newWorld(t)
	id, err := w.registration.AddByHand(t.Context(), typedIn("https://canvas.example"), "d1")
	w.must(err)
	second := typedIn("https://canvas.example")
	second.ClientID, second.Name = "c2", "Canvas of Lutèce"
	other, err := w.registration.AddByHand(t.Context(), second, "")
	w.must(err)
	first := typedIn("https://canvas.example")
	first.ID, first.Name, second.ID = lti.RegistrationID(id), "canvas.example", lti.RegistrationID(other)
	w.registered(second, first)
	for platform, want := range map[badges.PlatformID]bool{id: true, other: false} {
		if approved, err := w.store.DeploymentApproved(t.Context(), lti.RegistrationID(platform), "d1"); err != nil || approved != want {
			t.Errorf("deployment of %s: approved %v, %v; want %v", platform, approved, err, want)
		}
	}
	if diff := cmp.Diff([]string{"admin platform_added", "admin deployment_decided"}, w.acts(id)); diff != "" {
		t.Errorf("audit log (-want +got):\n%s", diff)
	}
	changed := typedIn("https://canvas.example")
	changed.TokenURL = "https://elsewhere.example/token"
	if _, err := w.registration.AddByHand(t.Context(), changed, ""); !refused(err, fault.Conflict, "tool.known") {
		t.Errorf("the same client again: %v", err)
	}
	w.registered(second, first)
}

// TestAddByHandRefused checks that the error names the field that cannot be used, and
// that nothing is stored.
func TestAddByHandRefused(t *testing.T) {
	w := newWorld(t)
	for field, change := range map[string]func(r *lti.Registration){
		"client_id": func(r *lti.Registration) { r.ClientID = "" },
		"issuer":    func(r *lti.Registration) { r.Issuer = "canvas" },
		"auth_url":  func(r *lti.Registration) { r.AuthURL = "javascript:alert(1)" },
		"token_url": func(r *lti.Registration) { r.TokenURL = "http://canvas.example/token" },
		"keys_url":  func(r *lti.Registration) { r.KeysURL = "https://user:pw@canvas.example/" },
	} {
		reg := typedIn("https://canvas.example")
		change(&reg)
		if _, err := w.registration.AddByHand(t.Context(), reg, "d1"); !refused(err, fault.Invalid, "tool.problem."+field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	if len(w.platforms()) > 0 {
		t.Errorf("platforms = %+v", w.platforms())
	}
}
