package award_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// TestReminder runs many reminders at the same time: each is written once, and
// only for awards that are claimed, newest and not expired.
func TestReminder(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w := storetest.Lasting(t, s, 1)
		batch := make([]badges.Assertion, 6)
		for i := range batch {
			batch[i] = w.Assertion(badges.UserID(fmt.Sprint(i)))
			awardOne(t, s, batch[i])
		}
		claimed, pending, declined, revoked, renewed, late := batch[0], batch[1], batch[2], batch[3], batch[4], batch[5]
		for _, a := range []badges.Assertion{claimed, revoked, renewed} {
			claim(t, s, a.ID)
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return decline(ctx, tx, declined) })
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return takeBack(ctx, tx, revoked) })
		if due := storetest.Must(s.RemindersDue(t.Context()))(t); due {
			t.Error("a reminder is due at once")
		}
		clock.Add(15 * 24 * time.Hour)
		awardOne(t, s, w.After(renewed))
		remindEverybody(t, s)
		check := func(a badges.Assertion, want int) {
			t.Helper()
			notices := storetest.Must(s.NoticesOf(t.Context(), a.ID))(t)
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
		claim(t, s, late.ID) // after it had expired
		remindEverybody(t, s)
		check(late, 0)
		check(claimed, 2)
		if due := storetest.Must(s.RemindersDue(t.Context()))(t); due {
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
				if err := s.Tx(t.Context(), func(tx *store.Tx) error { return awards.Remind(t.Context(), tx, 2) }); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}

// TestNoticesApart checks that the notice and the reminder of an award are
// independent.
func TestNoticesApart(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w := storetest.Lasting(t, s, 1)
		a := w.Assertion("6")
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
