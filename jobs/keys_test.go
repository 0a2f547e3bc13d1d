package jobs_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/keyring"
	"github.com/insigne-badges/insigne/internal/secret"
	"github.com/insigne-badges/insigne/jobs"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// TestKeysOfOrganisations rotates the keys of organisations as soon as the work starts.
// Keys that cannot be opened stop only the organisation that they belong to.
func TestKeysOfOrganisations(t *testing.T) {
	storetest.EachAt(t, time.Now().AddDate(-2, 0, 0), func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		key := storetest.Config(t, "").Secret
		organisations := saveIssuers(t, s, 3)
		broken, healthy := organisations[1], slices.Delete(slices.Clone(organisations), 1, 2)
		another, err := secret.New([]byte(strings.Repeat("x", secret.MinLength)), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if err := keyring.NewIssuers(s, another, clock.Now).Rotate(t.Context(), string(broken)); err != nil {
			t.Fatal(err)
		}
		clock.Add(2 * 365 * 24 * time.Hour) // a change is due
		issuers := keyring.NewIssuers(s, key, clock.Now)
		var log bytes.Buffer
		runner, err := jobs.New(jobs.Config{
			Store: s, Keyring: &keyring.Ring{Policy: keyring.ForLTI(), Rows: s, Secret: key, Now: clock.Now}, Issuers: issuers,
			Pace: jobs.DefaultPace(), Random: func() float64 { return 0.5 }, Now: clock.Now, Log: slog.New(slog.NewTextHandler(&log, nil)),
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- runner.Run(ctx) }()
		deadline := time.Now().Add(time.Minute)
		for number := 0; number < 6*len(healthy) && time.Now().Before(deadline); {
			time.Sleep(20 * time.Millisecond)
			number = 0
			for _, id := range healthy {
				number += len(storetest.Must(issuers.Keys(t.Context(), string(id)))(t))
			}
		}
		time.Sleep(100 * time.Millisecond) // the error is logged at the end
		stop()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		for _, id := range healthy {
			if keys := storetest.Must(issuers.Keys(t.Context(), string(id)))(t); len(keys) != 6 {
				t.Errorf("an organisation has %d keys, want 6", len(keys))
			}
		}
		if text := log.String(); !strings.Contains(text, "keys of organisations not rotated") || !strings.Contains(text, string(broken)) || strings.Contains(text, string(healthy[1])) {
			t.Errorf("log: %s", text)
		}
	})
}

// saveIssuers saves n organisations and returns their ids in order.
func saveIssuers(t *testing.T, s *store.Store, n int) []badges.IssuerID {
	t.Helper()
	storetest.Tx(t, s, func(ctx context.Context, tx *store.Tx) error {
		platform, err := tx.SavePlatform(ctx, lti.Registration{Issuer: "https://lms.example.org", ClientID: "client", Name: "LMS"}, "1", badges.ByPlatform)
		for range n {
			if err == nil {
				_, err = tx.SaveIssuer(ctx, badges.Issuer{Platform: platform, Name: "U", URL: "https://u.example", Email: "u@u.example"})
			}
		}
		return err
	})
	return storetest.Must(s.IssuerIDs(t.Context()))(t)
}
