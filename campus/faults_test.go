package campus_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/campus"
)

const (
	gradesFunction     = "gradereport_user_get_grade_items"
	completionFunction = "core_completion_get_course_completion_status"
	rosterFunction     = "core_enrol_get_enrolled_users"
	groupsFunction     = "core_group_get_course_user_groups"
)

// ask calls a web service and returns any answer.
func (s *site) ask(t *testing.T, function string, arguments ...string) answer {
	t.Helper()
	form := url.Values{"wstoken": {s.Token()}, "moodlewsrestformat": {"json"}, "wsfunction": {function}}
	for i := 0; i < len(arguments); i += 2 {
		form.Set(arguments[i], arguments[i+1])
	}
	return s.post(t, "/webservice/rest/server.php", form)
}

// Every second call has no answer until the client gives up, whether or not its body
// was read.
func TestHangs(t *testing.T) {
	s := newSite(t)
	s.SetFaults(campus.Faults{Hangs: campus.Rate{Every: 2}})
	for _, path := range []string{"/webservice/rest/server.php", "/mod/lti/services.php/2/lineitems/16/lineitem/scores"} {
		for i, hangs := range []bool{false, true, false} {
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+path, strings.NewReader(strings.Repeat("x", 1<<16)))
			if err != nil {
				t.Fatal(err)
			}
			resp, err := http.DefaultClient.Do(req)
			if err == nil {
				_ = resp.Body.Close()
			}
			cancel()
			if (err != nil) != hangs {
				t.Errorf("%s: call %d: %v", path, i, err)
			}
		}
		s.SetFaults(campus.Faults{Hangs: campus.Rate{Every: 2}})
	}
}

// Calls get 503 with Retry-After; if a function is named, only calls of that function.
func TestBusy(t *testing.T) {
	s := newSite(t)
	s.SetFaults(campus.Faults{Busy: campus.Rate{Every: 1, Of: groupsFunction}, RetryAfter: 90 * time.Second})
	got := s.ask(t, groupsFunction, "courseid", "2", "userid", "6")
	if got.status != http.StatusServiceUnavailable || got.header.Get("Retry-After") != "90" {
		t.Errorf("answer is %d, again after %q", got.status, got.header.Get("Retry-After"))
	}
	if got := s.ask(t, gradesFunction, "courseid", "2", "userid", "6"); got.status != http.StatusOK {
		t.Errorf("another function answers %d", got.status)
	}
}

// Every answer looks complete to HTTP and is not valid JSON.
func TestCutShort(t *testing.T) {
	s := newSite(t)
	s.SetFaults(campus.Faults{CutShort: campus.Rate{Chance: 1}})
	for _, call := range [][]string{
		{gradesFunction, "courseid", "2", "userid", "0"},
		{groupsFunction, "courseid", "2", "userid", "6"},
		{"core_reportbuilder_set_filters", "reportid", "1", "values", "{}"},
	} {
		got := s.ask(t, call[0], call[1:]...)
		if got.status != http.StatusOK || json.Valid([]byte(got.body)) {
			t.Errorf("%s: answer is %d %s", call[0], got.status, got.body)
		}
	}
}

// The answers are complete and about another course. A reader must notice it by the ids
// in them.
func TestOtherCourse(t *testing.T) {
	s := newSite(t)
	x := s.newActiveTool(t)
	s.SetFaults(campus.Faults{OtherCourse: campus.Rate{Every: 1}})
	report := s.call(t, gradesFunction, "courseid", "2", "userid", "6").(map[string]any)["usergrades"].([]any)[0].(map[string]any)
	if report["courseid"] == 2.0 || report["userid"] == 6.0 {
		t.Errorf("grades are of %v in %v", report["userid"], report["courseid"])
	}
	own := newSite(t)
	for what, ids := range map[string][2][]float64{
		"roster":     {own.roster(t), s.roster(t)},
		"grades":     {own.gradesOf(t), s.gradesOf(t)},
		"activities": {own.statuses(t), s.statuses(t)},
	} {
		if len(ids[1]) == 0 || slices.ContainsFunc(ids[1], func(id float64) bool { return slices.Contains(ids[0], id) }) {
			t.Errorf("%s of somebody else are %v", what, ids[1])
		}
	}
	_, rows, _ := reportOf(t, s.call(t, "core_reportbuilder_retrieve_report", "reportid", "2"))
	if len(rows) == 0 || strings.Contains(fmt.Sprint(rows), "course/view.php?id=2\"") {
		t.Errorf("the report has %v", rows)
	}
	membership := "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
	members := x.get(t, "/mod/lti/services.php/CourseSection/2/bindings/1/memberships", "Authorization", "Bearer "+x.token(t, membership)).json(t).(map[string]any)
	if id := members["context"].(map[string]any)["id"]; id == "2" {
		t.Errorf("members are of course %v", id)
	}
}

