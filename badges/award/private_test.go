package award_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// TestPrivateHasTheBadge checks that everything but the public treats a private award
// like a claimed one: lists, counts, reviews, rules that ask for the badge, reminders
// and renewal.
func TestPrivateHasTheBadge(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w := storetest.Lasting(t, s, 12)
		a := w.Assertion("6")
		awardOne(t, s, a)
		claim(t, s, a.ID)
		before := statusOf(t, s, a.ID)
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return hide(ctx, tx, a) })
		if diff := cmp.Diff(before, statusOf(t, s, a.ID)); diff != "" {
			t.Errorf("the status changed:\n%s", diff)
		}
		if got := storetest.Assertion(t, s, a.ID); got.State != badges.Private || got.Public() || got.BaseURL != baseURL || !got.ShowName {
			t.Errorf("%+v", got)
		}
		counts := storetest.Must(s.CountRecipients(t.Context(), w.Course, w.Badge.ID, ""))(t)
		all := storetest.Must(s.Badges(t.Context(), w.Course))(t)
		if counts[badges.Private] != 1 || all[0].Counts.Accepted() != 1 {
			t.Errorf("counts %v, %+v", counts, all[0].Counts)
		}
		listed := storetest.Must(s.Recipients(t.Context(), w.Course, w.Badge.ID, store.RecipientQuery{State: badges.Private, Limit: 10}))(t)
		if len(listed) != 1 || listed[0].ID != a.ID {
			t.Errorf("recipients: %+v", listed)
		}
		if own := storetest.Must(s.AssertionsOf(t.Context(), w.Course, "6"))(t); len(own) != 1 {
			t.Errorf("the learner sees %+v", own)
		}
		if reviewed := storetest.Collect(t, s.Reviewable(t.Context(), w.Course, w.Badge.ID)); len(reviewed) != 1 {
			t.Errorf("reviewed: %+v", reviewed)
		}
		if tenure := storetest.Must(s.HoldersSince(t.Context(), w.Course.Platform, w.Badge.ID))(t)["6"]; !tenure.Since.Equal(began) || !tenure.Ended.IsZero() {
			t.Errorf("tenure %+v", tenure)
		}
		if awardOne(t, s, w.After(a)) != 0 {
			t.Error("awarded again at once")
		}
		clock.Add(350 * 24 * time.Hour)
		if due := storetest.Must(s.RemindersDue(t.Context()))(t); !due {
			t.Error("no reminder is due")
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return awards.Remind(ctx, tx, 10) })
		if _, waiting, err := s.NoticeQueue(t.Context()); err != nil || waiting != 2 {
			t.Errorf("%d notices wait, %v; want the reminder, by two channels", waiting, err)
		}
		clock.Add(30 * 24 * time.Hour)
		expired := storetest.Must(s.CountRecipients(t.Context(), w.Course, w.Badge.ID, ""))(t)[store.Expired]
		if expired != 1 || awardOne(t, s, w.After(a)) != 1 {
			t.Errorf("%d are expired, or it is not renewed", expired)
		}
	})
}

// TestPrivateLosesEvidence checks that a private award loses and regains its evidence
// and is kept like a claimed one.
func TestPrivateLosesEvidence(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		w := storetest.NewWorld(t, s, "a")
		a := w.Assertion("6")
		awardOne(t, s, a)
		claim(t, s, a.ID)
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return hide(ctx, tx, a) })
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return withdrawByPolicy(ctx, tx, a) })
		if got := storetest.Assertion(t, s, a.ID); got.State != badges.Private || got.EvidenceLostAt.IsZero() {
			t.Errorf("the policy changed %+v", got)
		}
		if lost := storetest.Must(s.WithLostEvidence(t.Context(), w.Course, w.Badge.ID, 10))(t); len(lost) != 1 {
			t.Errorf("listed for the teacher: %+v", lost)
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			return awards.Keep(ctx, tx, w.Course, w.Badge.ID, a.ID, "3")
		})
		if got := storetest.Assertion(t, s, a.ID); got.KeptAt.IsZero() || got.State != badges.Private {
			t.Errorf("%+v", got)
		}
	})
}

// TestHideAndRevokeAtOnce checks that of two decisions that were made at the same time
// the second sees the first: a revoked award is not shown again.
func TestHideAndRevokeAtOnce(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		w := storetest.NewWorld(t, s, "a")
		a := w.Assertion("6")
		awardOne(t, s, a)
		claim(t, s, a.ID)
		failures := make(chan error, 2)
		for _, act := range []func(context.Context, *store.Tx, badges.Assertion) error{hide, takeBack} {
			go func() {
				failures <- s.Tx(t.Context(), func(tx *store.Tx) error { return act(t.Context(), tx, a) })
			}()
		}
		for range 2 {
			if err := <-failures; err != nil && !fault.Is(err, fault.Conflict) {
				t.Error(err)
			}
		}
		if got := storetest.Assertion(t, s, a.ID); got.State != badges.Revoked || !statusOf(t, s, a.ID)[badges.ForRevocation] {
			t.Errorf("%s, %v", got.State, statusOf(t, s, a.ID))
		}
	})
}
