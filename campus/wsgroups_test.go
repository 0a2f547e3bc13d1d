package campus_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// call calls a web service; the arguments are names and values in turn.
func (s *site) call(t *testing.T, function string, arguments ...string) any {
	t.Helper()
	form := url.Values{"wstoken": {s.Token()}, "moodlewsrestformat": {"json"}, "wsfunction": {function}}
	for i := 0; i < len(arguments); i += 2 {
		form.Set(arguments[i], arguments[i+1])
	}
	got := s.post(t, "/webservice/rest/server.php", form)
	if got.status != http.StatusOK {
		t.Fatalf("%s: %d %s", function, got.status, got.body)
	}
	return got.json(t)
}

// member returns one member of every object in a list.
func member[T any](t *testing.T, list any, name string) []T {
	t.Helper()
	objects, ok := list.([]any)
	if !ok {
		t.Fatalf("no list: %v", list)
	}
	values := []T{}
	for _, o := range objects {
		values = append(values, o.(map[string]any)[name].(T))
	}
	return values
}

// gradesOf returns the user ids in a grade report.
func (s *site) gradesOf(t *testing.T, arguments ...string) []float64 {
	t.Helper()
	got := s.call(t, "gradereport_user_get_grade_items", append([]string{"courseid", "2", "userid", "0"}, arguments...)...)
	return member[float64](t, got.(map[string]any)["usergrades"], "userid")
}

// TestGradesOfGroup reads the grades of one group after the other, as
// ws-grade-items-group does: by last name, where the recording puts O'Connor before
// Ångström.
func TestGradesOfGroup(t *testing.T) {
	s := newSite(t)
	for group, want := range map[string][]float64{"1": {9, 7, 6, 15}, "2": {10, 16, 9, 8}, "7": {}} {
		if diff := cmp.Diff(want, s.gradesOf(t, "groupid", group)); diff != "" {
			t.Errorf("group %s (-want +got):\n%s", group, diff)
		}
	}
}
