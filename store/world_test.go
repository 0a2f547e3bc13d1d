package store_test

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

// awards changes the state of awards as an installation does.
var awards = award.New("https://badges.example.org", rand.Reader)

// world is a platform with a course, an issuer and a switched-on badge.
type world struct {
	course badges.CourseKey
	badge  badges.Badge
	issuer badges.IssuerID
}

func newWorld(t *testing.T, s *store.Store, client string) world {
	t.Helper()
	w := storetest.NewWorld(t, s, client)
	return world{w.Course, w.Badge, w.Issuer}
}

func (w world) shared() storetest.World {
	return storetest.World{Course: w.course, Badge: w.badge, Issuer: w.issuer}
}

func (w world) assertion(user badges.UserID) badges.Assertion { return w.shared().Assertion(user) }

func (w world) draft(t *testing.T, s *store.Store) badges.Badge {
	t.Helper()
	return w.shared().Draft(t, s)
}

func (w world) nextStep(t *testing.T, s *store.Store, after badges.BadgeID) badges.Badge {
	t.Helper()
	return w.shared().NextStep(t, s, after)
}

func tx(t *testing.T, s *store.Store, f func(context.Context, *store.Tx) error) {
	t.Helper()
	if err := s.Tx(t.Context(), func(tx *store.Tx) error { return f(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

// clocked runs f on both databases, with a clock that f can move.
func clocked(t *testing.T, f func(t *testing.T, s *store.Store, clock *storetest.Clock)) {
	t.Helper()
	storetest.EachAt(t, time.Date(2026, 1, 31, 10, 0, 0, 0, time.UTC), f)
}

// lasting returns a world whose badge is valid for some months.
func lasting(t *testing.T, s *store.Store, months int) world {
	t.Helper()
	w := storetest.Lasting(t, s, months)
	return world{w.Course, w.Badge, w.Issuer}
}

func awardOne(t *testing.T, s *store.Store, a badges.Assertion) (made int) {
	t.Helper()
	tx(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		made, err = awards.Award(ctx, tx, []badges.Assertion{a})
		return err
	})
	return made
}

// after returns another award to the learner of a.
func (w world) after(a badges.Assertion) badges.Assertion {
	next := w.assertion(a.User)
	next.Previous = a.ID
	return next
}
