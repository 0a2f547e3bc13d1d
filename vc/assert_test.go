package vc_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func assertEqual(t testing.TB, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("differs (-want +got):\n%s", diff)
	}
}
