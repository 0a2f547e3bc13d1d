package moodle_test

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/moodle"
)

// collect gathers the gradebooks from GradesFor. A learner who comes twice is an error.
func collect(t *testing.T, c *moodle.Client, course moodle.CourseID, q moodle.GradeQuery) (moodle.Grades, error) {
	t.Helper()
	got := moodle.Grades{}
	err := c.GradesFor(t.Context(), course, q, func(user moodle.UserID, book moodle.Gradebook) error {
		if _, twice := got[user]; twice {
			t.Errorf("learner %s came twice", user)
		}
		got[user] = book
		return nil
	})
	return got, err
}

func TestGradesOfGroup(t *testing.T) {
	reply := recorded(t, "ws-grade-items-group")
	s := newSite(t, map[string]answer{fnGrades: func(form url.Values) (int, []byte) {
		if form.Get("groupid") != "1" || form.Get("userid") != "0" || form.Get("courseid") != "2" {
			t.Errorf("asked %v, want group 1 of course 2", form)
		}
		return reply(form)
	}})
	got, err := collect(t, s.client(), "2", moodle.GradeQuery{Group: "1", Activities: []moodle.ActivityID{"3"}})
	if err != nil {
		t.Fatal(err)
	}
	if users := slices.Sorted(maps.Keys(got)); !slices.Equal(users, []moodle.UserID{"10", "6", "7", "8", "9"}) {
		t.Errorf("learners %v, want the five of the group", users)
	}
	for user, book := range got {
		if len(book.Activities) != 1 || book.Activities["3"].Max != 10 {
			t.Errorf("learner %s: activities %v, want only the quiz", user, book.Activities)
		}
		if book.Total.Max == 0 {
			t.Errorf("learner %s has no course total", user)
		}
	}
	if g := got["10"].Activities["3"]; !g.Given || g.Raw != 4 {
		t.Errorf("quiz of learner 10: %+v, want 4", g)
	}
}

// Streamed grades equal gathered grades.
func TestGradesForAll(t *testing.T) {
	c := newSite(t, course(t)).client()
	streamed, err := collect(t, c, "2", moodle.GradeQuery{})
	if err != nil {
		t.Fatal(err)
	}
	gathered, err := c.Grades(t.Context(), "2")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(gathered, streamed); diff != "" {
		t.Errorf("(-gathered +streamed):\n%s", diff)
	}
}

func TestOverriddenGrade(t *testing.T) {
	c := newSite(t, map[string]answer{fnGrades: text(
		`{"usergrades":[{"courseid":2,"userid":6,"gradeitems":[{"itemtype":"mod","cmid":3,"graderaw":7,"grademax":10,"gradeisoverridden":true}]}]}`)}).client()
	got, err := collect(t, c, "2", moodle.GradeQuery{User: "6"})
	if err != nil {
		t.Fatal(err)
	}
	if g := got["6"].Activities["3"]; !g.Overridden || !g.Certain() || g.Raw != 7 {
		t.Errorf("%+v, want a certain grade that was overridden", g)
	}
}

// Attack, or a cache in front of the site that mixes up answers: grades of another
// course or learner would give badges to the wrong people.
func TestGradesOfAnotherAreRefused(t *testing.T) {
	tests := map[string]struct {
		course moodle.CourseID
		query  moodle.GradeQuery
		want   moodle.Reason
	}{
		"the course asked about":  {"2", moodle.GradeQuery{}, ""},
		"the learner asked about": {"2", moodle.GradeQuery{User: "6"}, ""},
		"another course":          {"3", moodle.GradeQuery{}, moodle.WrongCourse},
		"another learner":         {"2", moodle.GradeQuery{User: "7"}, moodle.WrongUser},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, map[string]answer{fnGrades: recorded(t, "ws-grade-items-one")})
			got, err := collect(t, s.client(), tt.course, tt.query)
			if moodle.ReasonOf(err) != tt.want || (len(got) == 0) != (tt.want != "") {
				t.Errorf("%d learners, %v; want %q", len(got), err, tt.want)
			}
			if e, ok := errors.AsType[*moodle.Error](err); ok && e.Function != fnGrades {
				t.Errorf("the error names %q", e.Function)
			}
		})
	}
}

