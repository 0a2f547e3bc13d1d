package moodle_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/moodle"
)

func TestGrades(t *testing.T) {
	grades, err := newSite(t, course(t)).client().Grades(t.Context(), "2")
	if err != nil {
		t.Fatal(err)
	}
	if len(grades) != 11 {
		t.Errorf("%d gradebooks, want 11", len(grades))
	}
	if _, ok := grades["12"]; ok {
		t.Error("the suspended learner has a gradebook")
	}
	at := func(s int64) time.Time { return time.Unix(s, 0).UTC() }
	zoe := grades["6"]
	want := moodle.Grade{Given: true, Raw: 92.5, Max: 100, At: at(1795426557)}
	if diff := cmp.Diff(want, zoe.Activities["2"]); diff != "" {
		t.Errorf("essay (-want +got):\n%s", diff)
	}
	want = moodle.Grade{Given: true, Raw: 101.5, Max: 110, At: at(1795426558)}
	if diff := cmp.Diff(want, zoe.Total); diff != "" {
		t.Errorf("course (-want +got):\n%s", diff)
	}
	if g := grades["15"].Activities["2"]; !g.Given || g.Raw != 0 {
		t.Errorf("a grade of zero: %+v", g)
	}
	if g := grades["11"].Activities["2"]; g.Given || !g.Certain() || g.Max != 100 {
		t.Errorf("no grade yet: %+v", g)
	}
}

func TestGradeItems(t *testing.T) {
	tests := map[string]struct {
		item    string
		want    moodle.Grade
		certain bool
	}{
		"hidden and not shown to the token": {
			`"graderaw":null,"gradeishidden":true,"grademax":10`, moodle.Grade{Max: 10, Hidden: true}, false,
		},
		"hidden from the learner": {
			`"graderaw":7,"gradeishidden":true,"grademax":10`, moodle.Grade{Given: true, Raw: 7, Max: 10, Hidden: true}, true,
		},
		"left out": {
			`"grademax":10`, moodle.Grade{Max: 10, Hidden: true}, false,
		},
		"to be computed anew": {
			`"graderaw":7,"gradeneedsupdate":true,"grademax":10`, moodle.Grade{Given: true, Raw: 7, Max: 10, Stale: true}, false,
		},
		"on a scale": {
			`"graderaw":2,"scaleid":4,"grademin":1,"grademax":3`, moodle.Grade{Given: true, Raw: 2, Min: 1, Max: 3, Scale: true}, true,
		},
		"without a range": {
			`"graderaw":2,"grademin":0,"grademax":0`, moodle.Grade{Given: true, Raw: 2}, false,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			body := `{"usergrades":[{"userid":6,"gradeitems":[{"itemtype":"mod","cmid":3,` + tt.item + `}]}],"warnings":[]}`
			s := newSite(t, map[string]answer{"gradereport_user_get_grade_items": text(body)})
			grades, err := s.client().Grades(t.Context(), "2")
			if err != nil {
				t.Fatal(err)
			}
			got := grades["6"].Activities["3"]
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got.Certain() != tt.certain {
				t.Errorf("certain %v, want %v", got.Certain(), tt.certain)
			}
		})
	}
}

// A workshop has two grade items, and their order in the answer is not fixed.
func TestFirstItemOfActivityCounts(t *testing.T) {
	first := `{"itemtype":"mod","cmid":3,"itemnumber":0,"graderaw":80,"grademax":80}`
	second := `{"itemtype":"mod","cmid":3,"itemnumber":1,"graderaw":5,"grademax":20}`
	for _, items := range []string{first + "," + second, second + "," + first} {
		s := newSite(t, map[string]answer{"gradereport_user_get_grade_items": text(
			`{"usergrades":[{"userid":6,"gradeitems":[` + items + `]}]}`)})
		grades, err := s.client().Grades(t.Context(), "2")
		if err != nil {
			t.Fatal(err)
		}
		if g := grades["6"].Activities["3"]; g.Max != 80 {
			t.Errorf("%s: %+v, want the first item", items, g)
		}
	}
}

func TestBrokenGrades(t *testing.T) {
	tests := map[string]struct {
		body string
		want moodle.Reason
	}{
		"cut off in a learner":   {`{"usergrades":[{"userid":6,"gradeitems":[]},{"userid":7,"grade`, moodle.NotJSON},
		"cut off between two":    {`{"usergrades":[{"userid":6,"gradeitems":[]},`, moodle.NotJSON},
		"cut off at the end":     {`{"usergrades":[{"userid":6,"gradeitems":[]}]`, moodle.NotJSON},
		"no gradebooks":          {`{"warnings":[]}`, moodle.Unexpected},
		"null":                   {`{"usergrades":null}`, moodle.Unexpected},
		"a list":                 {`[]`, moodle.Unexpected},
		"nothing":                {``, moodle.NotJSON},
		"learner without id":     {`{"usergrades":[{"gradeitems":[]}]}`, moodle.Unexpected},
		"learner without grades": {`{"usergrades":[{"userid":6}]}`, moodle.Unexpected},
		"grade in words":         {`{"usergrades":[{"userid":6,"gradeitems":[{"cmid":3,"graderaw":"high"}]}]}`, moodle.Unexpected},
		"grade beyond numbers":   {`{"usergrades":[{"userid":6,"gradeitems":[{"cmid":3,"graderaw":1e999}]}]}`, moodle.Unexpected},
		"more after the end":     {`{"usergrades":[]}<br>Fatal error`, moodle.NotJSON},
		"two answers":            {`{"usergrades":[]}{"usergrades":[]}`, moodle.Unexpected},
		"web page":               {`<!DOCTYPE html><html>`, moodle.NotJSON},
		"exception":              {`{"exception":"x","errorcode":"nopermissions","message":"m"}`, moodle.CapabilityMissing},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, map[string]answer{"gradereport_user_get_grade_items": text(tt.body)})
			grades, err := s.client().Grades(t.Context(), "2")
			if got := moodle.ReasonOf(err); got != tt.want || grades != nil {
				t.Errorf("reason %q, want %q; grades %v (%v)", got, tt.want, grades, err)
			}
		})
	}
}
