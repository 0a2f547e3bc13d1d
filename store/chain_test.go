package store_test

import (
	"context"
	"fmt"
	"iter"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// clocked runs f on both databases with a clock that f moves.
func clocked(t *testing.T, f func(t *testing.T, s *store.Store, clock *storetest.Clock)) {
	t.Helper()
	storetest.EachAt(t, time.Date(2026, 1, 31, 10, 0, 0, 0, time.UTC), f)
}

// lasting is a world whose badge is valid for some months.
func lasting(t *testing.T, s *store.Store, months int) world {
	t.Helper()
	w := newWorld(t, s, "a")
	content := w.badge.Current.Content
	content.ValidMonths = months
	tx(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		w.badge, err = tx.EditBadge(ctx, w.course, w.badge.ID, content, "3")
		return err
	})
	if w.badge.Current.ValidMonths != months {
		t.Fatalf("valid for %d months, want %d", w.badge.Current.ValidMonths, months)
	}
	return w
}

func awardOne(t *testing.T, s *store.Store, a badges.Assertion) (made int) {
	t.Helper()
	tx(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		made, err = tx.Award(ctx, []badges.Assertion{a})
		return err
	})
	return made
}

func claim(t *testing.T, s *store.Store, id badges.AssertionID) {
	t.Helper()
	tx(t, s, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Claim(ctx, id, true, true)
		return err
	})
}

func read(t *testing.T, s *store.Store, id badges.AssertionID) badges.Assertion {
	t.Helper()
	a, err := s.Assertion(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// after is another award to the learner of a.
func (w world) after(a badges.Assertion) badges.Assertion {
	next := w.assertion(a.User)
	next.Previous = a.ID
	return next
}

// TestEndIsFrozen: what the badge says later changes no award.
func TestEndIsFrozen(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		w := lasting(t, s, 1)
		a := w.assertion("6")
		awardOne(t, s, a)
		content := w.badge.Current.Content
		content.ValidMonths = 0
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.EditBadge(ctx, w.course, w.badge.ID, content, "3")
			return err
		})
		if got, want := read(t, s, a.ID).ExpiresAt, time.Date(2026, 2, 28, 10, 0, 0, 0, time.UTC); !got.Equal(want) {
			t.Errorf("ends %s, want %s", got, want)
		}
	})
}

// TestFollows has awards follow one another: only from the reminder's time on,
// only after the newest one, and only in a state that allows it.
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
				w := lasting(t, s, 1)
				first := w.assertion("6")
				awardOne(t, s, first)
				clock.Add(time.Duration(tt.days) * 24 * time.Hour)
				if tt.change != nil {
					tx(t, s, func(ctx context.Context, tx *store.Tx) error { return tt.change(ctx, tx, first) })
				}
				next := w.after(first)
				if tt.byHand {
					next.Facts = []badges.Fact{{Kind: badges.ByHand, By: "3"}}
				}
				if got := awardOne(t, s, next); got != tt.want {
					t.Fatalf("%d awards, want %d", got, tt.want)
				}
				chain, err := s.Chain(t.Context(), w.course, w.badge.ID, "6")
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

func decline(ctx context.Context, tx *store.Tx, a badges.Assertion) error {
	_, err := tx.Decline(ctx, a.ID)
	return err
}

func takeBack(ctx context.Context, tx *store.Tx, a badges.Assertion) error {
	_, err := tx.TakeBack(ctx, a.Course, a.Badge, a.ID, "3", "by mistake")
	return err
}

func overtake(ctx context.Context, tx *store.Tx, a badges.Assertion) error {
	other := a
	other.ID, other.Previous = "00000000-0000-4000-8000-000000000001", a.ID
	_, err := tx.Award(ctx, []badges.Assertion{other})
	return err
}

// checkChain wants one newest award, and every other to be followed by the one
// before it in the list.
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

