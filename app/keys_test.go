package app_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/app"
	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/jobs"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// settings describes an installation with a database of its own.
func settings(t *testing.T) app.Config {
	t.Helper()
	return app.Config{
		BaseURL: "https://badges.example.org", DatabaseURL: "sqlite:" + filepath.Join(t.TempDir(), "insigne.db"),
		Secret: storetest.Config(t, "").Secret,
	}
}

// start opens an installation, until stop or the end of the test.
func start(t *testing.T, cfg app.Config) (a *app.App, stop func()) {
	t.Helper()
	a, err := app.New(t.Context(), cfg, jobs.DefaultPace())
	if err != nil {
		t.Fatal(err)
	}
	open := true
	stop = func() {
		if open {
			open = false
			if err := a.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	t.Cleanup(stop)
	return a, stop
}

// saveIssuer saves an organisation without keys, as an earlier version did.
func saveIssuer(t *testing.T, a *app.App) badges.IssuerID {
	t.Helper()
	return storetest.NewWorld(t, a.Store(), "client").Issuer
}

// work runs the background work until what it shall do has happened.
func work(t *testing.T, a *app.App, happened func() bool) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.Work(ctx) }()
	deadline := time.Now().Add(time.Minute)
	for !happened() && time.Now().Before(deadline) {
		time.Sleep(20 * time.Millisecond)
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if !happened() {
		t.Fatal("the background work did not do it within a minute")
	}
}

// TestIssuerKeys reads the keys of an organisation of an earlier version. There are
// none until the background work makes them, and reading makes none. After a restart
// they are the same.
func TestIssuerKeys(t *testing.T) {
	cfg := settings(t)
	a, stop := start(t, cfg)
	issuer := saveIssuer(t, a)
	for range 2 {
		if keys, err := a.IssuerKeys().IssuerKeys(t.Context(), issuer); !fault.Is(err, fault.Upstream) || fault.KindOf(err) != fault.Upstream || len(keys.RSA) > 0 {
			t.Fatalf("keys before they are made: %+v, %v", keys, err)
		}
	}
	work(t, a, func() bool {
		_, err := a.IssuerKeys().IssuerKeys(t.Context(), issuer)
		return err == nil
	})
	keys := storetest.Must(a.IssuerKeys().IssuerKeys(t.Context(), issuer))(t)
	if diff := cmp.Diff("current, next; current, next; current, next", describe(t, keys)); diff != "" {
		t.Error(diff)
	}
	if _, err := a.IssuerKeys().IssuerKeys(t.Context(), "none"); !fault.Is(err, fault.Upstream) {
		t.Errorf("keys of an organisation that does not exist: %v", err)
	}

	stop()
	again, _ := start(t, cfg)
	if diff := cmp.Diff(ids(keys), ids(storetest.Must(again.IssuerKeys().IssuerKeys(t.Context(), issuer))(t))); diff != "" {
		t.Errorf("keys after a restart: %s", diff)
	}
}

// describe says which keys of each list sign, and checks their kind.
func describe(t *testing.T, keys credential.IssuerKeys) (text string) {
	t.Helper()
	for i, list := range [][]credential.SigningKey{keys.Ed25519, keys.RSA, keys.P256} {
		if i > 0 {
			text += "; "
		}
		for n, k := range list {
			switch private := k.Private.(type) {
			case ed25519.PrivateKey:
				if i != 0 {
					t.Errorf("an Ed25519 key in list %d", i)
				}
			case *rsa.PrivateKey:
				if i != 1 || private.N.BitLen() < 2048 {
					t.Errorf("an RSA key of %d bits in list %d", private.N.BitLen(), i)
				}
			case *ecdsa.PrivateKey:
				if i != 2 || private.Curve.Params().Name != "P-256" {
					t.Errorf("a key on %s in list %d", private.Curve.Params().Name, i)
				}
			default:
				t.Errorf("%T in list %d", private, i)
			}
			if n > 0 {
				text += ", "
			}
			switch {
			case k.Current:
				text += "current"
			case k.SignsFrom.After(time.Now()):
				text += "next"
			default:
				text += "previous"
			}
		}
	}
	return text
}

func ids(keys credential.IssuerKeys) (ids []string) {
	for _, list := range [][]credential.SigningKey{keys.Ed25519, keys.RSA, keys.P256} {
		for _, k := range list {
			ids = append(ids, k.ID)
		}
	}
	return ids
}

// TestRotationOfIssuers lets years pass. The background work rotates the keys of every
// organisation, and all that ever signed stay.
func TestRotationOfIssuers(t *testing.T) {
	cfg := settings(t)
	clock := storetest.NewClock(time.Now().AddDate(-3, 0, 0))
	cfg.Now = clock.Now
	a, _ := start(t, cfg)
	issuer := saveIssuer(t, a)
	var other badges.IssuerID
	storetest.Tx(t, a.Store(), func(ctx context.Context, tx *store.Tx) (err error) {
		first, err := tx.Issuer(ctx, issuer)
		if err != nil {
			return err
		}
		other, err = tx.SaveIssuer(ctx, badges.Issuer{Platform: first.Platform, Name: "Faculté", URL: "https://f.example", Email: "f@f.example"})
		return err
	})
	keysOf := func(issuer badges.IssuerID) credential.IssuerKeys {
		keys, err := a.IssuerKeys().IssuerKeys(t.Context(), issuer)
		if err != nil && !fault.Is(err, fault.Upstream) {
			t.Fatal(err)
		}
		return keys
	}
	var first []string
	for year := range 3 {
		work(t, a, func() bool { return len(keysOf(issuer).P256) == year+2 && len(keysOf(other).P256) == year+2 })
		if year == 0 {
			first = ids(keysOf(issuer))
		}
		clock.Add(365*24*time.Hour + time.Minute)
	}
	now := map[string]bool{}
	for _, id := range ids(keysOf(issuer)) {
		now[id] = true
	}
	for _, id := range first {
		if !now[id] {
			t.Errorf("key %s vanished", id)
		}
	}
	for _, id := range ids(keysOf(other)) {
		if now[id] {
			t.Errorf("key %s belongs to two organisations", id)
		}
	}
}
