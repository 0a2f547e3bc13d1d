package evidence_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/campus"
	"github.com/insigne-badges/insigne/evidence"
)

// TestSubjectKinds reads each kind of subject, for a learner who meets it and for one who
// does not.
func TestSubjectKinds(t *testing.T) {
	reader, c := newReader(t)
	copied := c.CopyCourse()
	elsewhere := badges.ContextID(decimal(copied))
	outline, err := reader.Outline(t.Context(), course)
	if err != nil || len(outline.Groups) == 0 {
		t.Fatalf("outline = %+v, %v; want groups", outline, err)
	}
	group := string(outline.Groups[0].ID)
	total := badges.Subject{Kind: badges.CourseGrade}
	member := badges.Subject{Kind: badges.GroupMember, ID: group}
	held := badges.Subject{Kind: badges.BadgeHeld, ID: "b"}
	other := badges.Subject{Kind: badges.CourseCompleted, Course: elsewhere}
	gone := badges.Subject{Kind: badges.CourseCompleted, Course: "999"}
	column := badges.Subject{Kind: badges.LineItemGrade, ID: "https://lms.example/1"}
	got, err := reader.Read(t.Context(), course, []badges.Subject{quizDone, total, member, held, other, gone, column})
	if err != nil {
		t.Fatal(err)
	}
	if o := got.Findings.Of(zoe, total); !o.Read || o.Grade == nil || o.At.IsZero() {
		t.Errorf("Zoë's total = %+v, want a grade", o)
	}
	if o := got.Findings.Of(nora, total); !o.Read || o.Grade != nil {
		t.Errorf("Nora's total = %+v, want a known observation without a grade", o)
	}
	if o := got.Findings.Of(zoe, quizDone); !o.Passed {
		t.Errorf("Zoë's quiz = %+v, want passed", o)
	}
	in := 0
	for user := range got.Findings {
		if o := got.Findings.Of(user, member); o.Read && o.Done {
			in++
		} else if !o.Read {
			t.Errorf("whether %s is in the group is unknown", user)
		}
	}
	if in == 0 || in == len(got.Findings) {
		t.Errorf("%d of %d are in the group", in, len(got.Findings))
	}
	if o := got.Findings.Of(zoe, held); !o.Read || !o.Done || !o.At.Equal(since) {
		t.Errorf("Zoë has %+v, want the badge", o)
	}
	if o := got.Findings.Of(nora, held); !o.Read || o.Done {
		t.Errorf("Nora has %+v, want nothing", o)
	}
	if o := got.Findings.Of(zoe, other); !o.Read || o.Done {
		t.Errorf("the other course = %+v, want a known observation, not completed", o)
	}
	if o := got.Findings.Of(zoe, gone); o.Read || o.Why != "unknown.course_unreadable" {
		t.Errorf("a course that is not = %+v", o)
	}
	if o := got.Findings.Of(zoe, column); o.Read || o.Why != "unknown.line_item_unreadable" {
		t.Errorf("a column without the service = %+v", o)
	}
}

// readCourse reads the roster and the outline.
func readCourse(t *testing.T, reader *evidence.Reader) ([]badges.Member, badges.Outline) {
	t.Helper()
	members, err := reader.Roster(t.Context(), course)
	if err != nil {
		t.Fatal(err)
	}
	outline, err := reader.Outline(t.Context(), course)
	if err != nil {
		t.Fatal(err)
	}
	return members, outline
}

// In TestGroupsHidden there are groups without visible members: Moodle hides them from
// us.
func TestGroupsHidden(t *testing.T) {
	reader, _ := newReader(t)
	members := []badges.Member{{User: zoe, Active: true}}
	outline := badges.Outline{Groups: []badges.Group{{ID: "7", Name: "A"}}}
	member := badges.Subject{Kind: badges.GroupMember, ID: "7"}
	got, err := reader.Observe(t.Context(), course, evidence.Request{Members: members, Outline: outline, Needs: evidence.Needs{member: {zoe}}})
	if err != nil {
		t.Fatal(err)
	}
	if o := got.Of(zoe, member); o.Read || o.Why != "unknown.group_unreadable" {
		t.Errorf("membership = %+v, want unknown", o)
	}
}