// statuses returns the activities in a learner's completion.
func (s *site) statuses(t *testing.T) []float64 {
	t.Helper()
	got := s.call(t, "core_completion_get_activities_completion_status", "courseid", "2", "userid", "7")
	return member[float64](t, got.(map[string]any)["statuses"], "cmid")
}

// TestRosterSlips reads the roster in pages; each page begins one row too late.
func TestRosterSlips(t *testing.T) {
	s := newSite(t)
	whole := s.roster(t)
	s.SetFaults(campus.Faults{RosterSlips: campus.Rate{Every: 1}})
	var read []float64
	for from := 0; from < len(whole); from += 5 {
		read = append(read, s.roster(t, "options[0][name]", "limitfrom", "options[0][value]", fmt.Sprint(from), "options[1][name]", "limitnumber", "options[1][value]", "5")...)
	}
	missed := slices.DeleteFunc(slices.Clone(whole), func(id float64) bool { return slices.Contains(read, id) })
	if diff := cmp.Diff([]float64{whole[5]}, missed); diff != "" {
		t.Errorf("missed (-want +got):\n%s", diff)
	}
}

// TestGradesMove reads grades that change between two calls.
func TestGradesMove(t *testing.T) {
	s := newSite(t)
	s.SetFaults(campus.Faults{GradesMove: campus.Rate{Every: 1}})
	for _, want := range []float64{92.5, 93.5, 94.5} {
		if got := s.gradeItem(t, 6, campus.EssayCMID)["graderaw"]; got != want {
			t.Errorf("grade is %v, want %v", got, want)
		}
	}
}

// With the same seed, the same faults happen in every run, whatever else is called. A
// call that failed succeeds after some tries.
func TestFaultsAreReproducible(t *testing.T) {
	pattern := func(seed uint64, users []int64) map[int64]string {
		s := newSite(t)
		s.SetFaults(campus.Faults{Seed: seed, Busy: campus.Rate{Chance: 0.4}, CutShort: campus.Rate{Chance: 0.2}})
		seen := map[int64]string{}
		for range 3 {
			for _, user := range users {
				got := s.ask(t, completionFunction, "courseid", "2", "userid", number(user))
				seen[user] += fmt.Sprintf("%d %d, ", got.status, len(got.body))
			}
		}
		return seen
	}
	users := []int64{6, 7, 8, 9, 10, 11, 13, 14, 15, 16, 17}
	first := pattern(1, users)
	slices.Reverse(users)
	if diff := cmp.Diff(first, pattern(1, users)); diff != "" {
		t.Errorf("in another order (-first +second):\n%s", diff)
	}
	if cmp.Equal(first, pattern(2, users)) {
		t.Error("another seed makes no difference")
	}
	if busy := strings.Count(fmt.Sprint(first), "503"); busy < 6 || busy > 20 {
		t.Errorf("%d of 33 calls found the campus busy", busy)
	}
}

// The counts include the functions in a batch, and the bytes sent.
func TestCalls(t *testing.T) {
	s := newSite(t)
	x := s.newActiveTool(t)
	s.ResetCalls()
	sent := len(s.ask(t, gradesFunction, "courseid", "2", "userid", "0").body)
	sent += len(s.ask(t, "tool_mobile_call_external_functions",
		"requests[0][function]", groupsFunction, "requests[0][arguments]", `{"courseid":2,"userid":6}`,
		"requests[1][function]", groupsFunction, "requests[1][arguments]", `{"courseid":2,"userid":7}`).body)
	if got := s.BytesServed(); got != int64(sent) {
		t.Errorf("%d bytes served, %d received", got, sent)
	}
	x.get(t, "/mod/lti/services.php/CourseSection/2/bindings/1/memberships", "Authorization", "Bearer "+x.token(t, allScopes))
	want := map[string]int{gradesFunction: 1, "tool_mobile_call_external_functions": 1, groupsFunction: 2, "token": 1, "memberships": 1}
	if diff := cmp.Diff(want, s.Calls()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	s.ResetCalls()
	if len(s.Calls()) != 0 || s.BytesServed() != 0 {
		t.Errorf("after the reset: %v, %d bytes", s.Calls(), s.BytesServed())
	}
}
