package moodle_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/moodle"
)

// batch answers tool_mobile_call_external_functions with the other answers. It stops at
// the first error, as Moodle does.
func batch(answers map[string]answer) answer {
	return func(form url.Values) (int, []byte) {
		responses := []map[string]any{}
		for i := range 100 {
			at := "requests[" + strconv.Itoa(i) + "]"
			if !form.Has(at + "[function]") {
				break
			}
			var arguments map[string]json.Number
			if err := json.Unmarshal([]byte(form.Get(at+"[arguments]")), &arguments); err != nil {
				return http.StatusInternalServerError, nil
			}
			inner := url.Values{}
			for k, v := range arguments {
				inner.Set(k, v.String())
			}
			_, body := answers[form.Get(at+"[function]")](inner)
			if strings.Contains(string(body), `"errorcode"`) {
				responses = append(responses, map[string]any{"error": true, "exception": string(body)})
				break
			}
			responses = append(responses, map[string]any{"error": false, "data": string(body)})
		}
		raw, _ := json.Marshal(map[string]any{"responses": responses})
		return http.StatusOK, raw
	}
}

func both(t *testing.T, run func(t *testing.T, s *site)) {
	t.Run("one by one", func(t *testing.T) { run(t, newSite(t, course(t))) })
	t.Run("in batches", func(t *testing.T) {
		answers := course(t)
		answers["tool_mobile_call_external_functions"] = batch(answers)
		run(t, newSite(t, answers))
	})
}

// Learners 12 (suspended enrolment), 3 (teacher) and 99 (no account) each stop a batch.
// The learners after them must still be read.
func TestCourseCompletions(t *testing.T) {
	both(t, func(t *testing.T, s *site) {
		got, err := s.client().CourseCompletions(t.Context(), "2", []moodle.UserID{"12", "6", "10", "3", "99", "11", "13"})
		if err != nil {
			t.Fatal(err)
		}
		want := map[moodle.UserID]moodle.CourseCompletion{
			"6":  {Completed: true, At: time.Unix(1795426558, 0).UTC()},
			"10": {}, "11": {}, "13": {},
		}
		if diff := cmp.Diff(want, got.Read); diff != "" {
			t.Errorf("read (-want +got):\n%s", diff)
		}
		reasons := map[moodle.UserID]moodle.Reason{}
		for user, e := range got.Unread {
			reasons[user] = e.Reason
		}
		unread := map[moodle.UserID]moodle.Reason{"12": moodle.NotEnrolled, "3": moodle.NotEnrolled, "99": moodle.UserNotFound}
		if diff := cmp.Diff(unread, reasons); diff != "" {
			t.Errorf("unread (-want +got):\n%s", diff)
		}
	})
}

func TestActivityCompletions(t *testing.T) {
	both(t, func(t *testing.T, s *site) {
		got, err := s.client().ActivityCompletions(t.Context(), "2", []moodle.UserID{"6", "10", "17", "11"})
		if err != nil {
			t.Fatal(err)
		}
		tests := []struct {
			name     string
			user     moodle.UserID
			activity moodle.ActivityID
			want     moodle.ActivityCompletion
		}{
			{"passed", "6", "2", moodle.ActivityCompletion{State: moodle.Passed, Done: true, At: time.Unix(1795426557, 0).UTC()}},
			{"viewed", "6", "1", moodle.ActivityCompletion{State: moodle.Complete, Done: true, At: time.Unix(1795426558, 0).UTC()}},
			{"failed where passing is asked", "10", "2", moodle.ActivityCompletion{State: moodle.Failed}},
			{"failed where a grade is enough", "10", "3", moodle.ActivityCompletion{State: moodle.Failed, Done: true}},
			{"set by the teacher", "17", "2", moodle.ActivityCompletion{State: moodle.Complete, Done: true, At: time.Unix(1795426558, 0).UTC(), Overridden: true}},
			{"untouched", "11", "1", moodle.ActivityCompletion{}},
		}
		for _, tt := range tests {
			c, ok := got.Read[tt.user][tt.activity]
			if strings.HasPrefix(tt.name, "failed") {
				c.At = time.Time{} // when a failed quiz ended does not matter here
			}
			if !ok || c != tt.want {
				t.Errorf("%s: %+v (read %v), want %+v", tt.name, c, ok, tt.want)
			}
		}
		if _, ok := got.Read["6"]["5"]; ok {
			t.Error("an activity without completion has a state")
		}
	})
}

