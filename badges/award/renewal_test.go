package award_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// TestEndIsFrozen checks that a change of the badge does not change the end of
// an award.
func TestEndIsFrozen(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		w := storetest.Lasting(t, s, 1)
		a := w.Assertion("6")
		awardOne(t, s, a)
		content := w.Badge.Current.Content
		content.ValidMonths = 0
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.EditBadge(ctx, w.Course, w.Badge.ID, content, "3")
			return err
		})
		if got, want := storetest.Assertion(t, s, a.ID).ExpiresAt, time.Date(2026, 2, 28, 10, 0, 0, 0, time.UTC); !got.Equal(want) {
			t.Errorf("ends %s, want %s", got, want)
		}
	})
}

// TestFollows checks when an award may follow another: from the time of the
// reminder on, only after the newest one, and only in a state that allows it.
func TestFollows(t *testing.T) {
	for name, tt := range map[string]struct {
		days   int
		change func(ctx context.Context, tx *store.Tx, a badges.Assertion) error
		byHand bool
		want   int
	}{
		"too early":             {days: 10, want: 0},
		"in time":               {days: 20, want: 1},
		"when it is over":       {days: 40, want: 1},
		"declined":              {days: 40, change: decline, want: 0},
		"declined, by hand":     {days: 40, change: decline, byHand: true, want: 1},
		"taken back":            {days: 40, change: takeBack, want: 0},
		"taken back, by hand":   {days: 1, change: takeBack, byHand: true, want: 1},
		"too early, by hand":    {days: 1, byHand: true, want: 0},
		"expired, by hand":      {days: 40, byHand: true, want: 1},
		"newest is another one": {days: 40, change: overtake, want: 0},
	} {
		t.Run(name, func(t *testing.T) {
			clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
				w := storetest.Lasting(t, s, 1)
				first := w.Assertion("6")
				awardOne(t, s, first)
				clock.Add(time.Duration(tt.days) * 24 * time.Hour)
				if tt.change != nil {
					tx(t, s, func(ctx context.Context, tx *store.Tx) error { return tt.change(ctx, tx, first) })
				}
				next := w.After(first)
				if tt.byHand {
					next.Facts = []badges.Fact{{Kind: badges.ByHand, By: "3"}}
				}
				if got := awardOne(t, s, next); got != tt.want {
					t.Fatalf("%d awards, want %d", got, tt.want)
				}
				chain, err := s.Chain(t.Context(), w.Course, w.Badge.ID, "6")
				if err != nil {
					t.Fatal(err)
				}
				checkChain(t, chain)
				if tt.want == 1 && (chain[0].ID != next.ID || chain[0].Previous != first.ID || len(chain) != 2) {
					t.Errorf("chain = %+v", chain)
				}
			})
		})
	}
}

// checkChain checks that one award of the list is the newest, and that each
// other is followed by the one before it.
func checkChain(t *testing.T, chain []badges.Assertion) {
	t.Helper()
	for i, a := range chain {
		var next, previous badges.AssertionID
		if i > 0 {
			next = chain[i-1].ID
		}
		if i+1 < len(chain) {
			previous = chain[i+1].ID
		}
		if a.Next != next || a.Previous != previous {
			t.Errorf("award %d is between %q and %q, want %q and %q", i, a.Previous, a.Next, previous, next)
		}
	}
}