// TestOneAwardMoreHoweverManyRuns renews one award from many sides at once.
func TestOneAwardMoreHoweverManyRuns(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w := lasting(t, s, 1)
		first := w.assertion("6")
		awardOne(t, s, first)
		claim(t, s, first.ID)
		clock.Add(20 * 24 * time.Hour)
		var made atomic.Int32
		var group sync.WaitGroup
		for i := range 20 {
			group.Go(func() {
				next := w.after(first)
				if i%3 == 0 { // a run that knows nothing of the first
					next.Previous = ""
				}
				err := s.Tx(t.Context(), func(tx *store.Tx) error {
					n, err := tx.Award(t.Context(), []badges.Assertion{next})
					made.Add(int32(n))
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		chain, err := s.Chain(t.Context(), w.course, w.badge.ID, "6")
		if err != nil || len(chain) != 2 || made.Load() != 1 {
			t.Fatalf("%d awards, %d reported, %v; want one more", len(chain), made.Load(), err)
		}
		checkChain(t, chain)
		if got := read(t, s, first.ID); got.State != badges.Claimed {
			t.Errorf("the first is %s: it keeps its own life", got.State)
		}
		if notices, err := s.NoticesOf(t.Context(), chain[0].ID); err != nil || len(notices) != 2 {
			t.Errorf("%d notices of the new one, %v", len(notices), err)
		}
	})
}

// TestReadersOfChains: what lists and counts learners takes the newest award
// alone, what tells of one learner all.
func TestReadersOfChains(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w := lasting(t, s, 1)
		first := w.assertion("6")
		awardOne(t, s, first)
		claim(t, s, first.ID)
		clock.Add(20 * 24 * time.Hour)
		second := w.after(first)
		second.EvidenceAfter = clock.Now().Add(-time.Hour)
		awardOne(t, s, second)

		list, err := s.Recipients(t.Context(), w.course, w.badge.ID, store.RecipientQuery{Limit: 10})
		if err != nil || len(list) != 1 || list[0].ID != second.ID || !list[0].EvidenceAfter.Equal(second.EvidenceAfter) {
			t.Errorf("recipients = %+v, %v", list, err)
		}
		counts, err := s.CountRecipients(t.Context(), w.course, w.badge.ID, "")
		if diff := cmp.Diff(map[badges.AssertionState]int{badges.Pending: 1}, counts); err != nil || diff != "" {
			t.Errorf("counts, %v:\n%s", err, diff)
		}
		all, err := s.Badges(t.Context(), w.course)
		if err != nil || all[0].Counts != (badges.Counts{Pending: 1}) {
			t.Errorf("counts of the badge = %+v, %v", all, err)
		}
		holders, err := s.Holders(t.Context(), w.course, w.badge.ID)
		if err != nil || len(holders) != 1 || holders["6"].Assertion != second.ID || !holders["6"].EvidenceUntil.Equal(clock.Now()) {
			t.Errorf("holders = %+v, %v", holders, err)
		}
		for _, list := range [][]badges.Assertion{
			must(s.AssertionsOf(t.Context(), w.course, "6"))(t), must(s.AssertionsOfPerson(t.Context(), w.course.Platform, "6"))(t),
			must(s.AssertionsOfBadge(t.Context(), w.course, w.badge.ID))(t),
		} {
			if len(list) != 2 || list[0].ID != second.ID {
				t.Errorf("awards = %+v, want both, the newest first", list)
			}
		}
		if review := collect(t, s.Reviewable(t.Context(), w.course, w.badge.ID)); len(review) != 1 || review[0].ID != second.ID {
			t.Errorf("reviewed = %+v, want the newest", review)
		}
		clock.Add(40 * 24 * time.Hour)
		if review := collect(t, s.Reviewable(t.Context(), w.course, w.badge.ID)); len(review) != 0 {
			t.Errorf("what is over is reviewed: %+v", review)
		}
		expired := must(s.Recipients(t.Context(), w.course, w.badge.ID, store.RecipientQuery{State: store.Expired, Limit: 10}))(t)
		counts = must(s.CountRecipients(t.Context(), w.course, w.badge.ID, ""))(t)
		if len(expired) != 1 || counts[store.Expired] != 1 || counts[badges.Pending] != 1 {
			t.Errorf("%d expired, counts %v", len(expired), counts)
		}
	})
}

func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// collect is what a query goes through.
func collect[T any](t *testing.T, rows iter.Seq2[T, error]) []T {
	t.Helper()
	var list []T
	for v, err := range rows {
		list = append(list, must(v, err)(t))
	}
	return list
}

// TestTenure: an expired badge is not held, one of several awards is enough, and
// since when is the earliest that is valid.
func TestTenure(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w := lasting(t, s, 1)
		tenure := func() badges.Tenure {
			return must(s.HoldersSince(t.Context(), w.course.Platform, w.badge.ID))(t)["6"]
		}
		first := w.assertion("6")
		awardOne(t, s, first)
		began := clock.Now()
		clock.Add(20 * 24 * time.Hour)
		awardOne(t, s, w.after(first))
		again := clock.Now()
		if got := tenure(); !got.Since.Equal(began) || !got.Ended.IsZero() {
			t.Errorf("while both are valid: %+v", got)
		}
		clock.Add(10 * 24 * time.Hour)
		if got := tenure(); !got.Since.Equal(again) || !got.Ended.IsZero() {
			t.Errorf("when the first is over: %+v", got)
		}
		clock.Add(30 * 24 * time.Hour)
		want := w.badge.Current.Ends(again)
		if got := tenure(); !got.Ended.Equal(want) {
			t.Errorf("when both are over: %+v, want ended %s", got, want)
		}
	})
}

