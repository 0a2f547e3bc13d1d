package store_test

import (
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// TestTenure checks that an expired award does not count, that one of several
// awards is enough, and that the time is that of the earliest valid award.
func TestTenure(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w := lasting(t, s, 1)
		tenure := func() badges.Tenure {
			return storetest.Must(s.HoldersSince(t.Context(), w.course.Platform, w.badge.ID))(t)["6"]
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