// Without mod/quiz:view, Moodle's answer has no quiz and no warning. The quiz is then
// absent, not incomplete.
func TestHiddenModuleTypeIsAbsent(t *testing.T) {
	answers := course(t)
	answers["core_completion_get_activities_completion_status"] = recorded(t, "ws-quirk-no-module-view-activities-completion-complete")
	answers["gradereport_user_get_grade_items"] = recorded(t, "ws-quirk-no-module-view-grade-items-one")
	c := newSite(t, answers).client()
	got, err := c.ActivityCompletions(t.Context(), "2", []moodle.UserID{"6"})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := got.Read["6"]["3"]; ok || !got.Read["6"]["2"].Done {
		t.Errorf("states %v: want the essay and no quiz", got.Read["6"])
	}
	grades, err := c.GradesOf(t.Context(), "2", "6")
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := grades["6"].Activities["3"]; ok || !grades["6"].Activities["2"].Given {
		t.Errorf("grades %v: want the essay and no quiz", grades["6"])
	}
}

// An answer without a member or with another shape must not be read as "not done".
func TestUnreadableIsNotIncomplete(t *testing.T) {
	tests := map[string]string{
		"no status":       `{"warnings":[]}`,
		"no completed":    `{"completionstatus":{"aggregation":1,"completions":[]}}`,
		"completed null":  `{"completionstatus":{"completed":null}}`,
		"completed text":  `{"completionstatus":{"completed":"yes"}}`,
		"a list":          `[]`,
		"unknown refusal": `{"exception":"x","errorcode":"dmlreadexception","message":"Error reading from database"}`,
	}
	for name, body := range tests {
		t.Run(name, func(t *testing.T) {
			answers := course(t)
			whole := answers["core_completion_get_course_completion_status"]
			answers["core_completion_get_course_completion_status"] = func(form url.Values) (int, []byte) {
				if form.Get("userid") == "10" {
					return text(body)(form)
				}
				return whole(form)
			}
			for kind, a := range map[string]map[string]answer{"single": answers, "batch": with(answers, batch(answers))} {
				got, err := newSite(t, a).client().CourseCompletions(t.Context(), "2", []moodle.UserID{"10", "6"})
				if err != nil {
					t.Fatalf("%s: %v", kind, err)
				}
				if _, ok := got.Read["10"]; ok || got.Unread["10"] == nil {
					t.Errorf("%s: learner 10 was read as %+v", kind, got.Read["10"])
				}
				if !got.Read["6"].Completed {
					t.Errorf("%s: the next learner was not read", kind)
				}
			}
		})
	}
}

func with(answers map[string]answer, batch answer) map[string]answer {
	more := map[string]answer{"tool_mobile_call_external_functions": batch}
	for k, v := range answers {
		more[k] = v
	}
	return more
}

func TestCompletionOff(t *testing.T) {
	const fn = "core_completion_get_course_completion_status"
	tests := map[string]struct {
		courses answer
		want    moodle.Reason
	}{
		"off in the course":           {text(`{"courses":[{"id":3,"enablecompletion":0}]}`), moodle.CompletionOff},
		"on, so the right is missing": {text(`{"courses":[{"id":3,"enablecompletion":1}]}`), moodle.CapabilityMissing},
		"not told":                    {text(`{"courses":[{"id":3}]}`), moodle.CapabilityMissing},
		"may not be asked":            {recorded(t, "ws-error-function-not-in-service"), moodle.CapabilityMissing},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, map[string]answer{
				fn:                                 recorded(t, "ws-course-completion-course-without-completion"),
				"core_course_get_courses_by_field": tt.courses,
			})
			_, err := s.client().CourseCompletions(t.Context(), "3", []moodle.UserID{"6"})
			if got := moodle.ReasonOf(err); got != tt.want {
				t.Errorf("reason %q, want %q (%v)", got, tt.want, err)
			}
		})
	}
}

