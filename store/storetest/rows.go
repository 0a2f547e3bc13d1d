package storetest

import (
	"iter"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
)

// Must returns a function that returns v, or fails the test if err is not nil.
func Must[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// Collect returns the rows of a query.
func Collect[T any](t testing.TB, rows iter.Seq2[T, error]) []T {
	t.Helper()
	var list []T
	for v, err := range rows {
		list = append(list, Must(v, err)(t))
	}
	return list
}

// Assertion returns the assertion with an id.
func Assertion(t testing.TB, s *store.Store, id badges.AssertionID) badges.Assertion {
	t.Helper()
	return Must(s.Assertion(t.Context(), id))(t)
}
