package storetest

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/picture"
	"github.com/insigne-badges/insigne/store"
)

// World is a platform with a course, an organisation and a badge that is on.
type World struct {
	Course badges.CourseKey
	Badge  badges.Badge
	Issuer badges.IssuerID
}

// NewWorld makes a World in a store. Its platform is registered with the client id
// client.
func NewWorld(t testing.TB, s *store.Store, client string) World {
	t.Helper()
	var w World
	Tx(t, s, func(ctx context.Context, tx *store.Tx) error {
		platform, err := tx.SavePlatform(ctx, lti.Registration{Issuer: "https://lms.example.org", ClientID: client, Name: client}, "1", badges.ByPlatform)
		if err != nil {
			return err
		}
		w.Course = badges.CourseKey{Platform: platform, Context: "2"}
		if err := tx.SeeCourse(ctx, badges.Course{CourseKey: w.Course, Title: "Course", Label: "C"}); err != nil {
			return err
		}
		if err := tx.SavePicture(ctx, picture.Picture{Hash: "p", PNG: []byte("png")}); err != nil {
			return err
		}
		w.Issuer, err = tx.SaveIssuer(ctx, badges.Issuer{Platform: platform, Name: "U", URL: "https://u.example", Email: "u@u.example"})
		if err != nil {
			return err
		}
		content := badges.Content{Name: "Badge", Description: "D", Language: "en", Picture: "p", Issuer: w.Issuer, Rule: badges.Rule{Kind: badges.CourseCompleted}}
		if w.Badge, err = tx.CreateBadge(ctx, w.Course, content, "3"); err != nil {
			return err
		}
		return tx.SwitchBadge(ctx, w.Course, w.Badge.ID, badges.On, "3")
	})
	return w
}

// Lasting is NewWorld with a badge that is valid for some months.
func Lasting(t *testing.T, s *store.Store, months int) World {
	t.Helper()
	w := NewWorld(t, s, "a")
	w.Badge = w.Months(t, s, w.Badge, months)
	return w
}

// Months edits a badge so that its awards are valid for some months.
func (w World) Months(t *testing.T, s *store.Store, b badges.Badge, months int) badges.Badge {
	t.Helper()
	content := b.Current.Content
	content.ValidMonths = months
	Tx(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		b, err = tx.EditBadge(ctx, w.Course, b.ID, content, "3")
		return err
	})
	if b.Current.ValidMonths != months {
		t.Fatalf("valid for %d months, want %d", b.Current.ValidMonths, months)
	}
	return b
}

// Draft makes a draft with the content of the world's badge.
func (w World) Draft(t *testing.T, s *store.Store) (b badges.Badge) {
	t.Helper()
	Tx(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		b, err = tx.CreateBadge(ctx, w.Course, w.Badge.Current.Content, "3")
		return err
	})
	return b
}

// NextStep makes the next step after a badge and switches it on.
func (w World) NextStep(t *testing.T, s *store.Store, after badges.BadgeID) badges.Badge {
	t.Helper()
	b := w.Draft(t, s)
	Tx(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		if err := tx.SetStep(ctx, w.Course, b.ID, after, "3"); err != nil {
			return err
		}
		if err := tx.SwitchBadge(ctx, w.Course, b.ID, badges.On, "3"); err != nil {
			return err
		}
		b, err = tx.Badge(ctx, w.Course, b.ID)
		return err
	})
	if b.StepAfter != after {
		t.Fatalf("step after %q, want %q", b.StepAfter, after)
	}
	return b
}

// Assertion returns a pending award of the world's badge. It is not stored.
func (w World) Assertion(user badges.UserID) badges.Assertion {
	return badges.Assertion{
		ID: badges.AssertionID(uuid.NewString()), Course: w.Course, Badge: w.Badge.ID, Version: w.Badge.Current.ID, User: user,
		State: badges.Pending, Salt: "salt", Recipient: badges.Recipient{Name: "Zoë", Email: "zoe@example.org", Language: "fr"},
		Facts: []badges.Fact{{Kind: badges.CourseCompleted, Source: "test"}},
	}
}

// After returns the next award to the learner of a. It is not stored.
func (w World) After(a badges.Assertion) badges.Assertion {
	next := w.Assertion(a.User)
	next.Previous = a.ID
	return next
}

// Tx runs f in a transaction. The test fails if it fails.
func Tx(t testing.TB, s *store.Store, f func(context.Context, *store.Tx) error) {
	t.Helper()
	if err := s.Tx(t.Context(), func(tx *store.Tx) error { return f(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}
