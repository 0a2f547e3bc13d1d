package award_test

import (
	"context"
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// TestReleasesAreListed checks every list with awards that are withheld, that
// were released a moment ago, whose window has ended, and that are delivered.
func TestReleasesAreListed(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w := storetest.NewWorld(t, s, "a")
		hold := func(user badges.UserID) badges.Assertion {
			a := w.Assertion(user)
			a.State = badges.Withheld
			awardOne(t, s, a)
			return a
		}
		type lists struct {
			Waiting, Undoable, Due []badges.UserID
			Count                  int
			Any                    bool
		}
		users := func(list []badges.Assertion, err error) (users []badges.UserID) {
			for _, a := range storetest.Must(list, err)(t) {
				users = append(users, a.User)
			}
			return users
		}
		check := func(when string, want lists) {
			t.Helper()
			got := lists{
				users(s.Withheld(t.Context(), w.Course, w.Badge.ID, 10)),
				users(s.Releases(t.Context(), w.Course, w.Badge.ID, badges.UndoWindow, 10)),
				users(s.OldReleases(t.Context(), badges.UndoWindow, 10)),
				storetest.Must(s.CountReleases(t.Context(), w.Course, w.Badge.ID, badges.UndoWindow))(t),
				storetest.Must(award.AnyToDeliver(t.Context(), s))(t),
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", when, diff)
			}
		}
		early := hold("early")
		check("before any release", lists{Waiting: []badges.UserID{"early"}})
		release(t, s, early)
		check("released", lists{Undoable: []badges.UserID{"early"}, Count: 1})
		clock.Add(badges.UndoWindow - time.Second)
		late := hold("late")
		release(t, s, late)
		hold("waits")
		both := lists{Waiting: []badges.UserID{"waits"}, Count: 2}
		both.Undoable = []badges.UserID{"early", "late"}
		if late.ID < early.ID { // the list is sorted by id, which is random
			both.Undoable = []badges.UserID{"late", "early"}
		}
		check("a second before the end", both)
		clock.Add(time.Second)
		check("the first window has ended", lists{Waiting: []badges.UserID{"waits"}, Undoable: []badges.UserID{"late"}, Count: 1, Due: []badges.UserID{"early"}, Any: true})
		if n := deliver(t, s); n != 1 {
			t.Errorf("%d deliveries, want 1", n)
		}
		check("delivered", lists{Waiting: []badges.UserID{"waits"}, Undoable: []badges.UserID{"late"}, Count: 1})
	})
}

// TestMoveOfAnother checks that Move refuses an assertion that has changed
// since it was read.
func TestMoveOfAnother(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		w := storetest.NewWorld(t, s, "a")
		a := w.Assertion("6")
		awardOne(t, s, a)
		before := storetest.Assertion(t, s, a.ID)
		claim(t, s, a.ID)
		err := s.Tx(t.Context(), func(tx *store.Tx) error {
			after := before
			after.State = badges.Declined
			return tx.Move(t.Context(), before, after)
		})
		if !fault.Is(err, fault.Conflict) || storetest.Assertion(t, s, a.ID).State != badges.Claimed {
			t.Errorf("moved from a state that it no longer has: %v", err)
		}
	})
}

// TestHookThatFails checks that an error of a hook rolls back the transition
// and its consequences.
func TestHookThatFails(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		w := storetest.NewWorld(t, s, "a")
		boom := errors.New("boom")
		failing := award.New("https://badges.example.org", rand.Reader, func(context.Context, *store.Tx, []award.Change) error { return boom })
		a := w.Assertion("6")
		err := s.Tx(t.Context(), func(tx *store.Tx) error {
			_, err := failing.Award(t.Context(), tx, []badges.Assertion{a})
			return err
		})
		if _, missing := s.Assertion(t.Context(), a.ID); !errors.Is(err, boom) || !fault.Is(missing, fault.NotFound) {
			t.Errorf("awarded beside a hook that failed: %v, %v", err, missing)
		}
	})
}