// TestOneAwardMoreHoweverManyRuns renews one award in many transactions at the
// same time: one new award is made.
func TestOneAwardMoreHoweverManyRuns(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w := storetest.Lasting(t, s, 1)
		first := w.Assertion("6")
		awardOne(t, s, first)
		claim(t, s, first.ID)
		clock.Add(20 * 24 * time.Hour)
		var made atomic.Int32
		var group sync.WaitGroup
		for i := range 20 {
			group.Go(func() {
				next := w.After(first)
				if i%3 == 0 { // a run that has not seen the first award
					next.Previous = ""
				}
				err := s.Tx(t.Context(), func(tx *store.Tx) error {
					n, err := awards.Award(t.Context(), tx, []badges.Assertion{next})
					made.Add(int32(n))
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		chain, err := s.Chain(t.Context(), w.Course, w.Badge.ID, "6")
		if err != nil || len(chain) != 2 || made.Load() != 1 {
			t.Fatalf("%d awards, %d reported, %v; want one more", len(chain), made.Load(), err)
		}
		checkChain(t, chain)
		if got := storetest.Assertion(t, s, first.ID); got.State != badges.Claimed {
			t.Errorf("the first is %s: it keeps its own life", got.State)
		}
		if notices, err := s.NoticesOf(t.Context(), chain[0].ID); err != nil || len(notices) != 2 {
			t.Errorf("%d notices of the new one, %v", len(notices), err)
		}
	})
}

// TestReadersOfChains checks that lists and counts of learners use only the
// newest award, and that lists of one learner have all of them.
func TestReadersOfChains(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w := storetest.Lasting(t, s, 1)
		first := w.Assertion("6")
		awardOne(t, s, first)
		claim(t, s, first.ID)
		clock.Add(20 * 24 * time.Hour)
		second := w.After(first)
		second.EvidenceAfter = clock.Now().Add(-time.Hour)
		awardOne(t, s, second)

		list, err := s.Recipients(t.Context(), w.Course, w.Badge.ID, store.RecipientQuery{Limit: 10})
		if err != nil || len(list) != 1 || list[0].ID != second.ID || !list[0].EvidenceAfter.Equal(second.EvidenceAfter) {
			t.Errorf("recipients = %+v, %v", list, err)
		}
		counts, err := s.CountRecipients(t.Context(), w.Course, w.Badge.ID, "")
		if diff := cmp.Diff(map[badges.AssertionState]int{badges.Pending: 1}, counts); err != nil || diff != "" {
			t.Errorf("counts, %v:\n%s", err, diff)
		}
		all, err := s.Badges(t.Context(), w.Course)
		if err != nil || all[0].Counts != (badges.Counts{Pending: 1}) {
			t.Errorf("counts of the badge = %+v, %v", all, err)
		}
		holders, err := s.Holders(t.Context(), w.Course, w.Badge.ID)
		if err != nil || len(holders) != 1 || holders["6"].Assertion != second.ID || !holders["6"].EvidenceUntil.Equal(clock.Now()) {
			t.Errorf("holders = %+v, %v", holders, err)
		}
		for _, list := range [][]badges.Assertion{
			storetest.Must(s.AssertionsOf(t.Context(), w.Course, "6"))(t), storetest.Must(s.AssertionsOfPerson(t.Context(), w.Course.Platform, "6"))(t),
			storetest.Must(s.AssertionsOfBadge(t.Context(), w.Course, w.Badge.ID))(t),
		} {
			if len(list) != 2 || list[0].ID != second.ID {
				t.Errorf("awards = %+v, want both, the newest first", list)
			}
		}
		if review := storetest.Collect(t, s.Reviewable(t.Context(), w.Course, w.Badge.ID)); len(review) != 1 || review[0].ID != second.ID {
			t.Errorf("reviewed = %+v, want the newest", review)
		}
		clock.Add(40 * 24 * time.Hour)
		if review := storetest.Collect(t, s.Reviewable(t.Context(), w.Course, w.Badge.ID)); len(review) != 0 {
			t.Errorf("what is over is reviewed: %+v", review)
		}
		expired := storetest.Must(s.Recipients(t.Context(), w.Course, w.Badge.ID, store.RecipientQuery{State: store.Expired, Limit: 10}))(t)
		counts = storetest.Must(s.CountRecipients(t.Context(), w.Course, w.Badge.ID, ""))(t)
		if len(expired) != 1 || counts[store.Expired] != 1 || counts[badges.Pending] != 1 {
			t.Errorf("%d expired, counts %v", len(expired), counts)
		}
	})
}

// TestValidityBeginsWithTheDelivery checks that the validity of a withheld
// award begins when it is delivered.
func TestValidityBeginsWithTheDelivery(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w := storetest.Lasting(t, s, 1)
		a := w.Assertion("6")
		a.State = badges.Withheld
		awardOne(t, s, a)
		if got := storetest.Assertion(t, s, a.ID); !got.ExpiresAt.IsZero() {
			t.Errorf("withheld, and ends %s", got.ExpiresAt)
		}
		clock.Add(60 * 24 * time.Hour)
		release(t, s, a)
		if got := storetest.Assertion(t, s, a.ID); !got.ExpiresAt.IsZero() {
			t.Errorf("released a moment ago, and ends %s", got.ExpiresAt)
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := awards.UndoRelease(ctx, tx, w.Course, w.Badge.ID, "3", 100)
			return err
		})
		if got := storetest.Assertion(t, s, a.ID); !got.ExpiresAt.IsZero() {
			t.Errorf("withheld again, and ends %s", got.ExpiresAt)
		}
		release(t, s, a)
		clock.Add(badges.UndoWindow)
		deliver(t, s)
		if got, want := storetest.Assertion(t, s, a.ID).ExpiresAt, w.Badge.Current.Ends(clock.Now()); !got.Equal(want) {
			t.Errorf("ends %s, want %s", got, want)
		}
	})
}

