package lti_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/lti"
)

func (f *fixture) launchSignedAs(kid string) error {
	f.t.Helper()
	b := f.login(initiation())
	key := platformKey()
	if kid == "key-2" {
		key = foreignKey()
	}
	_, err := f.post(b, sign(f.t, key, map[string]any{"alg": "RS256", "kid": kid}, encode(f.t, f.message(b))))
	return err
}

func (f *fixture) wantFetches(want int32) {
	f.t.Helper()
	if got := f.platform.fetches.Load(); got != want {
		f.t.Errorf("key set fetched %d times, want %d", got, want)
	}
}

func TestKeysAreKept(t *testing.T) {
	f := newFixture(t)
	for range 5 {
		wantReason(t, f.launchSignedAs("key-1"), "")
		f.clock.move(11 * time.Minute)
	}
	f.wantFetches(1)
	f.clock.move(time.Hour)
	wantReason(t, f.launchSignedAs("key-1"), "")
	f.wantFetches(2)
}

func TestUnknownKeyIsLookedForOnce(t *testing.T) { // case 2
	f := newFixture(t)
	wantReason(t, f.launchSignedAs("key-1"), "")
	f.clock.move(2 * time.Minute)
	wantReason(t, f.launchSignedAs("key-9"), lti.KeyUnknown)
	f.wantFetches(2)
}

func TestPlatformRotatesItsKey(t *testing.T) { // case 93
	f := newFixture(t)
	wantReason(t, f.launchSignedAs("key-1"), "")
	f.clock.move(2 * time.Minute)
	f.platform.publish(publicKey("key-2", foreignKey()))
	wantReason(t, f.inParallel(20, "key-2"), "")
	f.wantFetches(2)
	wantReason(t, f.launchSignedAs("key-1"), lti.KeyUnknown)
}

// inParallel makes n launches at the same time and returns one of the errors.
func (f *fixture) inParallel(n int, kid string) error {
	var wg sync.WaitGroup
	errs := make(chan error, n)
	for range n {
		wg.Go(func() { errs <- f.launchSignedAs(kid) })
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Attack: somebody makes the tool look for keys that do not exist.
func TestFloodOfUnknownKeys(t *testing.T) { // case 94
	f := newFixture(t)
	for range 3 {
		for range 50 {
			wantReason(t, f.launchSignedAs("key-9"), lti.KeyUnknown)
		}
		f.clock.move(time.Minute)
	}
	f.wantFetches(3)
}

func TestPlatformDown(t *testing.T) { // case 95
	f := newFixture(t)
	wantReason(t, f.launchSignedAs("key-1"), "")
	f.platform.setDown(true)
	f.clock.move(3 * time.Hour)
	wantReason(t, f.launchSignedAs("key-1"), "")
	wantReason(t, f.launchSignedAs("key-9"), lti.KeyUnknown)
	f.wantFetches(2)
	f.clock.move(2 * time.Minute)
	wantReason(t, f.launchSignedAs("key-9"), lti.KeysUnavailable)
}

func TestPlatformDownFromTheStart(t *testing.T) {
	f := newFixture(t)
	f.platform.setDown(true)
	wantReason(t, f.launchSignedAs("key-1"), lti.KeysUnavailable)
	wantReason(t, f.launchSignedAs("key-1"), lti.KeysUnavailable)
	f.wantFetches(1)
	f.platform.setDown(false)
	f.clock.move(time.Minute)
	wantReason(t, f.launchSignedAs("key-1"), "")
}

// Useless keys do not hide the useful one.
func TestOddKeySets(t *testing.T) {
	useless := func(name string, value any) map[string]any {
		k := publicKey("key-2", foreignKey())
		k[name] = value
		return k
	}
	f := newFixture(t)
	f.platform.publish(
		map[string]any{"kty": "AKP", "kid": "key-1", "alg": "ML-DSA-44", "pub": "AA"},
		map[string]any{"kty": "oct", "kid": "key-2", "k": "c2VjcmV0"},
		useless("alg", "RS512"), useless("use", "enc"), useless("kid", ""), useless("n", "!"),
		useless("n", strings.Repeat("_", 16384/6)), // checking a signature with it takes long
		publicKey("key-1", platformKey()),
	)
	wantReason(t, f.launchSignedAs("key-1"), "")
	wantReason(t, f.launchSignedAs("key-2"), lti.KeyUnknown)
}

func TestKeySetCannotBeRead(t *testing.T) {
	good := encode(t, map[string]any{"keys": []any{publicKey("key-1", platformKey())}})
	for name, handler := range map[string]http.HandlerFunc{
		"a web page": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) },
		"endless": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(good + strings.Repeat(" ", 2<<20)))
		},
		"missing": http.NotFound,
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(handler)
			t.Cleanup(server.Close)
			f := newFixture(t)
			f.store.registrations[0].KeysURL = server.URL + "/?secret=1"
			wantReason(t, f.launchSignedAs("key-1"), lti.KeysUnavailable)
		})
	}
}