// If any criterion is enough, the course was completed when the first was met.
func TestCompletionMoment(t *testing.T) {
	const criteria = `"completions":[{"complete":true,"timecompleted":300},{"complete":true,"timecompleted":200},{"complete":false,"timecompleted":null}]`
	for aggregation, want := range map[string]int64{"1": 300, "2": 200} {
		s := newSite(t, map[string]answer{"core_completion_get_course_completion_status": text(
			`{"completionstatus":{"completed":true,"aggregation":` + aggregation + `,` + criteria + `}}`)})
		got, err := s.client().CourseCompletions(t.Context(), "2", []moodle.UserID{"6"})
		if err != nil {
			t.Fatal(err)
		}
		if at := got.Read["6"].At.Unix(); at != want {
			t.Errorf("aggregation %s: at %d, want %d", aggregation, at, want)
		}
	}
}

// A batch has fifty requests. A learner who stops a batch costs one more request.
func TestBatchSizes(t *testing.T) {
	answers := course(t)
	answers["core_completion_get_course_completion_status"] = func(form url.Values) (int, []byte) {
		if form.Get("userid") == "20" {
			return recorded(t, "ws-course-completion-suspended-enrolment")(form)
		}
		return recorded(t, "ws-course-completion-complete")(form)
	}
	answers["tool_mobile_call_external_functions"] = batch(answers)
	s := newSite(t, answers)
	var users []moodle.UserID
	for i := 1; i <= 120; i++ {
		users = append(users, moodle.UserID(strconv.Itoa(i)))
	}
	got, err := s.client().CourseCompletions(t.Context(), "2", users)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Read) != 119 || len(got.Unread) != 1 {
		t.Errorf("read %d, unread %d, want 119 and 1", len(got.Read), len(got.Unread))
	}
	if n := s.count("tool_mobile_call_external_functions"); n != 3 {
		t.Errorf("%d batches, want 3: 20, 50 and 50 learners", n)
	}
}

// Moodle answers a batch in the order in which its requests arrive. If they were sorted
// by name as text, learner 10 would get the result of learner 2. The fake site checks
// the order of lists in every call.
func TestBatchOrder(t *testing.T) {
	answers := course(t)
	answers["core_completion_get_course_completion_status"] = func(form url.Values) (int, []byte) {
		n, _ := strconv.Atoi(form.Get("userid"))
		return http.StatusOK, []byte(`{"completionstatus":{"completed":` + strconv.FormatBool(n%3 == 0) + `,"aggregation":1,"completions":[]}}`)
	}
	answers["tool_mobile_call_external_functions"] = batch(answers)
	var users []moodle.UserID
	for i := 1; i <= 30; i++ {
		users = append(users, moodle.UserID(strconv.Itoa(i)))
	}
	got, err := newSite(t, answers).client().CourseCompletions(t.Context(), "2", users)
	if err != nil {
		t.Fatal(err)
	}
	for i, user := range users {
		if want := (i+1)%3 == 0; got.Read[user].Completed != want {
			t.Errorf("learner %s: completed = %v, want %v", user, got.Read[user].Completed, want)
		}
	}
}

func TestActivityCompletionsFor(t *testing.T) {
	c := newSite(t, course(t)).client()
	users := []moodle.UserID{"6", "10"}
	all, err := c.ActivityCompletions(t.Context(), "2", users)
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.ActivityCompletionsFor(t.Context(), "2", users, []moodle.ActivityID{"3", "999"})
	if err != nil {
		t.Fatal(err)
	}
	for _, user := range users {
		want := map[moodle.ActivityID]moodle.ActivityCompletion{"3": all.Read[user]["3"]}
		if diff := cmp.Diff(want, got.Read[user]); diff != "" || len(all.Read[user]) < 2 {
			t.Errorf("learner %s (-want +got):\n%s", user, diff)
		}
	}
	if _, err := c.ActivityCompletionsFor(t.Context(), "2", users, []moodle.ActivityID{"x"}); moodle.ReasonOf(err) != moodle.InvalidID {
		t.Errorf("%v, want InvalidID", err)
	}
}
