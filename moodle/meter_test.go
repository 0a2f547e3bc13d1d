package moodle_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/moodle"
)

func TestMeter(t *testing.T) {
	_, body := recorded(t, "ws-grade-items-one")(nil)
	s := newSite(t, course(t))
	var m moodle.Meter
	if m.Total() != (moodle.Usage{}) {
		t.Errorf("an unused meter shows %+v", m.Total())
	}
	ctx := moodle.WithMeter(t.Context(), &m)
	for range 2 {
		if _, err := s.client().GradesOf(ctx, "2", "6"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.client().Grades(t.Context(), "2"); err != nil { // not metered
		t.Fatal(err)
	}
	want := map[string]moodle.Usage{fnGrades: {Calls: 2, Bytes: 2 * int64(len(body))}}
	if diff := cmp.Diff(want, m.ByFunction()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if m.Total() != want[fnGrades] {
		t.Errorf("total %+v, want %+v", m.Total(), want[fnGrades])
	}
}