// TestCallsOfLargeCourse counts the calls of one reading of a large course, for different needs.
// Calls inside a batch count too.
func TestCallsOfLargeCourse(t *testing.T) {
	reader, c := newReaderOf(t, campus.Config{Learners: 2000})
	members, outline := readCourse(t, reader)
	var all, few []badges.UserID
	for _, m := range members {
		if m.Active && !m.Teaches {
			all = append(all, m.User)
		}
	}
	few = all[:20]
	for name, tt := range map[string]struct {
		subject badges.Subject
		users   []badges.UserID
		faults  campus.Faults
		most    int
		only    []string // functions that may be called
	}{
		"nobody":                         {completed, nil, campus.Faults{}, 0, nil},
		"completions of all":             {completed, all, campus.Faults{}, 12, []string{"core_reportbuilder_list_reports", "core_reportbuilder_set_filters", "core_reportbuilder_retrieve_report"}},
		"completions of few":             {completed, few, campus.Faults{}, 42, []string{"tool_mobile_call_external_functions", "core_completion_get_course_completion_status", "core_enrol_get_users_courses"}},
		"completions without the report": {completed, all, campus.Faults{OutsideAudience: true}, 4200, nil},
		"grades of all":                  {quizGrade, all, campus.Faults{}, 60, []string{"gradereport_user_get_grade_items"}},
		"grades of few":                  {quizGrade, few, campus.Faults{}, 20, []string{"gradereport_user_get_grade_items"}},
		"activities of few":              {quizDone, few, campus.Faults{}, 21, nil},
	} {
		t.Run(name, func(t *testing.T) {
			reader, c := reader, c
			if tt.faults.OutsideAudience {
				reader, c = newReaderOf(t, campus.Config{Learners: 2000})
				c.SetFaults(tt.faults)
			}
			c.ResetCalls()
			got, err := reader.Observe(t.Context(), course, evidence.Request{Members: members, Outline: outline, Needs: evidence.Needs{tt.subject: tt.users}})
			if err != nil {
				t.Fatal(err)
			}
			calls, sum := c.Calls(), 0
			for function, n := range calls {
				sum += n
				if tt.only != nil && !slices.Contains(tt.only, function) {
					t.Errorf("%s was called %d times", function, n)
				}
			}
			if sum > tt.most {
				t.Errorf("%d calls, want at most %d: %v", sum, tt.most, calls)
			}
			for _, u := range tt.users {
				if !got.Of(u, tt.subject).Read {
					t.Errorf("%s of %s is unknown: %s", tt.subject.Kind, u, got.Of(u, tt.subject).Why)
				}
			}
		})
	}
}

// TestReadSince reads only the learners who completed the course since the last reading,
// and those who could not be read then.
func TestReadSince(t *testing.T) {
	reader, c := newReaderOf(t, campus.Config{Learners: 300})
	members, outline := readCourse(t, reader)
	var users []badges.UserID
	for _, m := range members {
		if m.Active && !m.Teaches {
			users = append(users, m.User)
		}
	}
	request := evidence.Request{Members: members, Outline: outline, Needs: evidence.Needs{completed: users}}
	before, err := reader.Observe(t.Context(), course, request)
	if err != nil || before.Of(nora, completed).Done {
		t.Fatal(err)
	}
	if err := c.SetCourseCompleted(11, true); err != nil {
		t.Fatal(err)
	}
	delete(before, zoe)
	request.Kept, request.Since = before, time.Now().Add(-time.Minute)
	c.ResetCalls()
	now, err := reader.Observe(t.Context(), course, request)
	if err != nil {
		t.Fatal(err)
	}
	if !now.Of(nora, completed).Done || !now.Of(zoe, completed).Done {
		t.Errorf("new = %v", slices.Collect(maps.Keys(now)))
	}
	if len(now) > 5 {
		t.Errorf("%d learners were read again", len(now))
	}
	if calls := c.Calls(); calls["core_reportbuilder_retrieve_report"] > 3 || calls["core_completion_get_course_completion_status"] > 1 {
		t.Errorf("calls = %v", calls)
	}
}

// The suitable report is found among others, also if the first reading finds nothing
// new, and another is chosen when it is no longer suitable.
func TestReportChoice(t *testing.T) {
	const everybody, onlyDone = 1, 2 // the campus's reports; the second contains only learners who completed the course
	reader, c := newReaderOf(t, campus.Config{Learners: 300})
	c.CopyCourse()
	members, outline := readCourse(t, reader)
	var users []badges.UserID
	for _, m := range members {
		if m.Active && !m.Teaches {
			users = append(users, m.User)
		}
	}
	request := evidence.Request{Members: members, Outline: outline, Needs: evidence.Needs{completed: users}}
	c.SetFaults(campus.Faults{CourselessReport: onlyDone})
	news := request
	news.Since = time.Now().Add(time.Hour)
	if _, err := reader.Observe(t.Context(), course, news); err != nil {
		t.Fatal(err)
	}
	for _, broken := range []int64{onlyDone, everybody} {
		c.SetFaults(campus.Faults{CourselessReport: broken})
		c.ResetCalls()
		got, err := reader.Observe(t.Context(), course, request)
		if err != nil || !got.Of(zoe, completed).Done {
			t.Fatalf("Zoë's completion = %+v, %v", got.Of(zoe, completed), err)
		}
		if asked := c.Calls()["core_completion_get_course_completion_status"]; asked == len(users) {
			t.Errorf("without the filter in report %d all %d learners were asked about one by one", broken, asked)
		}
	}
}
