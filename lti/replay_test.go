package lti_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/lti"
)

func TestReplayInParallel(t *testing.T) { // case 14
	f := newFixture(t)
	b := f.login(initiation())
	token := sign(t, platformKey(), header(), encode(t, f.message(b)))
	var wg sync.WaitGroup
	var accepted, used atomic.Int32
	for range 50 {
		wg.Go(func() {
			_, err := f.post(b, token)
			if err == nil {
				accepted.Add(1)
			} else if lti.ReasonOf(err) == lti.StateUnknown {
				used.Add(1)
			}
		})
	}
	wg.Wait()
	if launch := f.store.used[lti.LoginID(b.state)]; len(f.store.used) != 1 || launch.User != "6" {
		t.Errorf("what is remembered: %+v, want the one launch", f.store.used)
	}
	if accepted.Load() != 1 || used.Load() != 49 {
		t.Errorf("accepted %d times and refused as used %d times, want 1 and 49", accepted.Load(), used.Load())
	}
}

// Attack: attacker and victim each have cookies and a login of their own, at two
// clients of one issuer.
func TestTwoBrowsers(t *testing.T) {
	tests := []struct {
		name  string
		cross func(f *fixture, victim, attacker browser) (browser, string)
		want  lti.Reason
	}{
		{"15 attacker's answer in the victim's browser", func(f *fixture, victim, attacker browser) (browser, string) {
			return browser{state: attacker.state, cookies: victim.cookies}, f.token(attacker)
		}, lti.BrowserMismatch},
		{"15 no cookies", func(f *fixture, _, attacker browser) (browser, string) {
			return browser{state: attacker.state}, f.token(attacker)
		}, lti.BrowserMismatch},
		{"13 attacker's token with the victim's state", func(f *fixture, victim, attacker browser) (browser, string) {
			return victim, f.token(attacker)
		}, lti.NonceWrong},
		{"13 nonce used before", func(f *fixture, victim, attacker browser) (browser, string) {
			token := f.token(attacker)
			if _, err := f.post(attacker, token); err != nil {
				f.t.Fatal(err)
			}
			return victim, token
		}, lti.NonceWrong},
		{"15 state never issued", func(f *fixture, victim, _ browser) (browser, string) {
			return browser{state: "made-up", cookies: victim.cookies}, f.token(victim)
		}, lti.StateUnknown},
		{"15 no state", func(f *fixture, victim, _ browser) (browser, string) {
			return browser{cookies: victim.cookies}, f.token(victim)
		}, lti.StateMissing},
		{"15 state expired", func(f *fixture, victim, _ browser) (browser, string) {
			f.clock.move(10*time.Minute + time.Second)
			return victim, f.token(victim)
		}, lti.StateUnknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t)
			b, token := tt.cross(f, f.login(initiation()), f.login(initiation()))
			_, err := f.post(b, token)
			wantReason(t, err, tt.want)
		})
	}
}

func (f *fixture) token(b browser) string {
	f.t.Helper()
	return sign(f.t, platformKey(), header(), encode(f.t, f.message(b)))
}

// Mix-up attack: a token for one client is sent with the state of another client of the
// same issuer, which has the same keys.
func TestTokenOfAnotherClient(t *testing.T) {
	f := newFixture(t)
	f.store.registrations = append(f.store.registrations, registration(f.platform, "two", "https://lms.example", "client-2"))
	second := initiation()
	second.ClientID = "client-2"
	_, err := f.post(f.login(second), f.token(f.login(initiation())))
	wantReason(t, err, lti.AudienceWrong)
}