// TestReminder writes the notices of an end once, from many sides, and only of
// what is claimed, newest and not over.
func TestReminder(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w := lasting(t, s, 1)
		batch := make([]badges.Assertion, 6)
		for i := range batch {
			batch[i] = w.assertion(badges.UserID(fmt.Sprint(i)))
			awardOne(t, s, batch[i])
		}
		claimed, pending, declined, revoked, renewed, late := batch[0], batch[1], batch[2], batch[3], batch[4], batch[5]
		for _, a := range []badges.Assertion{claimed, revoked, renewed} {
			claim(t, s, a.ID)
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return decline(ctx, tx, declined) })
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return takeBack(ctx, tx, revoked) })
		if due := must(s.DueReminders(t.Context(), clock.Now()))(t); due {
			t.Error("a reminder is due at once")
		}
		clock.Add(15 * 24 * time.Hour)
		awardOne(t, s, w.after(renewed))
		remindEverybody(t, s)
		check := func(a badges.Assertion, want int) {
			t.Helper()
			notices := must(s.NoticesOf(t.Context(), a.ID))(t)
			got := 0
			for _, n := range notices {
				if n.About == badges.OfEnd {
					got++
				}
			}
			if got != want {
				t.Errorf("learner %s has %d notices of the end, want %d", a.User, got, want)
			}
		}
		check(claimed, 2)
		for _, a := range []badges.Assertion{pending, declined, revoked, renewed} {
			check(a, 0)
		}
		claim(t, s, pending.ID) // late, but in time for the reminder
		remindEverybody(t, s)
		check(pending, 2)
		clock.Add(30 * 24 * time.Hour)
		claim(t, s, late.ID) // when it was over
		remindEverybody(t, s)
		check(late, 0)
		check(claimed, 2)
		if due := must(s.DueReminders(t.Context(), clock.Now()))(t); due {
			t.Error("reminders are looked at for ever")
		}
	})
}

func remindEverybody(t *testing.T, s *store.Store) {
	t.Helper()
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 3 {
				if err := s.Tx(t.Context(), func(tx *store.Tx) error { return tx.RemindDue(t.Context(), 2) }); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}

// TestNoticesApart: the two notices of an award do not mix.
func TestNoticesApart(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w := lasting(t, s, 1)
		a := w.assertion("6")
		awardOne(t, s, a)
		claim(t, s, a.ID)
		clock.Add(20 * 24 * time.Hour)
		remindEverybody(t, s)
		end := badges.SendNotice{Assertion: a.ID, Channel: badges.ByMail, About: badges.OfEnd}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.NoticeFailed(ctx, end, "mail.server_busy") })
		failing, waiting, err := s.NoticeQueue(t.Context())
		if err != nil || waiting != 2 || len(failing) != 1 || failing[0].SendNotice != end {
			t.Errorf("failing %+v, %d waiting, %v", failing, waiting, err)
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.NoticeSent(ctx, end) })
		old := badges.SendNotice{Assertion: a.ID, Channel: badges.ByMail} // as jobs of earlier versions name it
		if n, err := s.Notice(t.Context(), old); err != nil || !n.SentAt.IsZero() || n.About != badges.OfAward {
			t.Errorf("the notice of the award is %+v, %v", n, err)
		}
	})
}

// TestTimeBeginsWithTheRelease: what the jury holds back does not run out.
func TestTimeBeginsWithTheRelease(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w := lasting(t, s, 1)
		a := w.assertion("6")
		a.State = badges.Held
		awardOne(t, s, a)
		if got := read(t, s, a.ID); !got.ExpiresAt.IsZero() {
			t.Errorf("held back, and ends %s", got.ExpiresAt)
		}
		clock.Add(60 * 24 * time.Hour)
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Release(ctx, w.course, w.badge.ID, []badges.AssertionID{a.ID}, "3")
			return err
		})
		if got, want := read(t, s, a.ID).ExpiresAt, w.badge.Current.Ends(clock.Now()); !got.Equal(want) {
			t.Errorf("ends %s, want %s", got, want)
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.UndoRelease(ctx, w.course, w.badge.ID, "3")
			return err
		})
		if got := read(t, s, a.ID); !got.ExpiresAt.IsZero() {
			t.Errorf("held back again, and ends %s", got.ExpiresAt)
		}
	})
}