// TestProposalOvertaken checks a proposal after an award to the same learner:
// it is not listed, and does not block a new one when the badge can be awarded
// again.
func TestProposalOvertaken(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w := classWorld(t, s, "b")
		content := w.Badge.Current.Content
		content.ValidMonths = 1
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			if _, err := tx.EditBadge(ctx, w.Course, w.Badge.ID, content, "3"); err != nil {
				return err
			}
			return tx.SetEndorsed(ctx, w.Course, w.Badge.ID, true, "3")
		})
		w.Badge = storetest.Must(s.Badge(t.Context(), w.Course, w.Badge.ID))(t)
		carryOut(t, s, hand(w, "3", "6"))
		clock.Add(time.Hour)
		first := w.Assertion("6")
		awardOne(t, s, first)
		if open := proposals(t, s, w); len(open) != 0 {
			t.Errorf("the overtaken proposal is listed: %+v", open)
		}
		if diff := cmp.Diff([]string{badges.HandHas}, carryOut(t, s, hand(w, "3", "6"))); diff != "" {
			t.Errorf("while the award is young (-want +got):\n%s", diff)
		}
		clock.Add(40 * 24 * time.Hour)
		if diff := cmp.Diff([]string{"proposed"}, carryOut(t, s, hand(w, "3", "6"))); diff != "" {
			t.Fatalf("when it is over (-want +got):\n%s", diff)
		}
		open := proposals(t, s, w)
		if len(open) != 1 {
			t.Fatalf("proposals = %+v, want the new one", open)
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			result, err := awards.Confirm(ctx, tx, open[0], "4")
			if result.Outcome != badges.HandAwarded {
				t.Errorf("outcome = %+v", result)
			}
			return err
		})
		chain := storetest.Must(s.Chain(t.Context(), w.Course, w.Badge.ID, "6"))(t)
		if checkChain(t, chain); len(chain) != 2 || chain[0].ID != open[0].ID {
			t.Errorf("chain = %+v", chain)
		}
	})
}

// TestAwardedAnew checks an award that the policy withdrew and makes again: its
// validity begins again, it keeps its place in the chain, and older evidence
// still does not count.
func TestAwardedAnew(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w := storetest.Lasting(t, s, 1)
		first := w.Assertion("6")
		awardOne(t, s, first)
		clock.Add(20 * 24 * time.Hour)
		second := w.After(first)
		second.EvidenceAfter = clock.Now().Add(-20 * 24 * time.Hour)
		awardOne(t, s, second)
		withdraw := func(ctx context.Context, tx *store.Tx) error { return withdrawByPolicy(ctx, tx, second) }
		tx(t, s, withdraw)
		clock.Add(24 * time.Hour)
		again := second
		again.Facts = []badges.Fact{{Kind: badges.CourseCompleted, At: clock.Now().Add(time.Minute)}} // their clock is ahead
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return awardAgain(ctx, tx, again) })
		got := storetest.Assertion(t, s, second.ID)
		if got.State != badges.Pending || !got.ExpiresAt.Equal(w.Badge.Current.Ends(clock.Now())) || got.Previous != first.ID || !got.EvidenceAfter.Equal(second.EvidenceAfter) {
			t.Errorf("awarded anew: %+v", got)
		}
		if h := storetest.Must(s.Holding(t.Context(), w.Course, w.Badge.ID, "6"))(t); !h.EvidenceUntil.Equal(again.Facts[0].At) {
			t.Errorf("evidence is used up until %s, want %s", h.EvidenceUntil, again.Facts[0].At)
		}
		// After an award by hand, the award that the policy withdrew is not
		// made again.
		tx(t, s, withdraw)
		byHand := w.After(second)
		byHand.Facts = []badges.Fact{{Kind: badges.ByHand, By: "3"}}
		if awardOne(t, s, byHand) != 1 {
			t.Fatal("a teacher cannot award what the policy withdrew")
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return awardAgain(ctx, tx, again) })
		if got := storetest.Assertion(t, s, second.ID).State; got != badges.Withdrawn {
			t.Errorf("awarded anew beside the teacher's: %s", got)
		}
	})
}

// TestFollowsTheNewest checks that a run which read an older award changes
// nothing, even if the newest allows another.
func TestFollowsTheNewest(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w := storetest.Lasting(t, s, 1)
		first := w.Assertion("6")
		awardOne(t, s, first)
		clock.Add(40 * 24 * time.Hour)
		second := w.After(first)
		awardOne(t, s, second)
		clock.Add(40 * 24 * time.Hour)
		if made := awardOne(t, s, w.After(first)); made != 0 {
			t.Errorf("%d awards after one that is not the newest", made)
		}
		stranger := w.After(second)
		stranger.User = "7"
		if made := awardOne(t, s, stranger); made != 0 {
			t.Error("an award follows that of somebody else")
		}
		chain := storetest.Must(s.Chain(t.Context(), w.Course, w.Badge.ID, "6"))(t)
		if checkChain(t, chain); len(chain) != 2 {
			t.Errorf("chain = %+v", chain)
		}
	})
}
