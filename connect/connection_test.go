package connect_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/lti"
)

// check checks the connection of a platform.
func (w *world) check(platform badges.PlatformID) ([]connect.Probe, error) {
	w.Helper()
	p, err := w.store.Platform(w.Context(), platform)
	w.must(err)
	return connect.NewConnection(w.store, w.tool, w.registration.Client().Scopes).Check(w.Context(), p)
}

// probed checks the connection and compares the probes.
func (w *world) probed(platform badges.PlatformID, want ...connect.Probe) {
	w.Helper()
	got, err := w.check(platform)
	w.must(err)
	if diff := cmp.Diff(want, got); diff != "" {
		w.Errorf("probes (-want +got):\n%s", diff)
	}
}

// tokens returns the probes of all scopes with the same reason.
func (w *world) tokens(reason lti.Reason) []connect.Probe {
	var probes []connect.Probe
	for _, scope := range w.registration.Client().Scopes {
		probes = append(probes, connect.Probe{Kind: connect.ProbeToken, OK: reason == "", Scope: scope, Reason: reason})
	}
	return probes
}

// TestConnection checks a campus before and after its first launch. It compares the
// clocks of the last launch that succeeded.
func TestConnection(t *testing.T) {
	w := newWorld(t)
	s := newSchool(w)
	granted := w.tokens("")
	w.probed(s.platform, append(granted, connect.Probe{Kind: connect.ProbeCourse})...)
	s.open(w)
	all := append(granted, connect.Probe{Kind: connect.ProbeRoster, OK: true, Count: 13}, connect.Probe{Kind: connect.ProbeColumns, OK: true, Count: 1})
	w.probed(s.platform, all...)
	w.launched(s.platform, "login 1", -30*time.Second)
	w.launched(w.connected("https://lms.example"), "login 2", time.Hour) // another platform: says nothing about the campus
	w.probed(s.platform, append(all, connect.Probe{Kind: connect.ProbeClocks, OK: true, Count: 30})...)
	w.clock.Add(time.Second)
	w.launched(s.platform, "login 3", 31*time.Second)
	w.probed(s.platform, append(all, connect.Probe{Kind: connect.ProbeClocks, Count: 31})...)
	if n := s.Calls()["token"]; n != len(granted) {
		t.Errorf("%d tokens were asked for, want one for each scope", n)
	}
}

// TestConnectionRefused checks a platform that grants nothing. Each probe says why.
func TestConnectionRefused(t *testing.T) {
	w := newWorld(t)
	l := newLMS(w)
	id, err := w.registration.Register(t.Context(), connect.Confirmed{Invitation: w.invite(), Configuration: l.URL})
	w.must(err)
	l.set(func(l *lms) { l.status = http.StatusForbidden })
	w.probed(id, append(w.tokens(lti.AccessRefused), connect.Probe{Kind: connect.ProbeCourse})...)
	school{platform: id}.arrive(w, lti.Services{MembershipsURL: l.URL + "/roster"})
	w.probed(id, append(w.tokens(lti.AccessRefused),
		connect.Probe{Kind: connect.ProbeRoster, Reason: lti.AccessRefused},
		connect.Probe{Kind: connect.ProbeColumns, Reason: lti.ServiceAbsent})...)
}

// TestConnectionBroken checks that a failure of Insigne is an error, because no
// administrator of an LMS can correct it.
func TestConnectionBroken(t *testing.T) {
	w := newWorld(t)
	platform := w.connected("https://lms.example")
	w.keys.broken = errors.New("no keys")
	if probes, err := w.check(platform); !errors.Is(err, w.keys.broken) {
		t.Errorf("check = %+v, %v", probes, err)
	}
}