// TestProposalOvertaken: a proposal that an award came before is not listed, and
// does not stand in the way once the badge may be awarded again.
func TestProposalOvertaken(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w := classWorld(t, s, "b")
		content := w.badge.Current.Content
		content.ValidMonths = 1
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			if _, err := tx.EditBadge(ctx, w.course, w.badge.ID, content, "3"); err != nil {
				return err
			}
			return tx.SetEndorsed(ctx, w.course, w.badge.ID, true, "3")
		})
		w.badge = must(s.Badge(t.Context(), w.course, w.badge.ID))(t)
		award(t, s, w.hand("3", "6"))
		clock.Add(time.Hour)
		first := w.assertion("6")
		awardOne(t, s, first)
		if open := proposals(t, s, w); len(open) != 0 {
			t.Errorf("the overtaken proposal is listed: %+v", open)
		}
		if diff := cmp.Diff([]string{badges.HandHeld}, award(t, s, w.hand("3", "6"))); diff != "" {
			t.Errorf("while the award is young (-want +got):\n%s", diff)
		}
		clock.Add(40 * 24 * time.Hour)
		if diff := cmp.Diff([]string{"proposed"}, award(t, s, w.hand("3", "6"))); diff != "" {
			t.Fatalf("when it is over (-want +got):\n%s", diff)
		}
		open := proposals(t, s, w)
		if len(open) != 1 {
			t.Fatalf("proposals = %+v, want the new one", open)
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			result, err := tx.ConfirmProposal(ctx, open[0], "4")
			if result.Outcome != badges.HandAwarded {
				t.Errorf("outcome = %+v", result)
			}
			return err
		})
		chain := must(s.Chain(t.Context(), w.course, w.badge.ID, "6"))(t)
		if checkChain(t, chain); len(chain) != 2 || chain[0].ID != open[0].ID {
			t.Errorf("chain = %+v", chain)
		}
	})
}

// TestAwardedAnew: what the policy withdrew and awards again begins its time
// again, keeps its place in the chain, and counts no older evidence than before.
func TestAwardedAnew(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w := lasting(t, s, 1)
		first := w.assertion("6")
		awardOne(t, s, first)
		clock.Add(20 * 24 * time.Hour)
		second := w.after(first)
		second.EvidenceAfter = clock.Now().Add(-20 * 24 * time.Hour)
		awardOne(t, s, second)
		withdraw := func(ctx context.Context, tx *store.Tx) error {
			if err := tx.EvidenceFell(ctx, second); err != nil {
				return err
			}
			_, err := tx.TakeBack(ctx, second.Course, second.Badge, second.ID, store.ByPolicy, "gone")
			return err
		}
		tx(t, s, withdraw)
		clock.Add(24 * time.Hour)
		again := second
		again.Facts = []badges.Fact{{Kind: badges.CourseCompleted, At: clock.Now().Add(time.Minute)}} // their clock is ahead
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AwardAgain(ctx, again) })
		got := read(t, s, second.ID)
		if got.State != badges.Pending || !got.ExpiresAt.Equal(w.badge.Current.Ends(clock.Now())) || got.Previous != first.ID || !got.EvidenceAfter.Equal(second.EvidenceAfter) {
			t.Errorf("awarded anew: %+v", got)
		}
		if h := must(s.Holding(t.Context(), w.course, w.badge.ID, "6"))(t); !h.EvidenceUntil.Equal(again.Facts[0].At) {
			t.Errorf("evidence is used up until %s, want %s", h.EvidenceUntil, again.Facts[0].At)
		}
		// Once a teacher awarded it by hand, the policy's is history.
		tx(t, s, withdraw)
		byHand := w.after(second)
		byHand.Facts = []badges.Fact{{Kind: badges.ByHand, By: "3"}}
		if awardOne(t, s, byHand) != 1 {
			t.Fatal("a teacher cannot award what the policy withdrew")
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AwardAgain(ctx, again) })
		if got := read(t, s, second.ID).State; got != badges.Withdrawn {
			t.Errorf("awarded anew beside the teacher's: %s", got)
		}
	})
}

// TestFollowsTheNewest: a run that read an earlier award long ago changes
// nothing, though the newest allows another.
func TestFollowsTheNewest(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w := lasting(t, s, 1)
		first := w.assertion("6")
		awardOne(t, s, first)
		clock.Add(40 * 24 * time.Hour)
		second := w.after(first)
		awardOne(t, s, second)
		clock.Add(40 * 24 * time.Hour)
		if made := awardOne(t, s, w.after(first)); made != 0 {
			t.Errorf("%d awards after one that is not the newest", made)
		}
		stranger := w.after(second)
		stranger.User = "7"
		if made := awardOne(t, s, stranger); made != 0 {
			t.Error("an award follows that of somebody else")
		}
		chain := must(s.Chain(t.Context(), w.course, w.badge.ID, "6"))(t)
		if checkChain(t, chain); len(chain) != 2 {
			t.Errorf("chain = %+v", chain)
		}
	})
}
