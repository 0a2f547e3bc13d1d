package award_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"slices"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

const baseURL = "https://badges.example.org"

// versionsOf returns the versions of the lists in which an award has an entry.
func versionsOf(t testing.TB, s *store.Store, id badges.AssertionID) map[badges.StatusPurpose]int {
	t.Helper()
	found := map[badges.StatusPurpose]int{}
	for _, e := range storetest.Must(s.StatusEntries(t.Context(), id))(t) {
		found[e.Purpose] = storetest.Must(s.StatusList(t.Context(), e.List))(t).Version
	}
	return found
}

// TestClaimFreezes checks that the claim, and nothing before it, freezes the base URL
// and draws the entries, and that a second claim at another address changes neither.
func TestClaimFreezes(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		w := storetest.NewWorld(t, s, "a")
		a := w.Assertion("6")
		awardOne(t, s, a)
		if got := storetest.Assertion(t, s, a.ID); got.BaseURL != "" || len(statusOf(t, s, a.ID)) != 0 {
			t.Errorf("before the claim: %q, %v", got.BaseURL, statusOf(t, s, a.ID))
		}
		claim(t, s, a.ID)
		entries := storetest.Must(s.StatusEntries(t.Context(), a.ID))(t)
		if got := storetest.Assertion(t, s, a.ID); got.BaseURL != baseURL || len(entries) != 2 || entries[0].Purpose != badges.ForRevocation || entries[1].Purpose != badges.ForMessage {
			t.Fatalf("claimed: %q, %+v", got.BaseURL, entries)
		}
		for _, e := range entries {
			list := storetest.Must(s.StatusList(t.Context(), e.List))(t)
			if list.Issuer != w.Issuer || list.BaseURL != baseURL || e.BaseURL != baseURL || list.Purpose != e.Purpose || list.Version != 1 || e.Index < 0 || e.Index >= badges.StatusListSize {
				t.Errorf("%+v in %+v", e, list)
			}
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := award.New("https://moved.example.org", rand.Reader).Claim(ctx, tx, a.ID, false, false)
			return err
		})
		if got := storetest.Assertion(t, s, a.ID); got.BaseURL != baseURL || got.ShowName {
			t.Errorf("claimed again: %+v", got)
		}
		if diff := cmp.Diff(entries, storetest.Must(s.StatusEntries(t.Context(), a.ID))(t)); diff != "" {
			t.Error(diff)
		}
	})
}

// TestClaimNeedsAddressAndRandomness checks that nothing is claimed without a base URL,
// or if the random source fails.
func TestClaimNeedsAddressAndRandomness(t *testing.T) {
	s := storetest.SQLite(t)
	a := storetest.NewWorld(t, s, "a").Assertion("6")
	awardOne(t, s, a)
	broken := errors.New("no randomness")
	for name, by := range map[string]award.Awards{
		"no base URL": award.New("", rand.Reader), "no random source": award.New(baseURL, nil), "a broken one": award.New(baseURL, iotest.ErrReader(broken)),
	} {
		err := s.Tx(t.Context(), func(tx *store.Tx) error {
			_, err := by.Claim(t.Context(), tx, a.ID, true, true)
			return err
		})
		if err == nil || !fault.Is(err, fault.Internal) || storetest.Assertion(t, s, a.ID).State != badges.Pending {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestReplacedIsMessage checks that a claimed award is listed under "message" while a
// higher step replaces it, that its revocation bit stays as it is, and that an award
// which was replaced before the claim is in no list.
func TestReplacedIsMessage(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		m := newMedals(t, s)
		b, g := m.of(bronze), m.of(gold)
		check := func(when string, message bool, version int) {
			t.Helper()
			want := map[badges.StatusPurpose]bool{badges.ForRevocation: false, badges.ForMessage: message}
			if diff := cmp.Diff(want, statusOf(t, s, b.ID)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", when, diff)
			}
			if got := versionsOf(t, s, b.ID); got[badges.ForMessage] != version || got[badges.ForRevocation] != 1 {
				t.Errorf("%s: versions %v, want %d of messages", when, got, version)
			}
		}
		awardOne(t, s, b)
		claim(t, s, b.ID)
		awardOne(t, s, g)
		check("gold waits", false, 1)
		claim(t, s, g.ID)
		check("gold is claimed", true, 2)
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return hide(ctx, tx, g) })
		check("gold is hidden", true, 2)
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return erase(ctx, tx, g) })
		check("gold is erased", false, 3)

		other := m
		other.user = "7"
		waiting := other.of(bronze)
		awardOne(t, s, waiting)
		awardOne(t, s, other.of(gold))
		if got := statusOf(t, s, waiting.ID); len(got) != 0 {
			t.Errorf("replaced before the claim: %v", got)
		}
	})
}

