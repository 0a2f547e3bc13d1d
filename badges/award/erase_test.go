package award_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// learnerName is the LMS id of a learner in tests that look for it everywhere.
const learnerName badges.UserID = "the-learner-4711"

// personal are texts of which nothing may be left after an erasure.
var personal = []string{string(learnerName), "Zoë", "zoe", "salt of the learner", "What I saw", "portfolio.example", "A reason about Zoë"}

// byHandTo returns an award by hand with evidence.
func byHandTo(w storetest.World, user badges.UserID) badges.Assertion {
	a := w.Assertion(user)
	a.Salt = "salt of the learner"
	a.Facts = []badges.Fact{{Kind: badges.ByHand, By: "3", Given: &badges.GivenEvidence{Text: "What I saw", Links: []string{"https://portfolio.example/x"}}}}
	return a
}

// TestEraseLeavesNothing erases an award in every state and looks for the learner in
// every column of every table that knows the award.
func TestEraseLeavesNothing(t *testing.T) {
	type act = func(context.Context, *store.Tx, badges.Assertion) error
	accept := func(ctx context.Context, tx *store.Tx, a badges.Assertion) error {
		_, err := awards.Claim(ctx, tx, a.ID, true, true)
		return err
	}
	revoke := func(ctx context.Context, tx *store.Tx, a badges.Assertion) error {
		_, err := awards.TakeBack(ctx, tx, a.Course, a.Badge, a.ID, "3", "A reason about Zoë")
		return err
	}
	states := map[badges.AssertionState][]act{
		badges.Pending: nil, badges.Claimed: {accept}, badges.Private: {accept, hide}, badges.Revoked: {accept, revoke},
		badges.Declined: {decline}, badges.Withdrawn: {revoke}, badges.Withheld: nil,
	}
	storetest.EachReady(t, func(t *testing.T, address string) {
		for state, acts := range states {
			t.Run(string(state), func(t *testing.T) {
				s := storetest.OpenAt(t, address, storetest.NewClock(began))
				w := storetest.NewWorld(t, s, string(state))
				a := byHandTo(w, learnerName)
				if state == badges.Withheld {
					a.State = badges.Withheld
				}
				awardOne(t, s, a)
				for _, act := range acts {
					tx(t, s, func(ctx context.Context, tx *store.Tx) error { return act(ctx, tx, a) })
				}
				before := storetest.Assertion(t, s, a.ID)
				if before.State != state {
					t.Fatalf("%s, want %s", before.State, state)
				}
				bits := statusOf(t, s, a.ID)
				tx(t, s, func(ctx context.Context, tx *store.Tx) error { return erase(ctx, tx, a) })
				want := badges.Assertion{
					ID: a.ID, Course: a.Course, Badge: a.Badge, Version: a.Version, User: badges.UserID(a.ID), State: badges.Erased,
					BaseURL: before.BaseURL, AwardedAt: began, EvidenceUsed: began,
				}
				if diff := cmp.Diff(want, storetest.Assertion(t, s, a.ID)); diff != "" {
					t.Errorf("what is left (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(bits, statusOf(t, s, a.ID)); diff != "" {
					t.Errorf("the bits changed:\n%s", diff)
				}
				for _, table := range []string{"assertions", "audit", "notices", "scores", "status_entries", "erased_holders", "passed_over", "proposals"} {
					for _, row := range storetest.Rows(t, address, table) {
						for _, text := range personal {
							if strings.Contains(row, text) {
								t.Errorf("%s has %q: %s", table, text, row)
							}
						}
					}
				}
				if notices := storetest.Must(s.NoticesOf(t.Context(), a.ID))(t); len(notices) != 0 {
					t.Errorf("notices: %+v", notices)
				}
				err := s.Tx(t.Context(), func(tx *store.Tx) error { return awards.Erase(t.Context(), tx, a.ID) })
				if !fault.Is(err, fault.Conflict) {
					t.Errorf("erased twice: %v", err)
				}
			})
		}
	})
}

// TestEraseTakesOutOfChain erases each award of a chain of three: the others stay a
// chain, and do not refer to it.
func TestEraseTakesOutOfChain(t *testing.T) {
	for erased, want := range map[int]string{0: "2 1", 1: "2 0", 2: "1 0"} {
		t.Run(fmt.Sprint(erased), func(t *testing.T) {
			clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
				w := storetest.Lasting(t, s, 1)
				chain := []badges.Assertion{w.Assertion("6")}
				for i := range 3 {
					if i > 0 {
						chain = append(chain, w.After(chain[i-1]))
					}
					if awardOne(t, s, chain[i]) != 1 {
						t.Fatal("not awarded again")
					}
					claim(t, s, chain[i].ID)
					clock.Add(40 * 24 * time.Hour)
				}
				tx(t, s, func(ctx context.Context, tx *store.Tx) error { return erase(ctx, tx, chain[erased]) })
				var left []string
				list := storetest.Must(s.Chain(t.Context(), w.Course, w.Badge.ID, "6"))(t)
				for i, a := range list {
					for n := range chain {
						if chain[n].ID == a.ID {
							left = append(left, fmt.Sprint(n))
						}
					}
					var next, previous badges.AssertionID
					if i > 0 {
						next = list[i-1].ID
					}
					if i < len(list)-1 {
						previous = list[i+1].ID
					}
					if a.Next != next || a.Previous != previous {
						t.Errorf("%s is between %q and %q, want %q and %q", a.ID, a.Previous, a.Next, previous, next)
					}
				}
				if got := strings.Join(left, " "); got != want {
					t.Errorf("the chain is %s, want %s", got, want)
				}
			})
		})
	}
}