func TestGradeQueryIDs(t *testing.T) {
	c := fake(t, func(*http.Request) (*http.Response, error) {
		t.Error("the site was asked")
		return respond(200, noGrades), nil
	})
	for _, q := range []moodle.GradeQuery{{User: "x"}, {Group: "-1"}, {Activities: []moodle.ActivityID{"0"}}} {
		if _, err := collect(t, c, "2", q); moodle.ReasonOf(err) != moodle.InvalidID {
			t.Errorf("%+v: %v, want InvalidID", q, err)
		}
	}
}

// The caller's error ends the reading. It is returned unchanged, causes no second try
// and says nothing about the site.
func TestCallerEndsGrades(t *testing.T) {
	enough := errors.New("enough")
	s := newSite(t, course(t))
	calls := 0
	err := s.client().GradesFor(t.Context(), "2", moodle.GradeQuery{}, func(moodle.UserID, moodle.Gradebook) error {
		calls++
		return enough
	})
	if err != enough || calls != 1 || s.count(fnGrades) != 1 { //nolint:errorlint // the very same error is wanted
		t.Errorf("%v after %d learners and %d calls", err, calls, s.count(fnGrades))
	}
}

// The caller gets a learner before the next one has arrived.
func TestGradesArriveOneByOne(t *testing.T) {
	body, site := io.Pipe()
	go func() { _, _ = io.WriteString(site, `{"usergrades":[{"userid":6,"gradeitems":[]},`) }()
	c := fake(t, func(*http.Request) (*http.Response, error) {
		resp := respond(200, "")
		resp.Body = body
		return resp, nil
	})
	var got []moodle.UserID
	err := c.GradesFor(t.Context(), "2", moodle.GradeQuery{}, func(user moodle.UserID, _ moodle.Gradebook) error {
		if got = append(got, user); len(got) == 1 {
			go func() {
				_, _ = io.WriteString(site, `{"userid":7,"gradeitems":[]}],"warnings":[{"deep":[1,{"a":null}]}]}`)
				_ = site.Close()
			}()
		}
		return nil
	})
	if err != nil || !slices.Equal(got, []moodle.UserID{"6", "7"}) {
		t.Errorf("%v, %v", got, err)
	}
}

// If a connection breaks and the call is repeated, no learner comes twice.
func TestRepeatedGradesComeOnce(t *testing.T) {
	tries := 0
	c := fake(t, func(*http.Request) (*http.Response, error) {
		resp := respond(200, `{"usergrades":[{"userid":6,"gradeitems":[]},{"userid":7,"gradeitems":[]}]}`)
		if tries++; tries == 1 {
			resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"usergrades":[{"userid":6,"gradeitems":[]},`), broken{}))
		}
		return resp, nil
	})
	got, err := collect(t, c, "2", moodle.GradeQuery{})
	if err != nil || len(got) != 2 || tries != 2 {
		t.Errorf("%v after %d tries, %v", got, tries, err)
	}
}

// Twenty megabytes about a thousand learners; almost nothing of it is wanted.
func BenchmarkGradesFor(b *testing.B) {
	feedback := strings.Repeat("well done ", 200)
	items := strings.Repeat(`{"itemtype":"mod","cmid":9,"graderaw":1,"grademax":2,"feedback":"`+feedback+`"},`, 10)
	c := fake(b, func(*http.Request) (*http.Response, error) {
		resp := respond(200, "")
		readers := []io.Reader{strings.NewReader(`{"usergrades":[`)}
		for i := range 1000 {
			comma := ","
			if i == 999 {
				comma = ""
			}
			readers = append(readers, strings.NewReader(`{"courseid":2,"userid":`+strconv.Itoa(i+1)+`,"gradeitems":[`+items+`{"itemtype":"course"}]}`+comma))
		}
		resp.Body = io.NopCloser(io.MultiReader(append(readers, strings.NewReader(`]}`))...))
		return resp, nil
	})
	q := moodle.GradeQuery{Activities: []moodle.ActivityID{"3"}}
	for b.Loop() {
		if err := c.GradesFor(context.Background(), "2", q, func(moodle.UserID, moodle.Gradebook) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}
