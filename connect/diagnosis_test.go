package connect_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// TestLaunches lists launches with what an administrator needs.
func TestLaunches(t *testing.T) {
	w := newWorld(t)
	d := connect.NewDiagnosis(w.store, w.clock.Now)
	platform := w.connected("https://lms.example")
	w.launched(platform, "login 1", 31*time.Second)
	w.clock.Add(time.Minute)
	w.must(d.NoteLaunch(t.Context(), fmt.Errorf("verify: %w", &lti.Error{
		Reason: lti.DeploymentPending, Registration: lti.RegistrationID(platform), Detail: "d1", Err: errors.New("a cause"), ReturnURL: "https://lms.example/?sesskey=s",
	})))
	w.must(d.NoteLaunch(t.Context(), errors.New("no database")))
	w.clock.Add(time.Minute)
	w.must(d.NoteLaunch(t.Context(), &lti.Error{Reason: lti.StateMissing}))
	got, err := d.Launches(t.Context())
	w.must(err)
	want := []connect.Launch{
		{LaunchNote: store.LaunchNote{At: begin.Add(2 * time.Minute), Reason: lti.StateMissing}, Fix: connect.FixAgain},
		{
			LaunchNote:   store.LaunchNote{At: begin.Add(time.Minute), Reason: lti.DeploymentPending, Platform: platform, Detail: "d1"},
			PlatformName: "lms.example", Fix: connect.FixDeployment,
		},
		{
			LaunchNote:   store.LaunchNote{At: begin, Platform: platform, Message: lti.ResourceLinkRequest, Skew: 31 * time.Second},
			PlatformName: "lms.example", Skewed: true,
		},
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b []string) bool { return len(a) == len(b) })); diff != "" {
		t.Errorf("launches (-want +got):\n%s", diff)
	}
}

// TestRefusedLaunchesAreLimited sends very many refused launches. The store keeps
// twenty at once and then one a second.
func TestRefusedLaunchesAreLimited(t *testing.T) {
	w := newWorld(t)
	d := connect.NewDiagnosis(w.store, w.clock.Now)
	flood := func() {
		for range 50 {
			w.must(d.NoteLaunch(t.Context(), &lti.Error{Reason: lti.StateMissing}))
		}
	}
	for i, want := range []int{20, 23} {
		flood()
		if got, err := d.Launches(t.Context()); err != nil || len(got) != want {
			t.Errorf("flood %d: %d launches, %v; want %d", i, len(got), err, want)
		}
		w.clock.Add(3 * time.Second)
	}
}

// TestRefusedLogins checks that the same logins are counted, that the latest come
// first, and that very many logins and long texts are cut.
func TestRefusedLogins(t *testing.T) {
	clock := storetest.NewClock(begin)
	d := connect.NewDiagnosis(nil, clock.Now)
	note := func(issuer string, err error) {
		clock.Add(time.Second)
		d.NoteLogin(lti.LoginRequest{Issuer: issuer}, err)
	}
	unknown := &lti.Error{Reason: lti.RegistrationUnknown}
	note("https://a.example", unknown)
	note("https://b.example", unknown)
	note("https://a.example", unknown)
	note("https://b.example", errors.New("no database"))
	want := []connect.RefusedLogin{
		{At: begin.Add(3 * time.Second), Times: 2, Issuer: "https://a.example", Reason: lti.RegistrationUnknown, Fix: connect.FixRegister},
		{At: begin.Add(2 * time.Second), Times: 1, Issuer: "https://b.example", Reason: lti.RegistrationUnknown, Fix: connect.FixRegister},
	}
	if diff := cmp.Diff(want, d.Logins()); diff != "" {
		t.Errorf("remembered (-want +got):\n%s", diff)
	}
	for n := range 100 {
		note(fmt.Sprint(n, strings.Repeat("x", 4000)), unknown)
	}
	list := d.Logins()
	if len(list) != 20 || !strings.HasPrefix(list[0].Issuer, "99") || len(list[0].Issuer) > 200 {
		t.Errorf("after a flood: %d, the latest %.300q", len(list), list[0].Issuer)
	}
}

// TestFixOf checks that every reason has a fix. If nobody here can do anything, it is
// the LMS's fault.
func TestFixOf(t *testing.T) {
	for reason, want := range map[lti.Reason]connect.Fix{
		lti.TokenExpired: connect.FixClocks, lti.BrowserMismatch: connect.FixCookies, lti.KeysUnavailable: connect.FixKeys,
		lti.TargetForeign: connect.FixLink, lti.SubjectMissing: connect.FixPerson, lti.VersionWrong: connect.FixLMS, "new": connect.FixLMS,
	} {
		if got := connect.FixOf(reason); got != want {
			t.Errorf("%s: %s, want %s", reason, got, want)
		}
	}
}
