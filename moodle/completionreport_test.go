package moodle_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/moodle"
)

var completedAt = time.Date(2026, 11, 23, 9, 35, 0, 0, time.UTC)

func TestCompletionReport(t *testing.T) {
	d := newReportBuilder(t, "ws-report-completion-one-course")
	got, err := d.client().CompletionReport(t.Context(), "1", "2", time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 14 {
		t.Errorf("%d rows, want one for each of the 14 participants", len(got))
	}
	done := moodle.CompletionRow{Completed: true, At: completedAt}
	want := moodle.CompletionRows{
		"3":  {},   // a teacher
		"6":  done, // Zoë
		"10": {},   // began, not completed
		"11": {},   // not begun
		"12": done, // suspended
	}
	for user, row := range want {
		if diff := cmp.Diff(row, got[user]); diff != "" {
			t.Errorf("user %s (-want +got):\n%s", user, diff)
		}
	}
}

// In a report without the column "Completed", the time alone shows the completion.
func TestCompletionReportSince(t *testing.T) {
	tests := map[string]struct {
		since time.Time
		want  int
	}{
		"before":                     {completedAt.Add(-time.Hour), 5},
		"that minute":                {completedAt, 5},
		"that second":                {completedAt.Add(20 * time.Second), 5},
		"that second, and some more": {completedAt.Add(20*time.Second + 999*time.Millisecond), 5},
		"the next second":            {completedAt.Add(21 * time.Second), 0},
		"later":                      {completedAt.Add(time.Hour), 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := newReportBuilder(t, "ws-report-completion-since").client().CompletionReport(t.Context(), "2", "2", tt.since)
			if err != nil || len(got) != tt.want {
				t.Fatalf("%d rows, %v; want %d", len(got), err, tt.want)
			}
			for user, row := range got {
				if !row.Completed || !row.At.Equal(completedAt) {
					t.Errorf("user %s: %+v", user, row)
				}
			}
		})
	}
}

// The times are sent in the form that worked in the recording.
func TestReportFilters(t *testing.T) {
	d := newReportBuilder(t, "ws-report-completion-since")
	if _, err := d.client().CompletionReport(t.Context(), "2", "2", time.Unix(1795421281, 0)); err != nil {
		t.Fatal(err)
	}
	var e struct {
		Request struct {
			Form map[string]string `json:"form"`
		} `json:"request"`
	}
	read(t, "ws-report-set-filter-since", &e)
	var got, want map[string]any
	for raw, into := range map[string]*map[string]any{d.set[0]: &got, e.Request.Form["values"]: &want} {
		if err := json.Unmarshal([]byte(raw), into); err != nil {
			t.Fatal(err)
		}
	}
	want["course:courseselector_values"] = []any{2.0}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// If something is wrong with a report, the result is only the reason.
func TestUnfitReports(t *testing.T) {
	zone := func(name string) *time.Location {
		z, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		return z
	}
	tests := map[string]struct {
		change func(*reportBuilder)
		want   moodle.Reason
	}{
		"as it should be":            {func(*reportBuilder) {}, ""},
		"no filter on the course":    {func(d *reportBuilder) { d.filters = []string{byTime}; d.rows = append(d.rows, foreign(d)) }, moodle.ReportUnfiltered},
		"no filter on the time":      {func(d *reportBuilder) { d.filters = []string{byCourse} }, moodle.ReportUnfiltered},
		"an hour east":               {func(d *reportBuilder) { d.zone = time.FixedZone("", 3600) }, moodle.ReportTimezone},
		"half an hour west":          {func(d *reportBuilder) { d.zone = time.FixedZone("", -1800) }, moodle.ReportTimezone},
		"London":                     {func(d *reportBuilder) { d.zone = zone("Europe/London"); d.rows[2].at = summer }, moodle.ReportTimezone},
		"London in October":          {func(d *reportBuilder) { d.zone = zone("Europe/London"); d.rows[2].at = summer.AddDate(0, 3, 0) }, moodle.ReportTimezone},
		"Lisbon in winter only":      {func(d *reportBuilder) { d.zone = zone("Europe/Lisbon") }, ""},
		"titles in French":           {func(d *reportBuilder) { d.headers = slices.Repeat([]string{"Achevé"}, len(d.headers)) }, moodle.ReportLanguage},
		"no column for the learner":  {func(d *reportBuilder) { d.headers[2] = "Full name" }, moodle.ReportColumns},
		"no column for the course":   {func(d *reportBuilder) { d.headers[0] = "Course full name" }, moodle.ReportColumns},
		"no column for the time":     {func(d *reportBuilder) { d.headers[7] = "Time enrolled" }, moodle.ReportColumns},
		"a course without its link":  {func(d *reportBuilder) { d.replace("Course full name with link", "/course/view.php", "/my/") }, moodle.ReportColumns},
		"learners without a link":    {func(d *reportBuilder) { d.replace("Full name with link", "<a ", "<b ") }, moodle.ReportColumns},
		"yes in French":              {func(d *reportBuilder) { d.replace("Completed", "Yes", "Oui") }, moodle.ReportLanguage},
		"times in French":            {func(d *reportBuilder) { d.french() }, moodle.ReportLanguage},
		"completed, but not at all":  {func(d *reportBuilder) { d.replace("Completed", "Yes", "No") }, moodle.Unexpected},
		"a row for each group":       {func(d *reportBuilder) { d.rows = slices.Insert(d.rows, 3, d.rows[2]) }, moodle.ReportMultiplied},
		"fewer cells than titles":    {func(d *reportBuilder) { d.headers = append(d.headers, "Group") }, moodle.Unexpected},
		"a picture before the names": {func(d *reportBuilder) { d.headers[2] = "Full name with picture and link" }, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := newReportBuilder(t, "ws-report-completion-one-course")
			tt.change(d)
			got, err := d.client().CompletionReport(t.Context(), "1", "2", time.Time{})
			if moodle.ReasonOf(err) != tt.want || (got == nil) != (tt.want != "") {
				t.Errorf("%d rows, %v; want %q", len(got), err, tt.want)
			}
		})
	}
}

