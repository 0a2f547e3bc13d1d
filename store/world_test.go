package store_test

import (
	"context"
	"iter"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/picture"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// world is a platform with a course, an organisation and a switched-on badge.
type world struct {
	course badges.CourseKey
	badge  badges.Badge
	issuer badges.IssuerID
}

func newWorld(t *testing.T, s *store.Store, client string) world {
	t.Helper()
	var w world
	tx(t, s, func(ctx context.Context, tx *store.Tx) error {
		platform, err := tx.SavePlatform(ctx, lti.Registration{Issuer: "https://lms.example.org", ClientID: client, Name: client}, "1")
		if err != nil {
			return err
		}
		w.course = badges.CourseKey{Platform: platform, Context: "2"}
		if err := tx.SeeCourse(ctx, badges.Course{CourseKey: w.course, Title: "Course", Label: "C"}); err != nil {
			return err
		}
		if err := tx.SavePicture(ctx, picture.Picture{Hash: "p", PNG: []byte("png")}); err != nil {
			return err
		}
		w.issuer, err = tx.SaveIssuer(ctx, badges.Issuer{Platform: platform, Name: "U", URL: "https://u.example", Email: "u@u.example"})
		if err != nil {
			return err
		}
		content := badges.Content{Name: "Badge", Description: "D", Language: "en", Picture: "p", Issuer: w.issuer, Rule: badges.Rule{Kind: badges.CourseCompleted}}
		if w.badge, err = tx.CreateBadge(ctx, w.course, content, "3"); err != nil {
			return err
		}
		return tx.SwitchBadge(ctx, w.course, w.badge.ID, badges.On, "3")
	})
	return w
}

func (w world) assertion(user badges.UserID) badges.Assertion {
	return badges.Assertion{
		ID: badges.AssertionID(uuid.NewString()), Course: w.course, Badge: w.badge.ID, Version: w.badge.Current.ID, User: user,
		State: badges.Pending, Salt: "salt", Recipient: badges.Recipient{Name: "Zoë", Email: "zoe@example.org", Language: "fr"},
		Facts: []badges.Fact{{Kind: badges.CourseCompleted, Source: "test"}},
	}
}

func tx(t *testing.T, s *store.Store, f func(context.Context, *store.Tx) error) {
	t.Helper()
	if err := s.Tx(t.Context(), func(tx *store.Tx) error { return f(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

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
