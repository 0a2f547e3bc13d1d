package award_test

import (
	"context"
	"crypto/rand"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

var (
	awards = award.New("https://badges.example.org", rand.Reader)
	began  = time.Date(2026, 1, 31, 10, 0, 0, 0, time.UTC)
)

// clocked runs f on both databases, with a clock that f can move.
func clocked(t *testing.T, f func(t *testing.T, s *store.Store, clock *storetest.Clock)) {
	t.Helper()
	storetest.EachAt(t, began, f)
}

func tx(t testing.TB, s *store.Store, f func(context.Context, *store.Tx) error) {
	t.Helper()
	storetest.Tx(t, s, f)
}

func awardOne(t testing.TB, s *store.Store, a badges.Assertion) (made int) {
	t.Helper()
	tx(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		made, err = awards.Award(ctx, tx, []badges.Assertion{a})
		return err
	})
	return made
}

func claim(t *testing.T, s *store.Store, id badges.AssertionID) {
	t.Helper()
	tx(t, s, func(ctx context.Context, tx *store.Tx) error {
		_, err := awards.Claim(ctx, tx, id, true, true)
		return err
	})
}

func release(t *testing.T, s *store.Store, a badges.Assertion) {
	t.Helper()
	tx(t, s, func(ctx context.Context, tx *store.Tx) error {
		n, err := awards.Release(ctx, tx, a.Course, a.Badge, []badges.AssertionID{a.ID}, "3")
		if err == nil && n != 1 {
			t.Errorf("%d awards were released, want 1", n)
		}
		return err
	})
}

// deliver delivers the releases that are due and returns how many.
func deliver(t *testing.T, s *store.Store) (delivered int) {
	t.Helper()
	tx(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		delivered, err = awards.Deliver(ctx, tx, 100)
		return err
	})
	return delivered
}

func decline(ctx context.Context, tx *store.Tx, a badges.Assertion) error {
	_, err := awards.Decline(ctx, tx, a.ID)
	return err
}

func takeBack(ctx context.Context, tx *store.Tx, a badges.Assertion) error {
	_, err := awards.TakeBack(ctx, tx, a.Course, a.Badge, a.ID, "3", "by mistake")
	return err
}

func hide(ctx context.Context, tx *store.Tx, a badges.Assertion) error {
	_, err := awards.MakePrivate(ctx, tx, a.ID)
	return err
}

func show(ctx context.Context, tx *store.Tx, a badges.Assertion) error {
	_, err := awards.MakePublic(ctx, tx, a.ID)
	return err
}

func erase(ctx context.Context, tx *store.Tx, a badges.Assertion) error {
	return awards.Erase(ctx, tx, a.ID)
}

// withdrawByPolicy records that the evidence of a is gone, so that the policy
// withdraws it.
func withdrawByPolicy(ctx context.Context, tx *store.Tx, a badges.Assertion) error {
	return awards.Review(ctx, tx, award.Review{Course: a.Course, Badge: a.Badge, Lost: []badges.AssertionID{a.ID}, Withdraw: "gone"})
}

// awardAgain records that the learner of a earns it again.
func awardAgain(ctx context.Context, tx *store.Tx, a badges.Assertion) error {
	return awards.Review(ctx, tx, award.Review{Course: a.Course, Badge: a.Badge, Again: []badges.Assertion{a}})
}

// overtake awards the badge to the same learner once more, after a.
func overtake(ctx context.Context, tx *store.Tx, a badges.Assertion) error {
	other := a
	other.ID, other.Previous = "00000000-0000-4000-8000-000000000001", a.ID
	_, err := awards.Award(ctx, tx, []badges.Assertion{other})
	return err
}