var summer = time.Date(2026, 7, 14, 12, 0, 0, 0, time.UTC)

func foreign(d *reportBuilder) builderRow {
	row := d.rows[2]
	course := strings.ReplaceAll(*row.cells[0], "id=2", "id=3")
	row.course, row.cells = 3, slices.Clone(row.cells)
	row.cells[0] = &course
	return row
}

func TestRecordedReportErrors(t *testing.T) {
	tests := map[string]moodle.Reason{
		"ws-report-missing":                moodle.ReportNotFound,
		"ws-report-not-allowed":            moodle.ReportClosed,
		"ws-report-completion":             moodle.ReportUnfiltered, // its first row is of another course
		"ws-report-completion-since":       moodle.ReportShifted,    // five rows of 174, again and again
		"ws-report-page-out-of-range":      moodle.ReportShifted,    // none of 15
		"ws-report-completion-since-empty": "",
	}
	for recording, want := range tests {
		d := newReportBuilder(t, "ws-report-completion-since-empty")
		s := d.site()
		s.answers[fnReport] = recorded(t, recording)
		got, err := s.client().CompletionReport(t.Context(), "1", "2", time.Time{})
		if moodle.ReasonOf(err) != want || (got == nil) != (want != "") {
			t.Errorf("%s: %d rows, %v; want %q", recording, len(got), err, want)
		}
	}
}

func TestReportPages(t *testing.T) {
	d := newReportBuilder(t, "ws-report-completion-since")
	d.crowd(2500)
	s := d.site()
	got, err := s.client().CompletionReport(t.Context(), "2", "2", time.Time{})
	if err != nil || len(got) != 2500 {
		t.Fatalf("%d rows, %v", len(got), err)
	}
	if n := s.count(fnReport); n != 3+1 {
		t.Errorf("%d pages, want three and one to try the clock", n)
	}
}

// Attack on time: rows without a user, one per page, without end.
func TestEndlessReport(t *testing.T) {
	d := newReportBuilder(t, "ws-report-completion-since")
	s := d.site()
	s.answers[fnReport] = text(`{"data":{"headers":["Course full name with link","Full name with link","Time completed"],` +
		`"rows":[{"columns":["<a href=\"/course/view.php?id=2\">C</a>","",null]}],"totalrowcount":1000000}}`)
	_, err := s.client().CompletionReport(t.Context(), "2", "2", time.Time{})
	if moodle.ReasonOf(err) != moodle.TooLarge || s.count(fnReport) > 1000 {
		t.Errorf("%v after %d pages, want TooLarge", err, s.count(fnReport))
	}
}

