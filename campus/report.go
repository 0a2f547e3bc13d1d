package campus

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// report is a custom report on "Course participants" as an administrator can make it.
// Its rows are all participants of all courses.
type report struct {
	id            int64
	name          string
	condition     string // as Moodle stores it
	completedOnly bool   // the meaning of the condition
	columns       []reportColumn
}

// reportColumn is a heading and the function for its cells.
type reportColumn struct {
	heading string
	cell    func(c *Campus, row reportRow) any
}

// reportRow is a participant of a course. A row without a participant represents an
// enrolment method that nobody uses; Moodle lists those too.
type reportRow struct {
	course  *course
	learner *participant // nil: no participant
}

// reports returns the two recorded reports: one with everything about completion, and
// one with only the columns that a reader of new completions needs.
func reports() []report {
	course := reportColumn{"Course full name with link", (*Campus).courseCell}
	user := reportColumn{"Full name with link", (*Campus).userCell}
	completed := reportColumn{"Time completed", ofSomebody(func(row reportRow) string { return reportTime(row.learner.completed) })}
	return []report{
		{id: 1, name: "Insigne: course completion", condition: `{"completion:completed_operator":0}`, columns: []reportColumn{
			course,
			{"Course ID number", func(_ *Campus, row reportRow) any { return row.course.number }},
			user,
			{"Username", ofSomebody(func(row reportRow) string { return row.learner.username })},
			{"Email address", ofSomebody(func(row reportRow) string { return row.learner.Email })},
			{"ID number", ofSomebody(func(row reportRow) string { return row.learner.idNumber })},
			{"Completed", ofSomebody(reportRow.completed)},
			completed,
			{"Time started", ofSomebody(func(row reportRow) string { return reportTime(row.course.started(row.learner)) })},
			{"Grade", ofSomebody(reportRow.grade)},
			{"Status", statusCell},
		}},
		{
			id: 2, name: "Insigne: completion slim", condition: `{"completion:timecompleted_operator":1}`, completedOnly: true,
			columns: []reportColumn{course, user, completed},
		},
	}
}

// ofSomebody returns an empty cell for a row without a participant.
func ofSomebody(text func(row reportRow) string) func(*Campus, reportRow) any {
	return func(_ *Campus, row reportRow) any {
		if row.learner == nil {
			return ""
		}
		return text(row)
	}
}

// courseCell returns the course's name, escaped.
func (c *Campus) courseCell(row reportRow) any {
	return fmt.Sprintf(`<a href="%s">%s</a>`, c.url("/course/view.php?id="+row.course.text()), escape(row.course.full))
}

// userCell returns a link with the person's name. Like Moodle, it does not escape the
// name.
func (c *Campus) userCell(row reportRow) any {
	if row.learner == nil {
		return ""
	}
	return fmt.Sprintf(`<a href="%s">%s</a>`, c.url(fmt.Sprintf("/user/profile.php?id=%d", row.learner.ID)), row.learner.Name())
}

// completed is empty until the learner has met a criterion.
func (row reportRow) completed() string {
	switch {
	case !row.learner.completed.IsZero():
		return "Yes"
	case !row.course.started(row.learner).IsZero():
		return "No"
	default:
		return ""
	}
}

func (row reportRow) grade() string {
	if total, _ := row.course.total(row.learner); total.graded() {
		return fmt.Sprintf("%.2f", total.points)
	}
	return ""
}

// statusCell returns the status of the enrolment; a suspended account does not change
// it.
func statusCell(_ *Campus, row reportRow) any {
	switch {
	case row.learner == nil:
		return nil
	case row.learner.SuspendedEnrolment:
		return "Suspended"
	default:
		return "Active"
	}
}

// reportTime returns a time in the language and the time zone of the service user.
func reportTime(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format("Monday, 2 January 2006, 3:04 PM")
}

// rows returns the rows that a filter selects, course by course.
func (s *school) rows(r report, f reportFilter) []reportRow {
	var rows []reportRow
	for _, k := range s.courses {
		if f.admitsCourse(k) {
			rows = append(rows, k.rows(r, f)...)
		}
	}
	return rows
}

func (k *course) rows(r report, f reportFilter) []reportRow {
	rows := make([]reportRow, 0, len(k.participants)+1)
	for _, p := range k.participants {
		if f.admits(p) && (!r.completedOnly || !p.completed.IsZero()) {
			rows = append(rows, reportRow{k, p})
		}
	}
	if !f.ranged && !r.completedOnly {
		rows = append(rows, reportRow{course: k})
	}
	return rows
}

func (r report) headings() []string {
	list := make([]string, len(r.columns))
	for i, column := range r.columns {
		list[i] = column.heading
	}
	return list
}

// sortedReports lists the reports by name, as Moodle does.
func sortedReports() []report {
	return slices.SortedFunc(slices.Values(reports()), func(a, b report) int { return strings.Compare(a.name, b.name) })
}