// TestErasedIsNotAwardedAgain checks that the rule does not award an erased badge to
// the same learner again, in an outlook and in a transaction that had decided before;
// that a teacher can; and that the learner can want it again.
func TestErasedIsNotAwardedAgain(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w := storetest.Lasting(t, s, 1)
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			for _, user := range []badges.UserID{"6", "7"} {
				if err := tx.SeeMember(ctx, w.Course, badges.Member{User: user, Name: "x", Email: "x@example.org", Active: true}); err != nil {
					return err
				}
			}
			return tx.SeeMember(ctx, w.Course, badges.Member{User: "3", Name: "Teacher", Active: true, Teaches: true})
		})
		met := badges.Evidence{{Kind: badges.CourseCompleted}: {Read: true, Done: true, At: clock.Now()}}
		outlook := func(user badges.UserID) badges.Outlook {
			t.Helper()
			m := badges.Member{User: user, Email: "x@example.org", Active: true}
			register := storetest.Must(s.Register(t.Context(), w.Course))(t)
			of := storetest.Must(s.RegisterOf(t.Context(), w.Course, user))(t)
			a, b := register.Cases(&w.Badge).Of(m, met).Outlook(clock.Now()), of.Cases(&w.Badge).Of(m, met).Outlook(clock.Now())
			if a.Standing != b.Standing || a.Why != b.Why {
				t.Errorf("the register says %s %s, that of the learner %s %s", a.Standing, a.Why, b.Standing, b.Why)
			}
			return a
		}
		a := w.Assertion("6")
		awardOne(t, s, a)
		claim(t, s, a.ID)
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return erase(ctx, tx, a) })
		if o := outlook("6"); o.Standing != badges.Cannot || o.Why != badges.WhyErased {
			t.Errorf("the learner: %s %s", o.Standing, o.Why)
		}
		if o := outlook("7"); o.Standing != badges.Earns {
			t.Errorf("another learner: %s %s", o.Standing, o.Why)
		}
		if awardOne(t, s, w.Assertion("6")) != 0 || awardOne(t, s, w.Assertion("7")) != 1 {
			t.Error("the rule awards it to the learner again, or to nobody")
		}
		var results []badges.HandResult
		tx(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
			results, err = awards.ByHand(ctx, tx, badges.HandAward{Course: w.Course, Badge: w.Badge.ID, By: "3", To: []badges.HandRecipient{{User: "6"}}})
			return err
		})
		if results[0].Outcome != badges.HandAwarded {
			t.Fatalf("by hand: %+v", results)
		}
		again := storetest.Must(s.Holding(t.Context(), w.Course, w.Badge.ID, "6"))(t)
		clock.Add(40 * 24 * time.Hour)
		met[badges.Subject{Kind: badges.CourseCompleted}] = badges.Observation{Read: true, Done: true, At: clock.Now()}
		if o := outlook("6"); o.Why != badges.WhyErased {
			t.Errorf("expired, and not claimed: %s %s", o.Standing, o.Why)
		}
		claim(t, s, again.Assertion)
		if o := outlook("6"); o.Standing != badges.Earns {
			t.Errorf("the learner wants it again: %s %s", o.Standing, o.Why)
		}
	})
}

// TestEraseOfStep checks that nothing about the lower step refers to an erased award.
func TestEraseOfStep(t *testing.T) {
	storetest.EachReady(t, func(t *testing.T, address string) {
		s := storetest.OpenAt(t, address, storetest.NewClock(began))
		m := newMedals(t, s)
		b, v, g := m.of(bronze), m.of(silver), m.of(gold)
		for _, a := range []badges.Assertion{b, v, g} {
			awardOne(t, s, a)
			claim(t, s, a.ID)
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return takeBack(ctx, tx, b) }) // it stays replaced by silver
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return erase(ctx, tx, v) })
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return erase(ctx, tx, g) })
		for _, erased := range []badges.AssertionID{v.ID, g.ID} {
			for _, table := range []string{"assertions", "audit"} {
				for _, row := range storetest.Rows(t, address, table) {
					if strings.Contains(row, string(erased)) && (strings.Contains(row, string(b.ID)) || strings.Contains(row, "|6|")) {
						t.Errorf("%s refers to an erased award: %s", table, row)
					}
				}
			}
		}
	})
}

// TestHookSeesErasure checks that a hook gets the award as it was, and that the erasure
// is rolled back if it fails.
func TestHookSeesErasure(t *testing.T) {
	s := storetest.SQLite(t)
	a := storetest.NewWorld(t, s, "a").Assertion("6")
	awardOne(t, s, a)
	var seen []award.Change
	refusing := award.New(baseURL, nil, func(_ context.Context, _ *store.Tx, changes []award.Change) error {
		seen = append(seen, changes...)
		return fault.New(fault.Upstream, "problem.upstream")
	})
	err := s.Tx(t.Context(), func(tx *store.Tx) error { return refusing.Erase(t.Context(), tx, a.ID) })
	if !fault.Is(err, fault.Upstream) || len(seen) != 1 || seen[0].Kind != award.Erased || seen[0].Before.User != "6" {
		t.Errorf("%v, %+v", err, seen)
	}
	if got := storetest.Assertion(t, s, a.ID); got.User != "6" || got.Recipient.Name == "" || len(storetest.Must(s.NoticesOf(t.Context(), a.ID))(t)) == 0 {
		t.Errorf("half erased: %+v", got)
	}
}