// TestStatusFollowsState does random acts to the awards of a ladder. After each, the
// bits of every award are those of its state; bits of an erased award stay; and a list
// that changed has the next version.
func TestStatusFollowsState(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		m := newMedals(t, s)
		random := mathrand.New(mathrand.NewPCG(12, 34))
		var made []badges.AssertionID
		erased := map[badges.AssertionID]map[badges.StatusPurpose]bool{}
		acts := []func(context.Context, *store.Tx, badges.Assertion) error{
			func(ctx context.Context, tx *store.Tx, a badges.Assertion) error {
				_, err := awards.Claim(ctx, tx, a.ID, true, true)
				return err
			},
			decline, hide, show, takeBack, withdrawByPolicy, awardAgain, erase,
		}
		for range 250 {
			clock.Add(time.Minute)
			bits, versions := snapshot(t, s, made), listVersions(t, s, m.Issuer)
			err := s.Tx(t.Context(), func(tx *store.Tx) error {
				if len(made) == 0 || random.IntN(4) == 0 {
					m.user = badges.UserID(fmt.Sprint(random.IntN(12)))
					a := m.of(random.IntN(3))
					made = append(made, a.ID)
					_, err := awards.Award(t.Context(), tx, []badges.Assertion{a})
					return err
				}
				a, err := tx.Assertion(t.Context(), made[random.IntN(len(made))])
				if err != nil {
					return err
				}
				if a.State == badges.Withdrawn {
					a.State = badges.Pending
				}
				return acts[random.IntN(len(acts))](t.Context(), tx, a)
			})
			if err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.NotFound) {
				t.Fatal(err)
			}
			made = slices.DeleteFunc(made, func(id badges.AssertionID) bool { // the learner had the badge
				_, err := s.Assertion(t.Context(), id)
				return fault.Is(err, fault.NotFound)
			})
			for _, id := range made {
				checkStatus(t, s, storetest.Assertion(t, s, id), bits, erased)
			}
			checkVersions(t, versions, listVersions(t, s, m.Issuer), !cmp.Equal(bits, snapshot(t, s, made)))
		}
		if len(made) < 20 || len(erased) < 3 {
			t.Errorf("the walk made %d awards and erased %d", len(made), len(erased))
		}
	})
}

type bitsOf map[badges.AssertionID]map[badges.StatusPurpose]bool

func snapshot(t *testing.T, s *store.Store, ids []badges.AssertionID) bitsOf {
	t.Helper()
	all := bitsOf{}
	for _, id := range ids {
		if bits := statusOf(t, s, id); bits[badges.ForMessage] || bits[badges.ForRevocation] {
			all[id] = bits
		}
	}
	return all
}

func listVersions(t *testing.T, s *store.Store, issuer badges.IssuerID) []int {
	t.Helper()
	versions := []int{1, 1}
	for i, l := range storetest.Must(s.StatusLists(t.Context(), issuer, baseURL))(t) {
		versions[i] = l.Version
	}
	return versions
}

// checkVersions checks that versions moved by at most one, and only if bits changed.
func checkVersions(t *testing.T, before, after []int, changed bool) {
	t.Helper()
	moved := 0
	for i := range after {
		step := after[i] - before[i]
		if step < 0 || step > 1 {
			t.Errorf("versions %v, then %v", before, after)
		}
		moved += step
	}
	if changed != (moved > 0) {
		t.Errorf("bits changed: %t; versions %v, then %v", changed, before, after)
	}
}

// checkStatus checks the bits of one award.
func checkStatus(t *testing.T, s *store.Store, a badges.Assertion, before bitsOf, erased bitsOf) {
	t.Helper()
	got := statusOf(t, s, a.ID)
	if (len(got) == 2) != (a.BaseURL != "") || len(got) != 0 && len(got) != 2 {
		t.Errorf("%s, base URL %q: entries %v", a.State, a.BaseURL, got)
	}
	if a.WasClaimed() && a.BaseURL != baseURL {
		t.Errorf("%s has the base URL %q", a.State, a.BaseURL)
	}
	if a.State == badges.Erased {
		if _, known := erased[a.ID]; !known {
			erased[a.ID] = before[a.ID]
		}
		for purpose, set := range got {
			if set != erased[a.ID][purpose] {
				t.Errorf("erased: %s is %t", purpose, set)
			}
		}
		return
	}
	if revoked := a.State == badges.Revoked; got[badges.ForRevocation] != revoked {
		t.Errorf("%s: revocation %t", a.State, got[badges.ForRevocation])
	}
	if replaced := a.BaseURL != "" && a.ReplacedBy != ""; got[badges.ForMessage] != replaced && a.State != badges.Revoked {
		t.Errorf("%s, replaced by %q: message %t", a.State, a.ReplacedBy, got[badges.ForMessage])
	}
}

// TestClaimsAtOnce claims the awards of many learners at the same time: each gets its
// entries, and one list of each purpose begins.
func TestClaimsAtOnce(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		w := storetest.NewWorld(t, s, "a")
		batch := make([]badges.Assertion, 12)
		for i := range batch {
			batch[i] = w.Assertion(badges.UserID(fmt.Sprint("learner ", i)))
			awardOne(t, s, batch[i])
		}
		failures := make(chan error, 2*len(batch))
		for _, a := range slices.Concat(batch, batch) { // each learner presses twice
			go func() {
				failures <- s.Tx(t.Context(), func(tx *store.Tx) error {
					_, err := awards.Claim(t.Context(), tx, a.ID, true, true)
					return err
				})
			}()
		}
		for range 2 * len(batch) {
			if err := <-failures; err != nil {
				t.Error(err)
			}
		}
		taken := map[badges.StatusEntry]bool{}
		for _, a := range batch {
			for _, e := range storetest.Must(s.StatusEntries(t.Context(), a.ID))(t) {
				taken[e] = true
			}
		}
		if lists := storetest.Must(s.StatusLists(t.Context(), w.Issuer, baseURL))(t); len(taken) != 2*len(batch) || len(lists) != 2 {
			t.Errorf("%d entries in %d lists", len(taken), len(lists))
		}
	})
}