// If rows move between pages, the pages are read once more.
func TestReportShifts(t *testing.T) {
	tests := map[string]struct {
		before func(*reportBuilder)
		want   moodle.Reason
	}{
		"one goes, once": {func(d *reportBuilder) {
			if d.reading == 1 && len(d.rows) == 1500 {
				d.rows = d.rows[1:]
			}
		}, ""},
		"one goes, one comes": {func(d *reportBuilder) {
			if d.reading == 1 && d.rows[0].at.Second() == 7 {
				last := d.rows[len(d.rows)-1]
				last.at = last.at.Add(-time.Second)
				d.rows = slices.Insert(d.rows[:len(d.rows)-1], 0, last)
			}
		}, ""},
		"always another number": {func(d *reportBuilder) {
			if d.reading%2 == 1 {
				d.rows = d.rows[1:]
			}
		}, moodle.ReportShifted},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := newReportBuilder(t, "ws-report-completion-since")
			d.crowd(1500)
			d.before = tt.before
			got, err := d.client().CompletionReport(t.Context(), "2", "2", time.Time{})
			if moodle.ReasonOf(err) != tt.want || tt.want == "" && len(got) != len(d.rows) {
				t.Errorf("%d rows of %d, %v; want %q", len(got), len(d.rows), err, tt.want)
			}
		})
	}
}

// Two courses are read from one report at the same time. The filter for one must not
// affect the rows for the other.
func TestReportReadersTakeTurns(t *testing.T) {
	d := newReportBuilder(t, "ws-report-completion-one-course")
	for _, r := range slices.Clone(d.rows) {
		if r.cells[2] != nil && strings.Contains(*r.cells[2], "id=6\"") {
			d.rows = append(d.rows, builderRow{cells: foreign(d).cells, course: 3, at: r.at})
		}
	}
	c := d.client()
	var group sync.WaitGroup
	for range 4 {
		for course, want := range map[moodle.CourseID]int{"2": 14, "3": 1} {
			group.Go(func() {
				got, err := c.CompletionReport(t.Context(), "1", course, time.Time{})
				if err != nil || len(got) != want {
					t.Errorf("course %s: %d rows, %v; want %d", course, len(got), err, want)
				}
			})
		}
	}
	group.Wait()
}

// A caller that waits for its turn can give up.
func TestCallerGivesUpReportTurn(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	d := newReportBuilder(t, "ws-report-completion-one-course")
	var c *moodle.Client
	d.before = func(d *reportBuilder) {
		d.before = nil
		cancel()
		if _, err := c.CompletionReport(ctx, "1", "3", time.Time{}); moodle.ReasonOf(err) != moodle.Interrupted {
			t.Errorf("%v, want Interrupted", err)
		}
	}
	c = d.client()
	if _, err := c.CompletionReport(t.Context(), "1", "2", time.Time{}); err != nil {
		t.Error(err)
	}
}

// Times are tested once a day, not at every reading.
func TestReportTimeZoneIsCheckedDaily(t *testing.T) {
	d := newReportBuilder(t, "ws-report-completion-since")
	now := completedAt.AddDate(0, 1, 0)
	s := d.site()
	c := newClient(t, moodle.Config{BaseURL: s.URL, HTTP: s.Client(), Now: func() time.Time { return now }})
	calls := func() int {
		before := s.count(fnReport)
		if _, err := c.CompletionReport(t.Context(), "2", "2", time.Time{}); err != nil {
			t.Fatal(err)
		}
		return s.count(fnReport) - before
	}
	if first, second := calls(), calls(); first != 2 || second != 1 {
		t.Errorf("%d calls, then %d; want 2 and 1", first, second)
	}
	now = now.AddDate(0, 0, 1)
	if again := calls(); again != 2 {
		t.Errorf("%d calls a day later, want 2", again)
	}
}

// Attack: a learner whose name looks like a link to another user's profile.
func TestNameThatIsALink(t *testing.T) {
	d := newReportBuilder(t, "ws-report-completion-since")
	d.replace("Full name with link", "Zoë Ångström", `<a href="http://127.0.0.1:8045/user/profile.php?id=10">x</a>`)
	got, err := d.client().CompletionReport(t.Context(), "2", "2", time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	want := []moodle.UserID{"12", "6", "7", "8", "9"}
	if users := slices.Sorted(maps.Keys(got)); !slices.Equal(users, want) {
		t.Errorf("rows of %v, want %v", users, want)
	}
}

func TestReportIDs(t *testing.T) {
	c := fake(t, func(*http.Request) (*http.Response, error) {
		t.Error("the site was asked")
		return respond(200, "[]"), nil
	})
	for _, ids := range [][2]string{{"x", "2"}, {"1", "-2"}, {"", ""}} {
		_, err := c.CompletionReport(t.Context(), moodle.ReportID(ids[0]), moodle.CourseID(ids[1]), time.Time{})
		if moodle.ReasonOf(err) != moodle.InvalidID {
			t.Errorf("%v: %v, want InvalidID", ids, err)
		}
	}
}
