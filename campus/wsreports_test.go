package campus_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// replay repeats a recorded call and requires Moodle's members and types.
func (s *site) replay(t *testing.T, name string, change url.Values, except ...string) any {
	t.Helper()
	r := recorded(t, name)
	form := r.Request.form(s)
	maps.Copy(form, change)
	got := s.post(t, "/webservice/rest/server.php", form)
	if got.status != http.StatusOK || got.header.Get("Content-Type") != r.Response.mediaType() {
		t.Errorf("%s: answer is %d %s", name, got.status, got.header.Get("Content-Type"))
	}
	compareShapes(t, got.json(t), r.Response.JSON, except...)
	return got.json(t)
}

// reportOf returns the parts of a report's answer.
func reportOf(t *testing.T, answer any) (headings []any, rows [][]any, total int) {
	t.Helper()
	data := answer.(map[string]any)["data"].(map[string]any)
	return data["headers"].([]any), member[[]any](t, data["rows"], "columns"), int(data["totalrowcount"].(float64))
}

// TestReportShapes replays the recorded calls in their order, because a filter applies
// to the calls after it.
func TestReportShapes(t *testing.T) {
	s := newSite(t)
	essay := 80.0
	if err := s.SetGrade(9, 2, &essay); err != nil { // completes the course after the time in the filter
		t.Fatal(err)
	}
	for _, name := range []string{
		"ws-report-list", "ws-report-completion", "ws-report-set-filter-course", "ws-report-completion-one-course",
		"ws-report-page-out-of-range", "ws-report-set-filter-since", "ws-report-completion-since",
		"ws-report-set-filter-since-future", "ws-report-completion-since-empty",
	} {
		// The third report in the list was never read, so the campus does not have it.
		// Its row without a participant is not among the first ten.
		got := s.replay(t, name, nil, ".reports[].conditiondata null", ".data.rows[].columns[] null")
		if o, ok := got.(map[string]any); !ok || o["data"] == nil {
			continue
		}
		headings, _, _ := reportOf(t, got)
		if want, _, _ := reportOf(t, recorded(t, name).Response.JSON); !reflect.DeepEqual(headings, want) {
			t.Errorf("%s: headings are %v, want %v", name, headings, want)
		}
	}
}

// The cells read like those of ws-report-completion-one-course: each pattern matches
// both.
func TestReportCells(t *testing.T) {
	const at = `(\w+day, \d{1,2} \w+ \d{4}, \d{1,2}:\d\d [AP]M)?`
	patterns := []string{
		`<a href="http://[^"]+/course/view\.php\?id=\d+">Données &amp; société – niveau 1</a>`, `SIS-BADGE101`,
		`(<a href="http://[^"]+/user/profile\.php\?id=\d+">[^<]+</a>)?`, `\w*`, `([\w.+]+@example\.org)?`, `([A-Z]+-\d+)?`,
		`(Yes|No)?`, at, at, `(\d+\.\d\d)?`, `(Active|Suspended|<nil>)`,
	}
	s := newSite(t)
	s.replay(t, "ws-report-set-filter-course", nil)
	got := s.replay(t, "ws-report-completion-one-course", nil)
	for whose, answer := range map[string]any{"campus": got, "Moodle": recorded(t, "ws-report-completion-one-course").Response.JSON} {
		_, rows, total := reportOf(t, answer)
		if total != 15 || len(rows) != total {
			t.Errorf("%s: %d rows of %d", whose, len(rows), total)
		}
		for _, row := range rows {
			for i, cell := range row {
				if text := fmt.Sprint(cell); !regexp.MustCompile("^" + patterns[i] + "$").MatchString(text) {
					t.Errorf("%s: column %d is %q", whose, i, text)
				}
			}
		}
	}
	_, rows, _ := reportOf(t, got)
	for i, want := range map[int][]any{
		2:  {"u06", "zoe@example.org", "SIS-0006", "Yes", "Friday, 20 November 2026, 12:00 PM", "Friday, 20 November 2026, 11:00 AM", "111.00", "Active"},
		7:  {"u11", "nora@example.org", "SIS-0011", "", "", "", "", "Active"},
		8:  {"u12", "sacha@example.org", "SIS-0012", "Yes", "Friday, 20 November 2026, 12:00 PM", "Friday, 20 November 2026, 11:00 AM", "63.00", "Suspended"},
		12: {"u16", "eloise@example.org", "SIS-0016", "No", "", "Friday, 20 November 2026, 11:00 AM", "39.00", "Active"},
		14: {"", "", "", "", "", "", "", nil}, // an enrolment method that nobody uses
	} {
		if diff := cmp.Diff(want, rows[i][3:]); diff != "" {
			t.Errorf("row %d (-want +got):\n%s", i, diff)
		}
	}
	if name := rows[5][2].(string); !regexp.MustCompile(`>Søren Nordmann & Søn<`).MatchString(name) {
		t.Errorf("Moodle does not escape people's names here: %s", name)
	}
}

// TestReportPages reads a report page by page. As in ws-report-page-out-of-range, a
// page after the last is empty.
func TestReportPages(t *testing.T) {
	s := newSite(t)
	var all []any
	for page, want := range []int{4, 4, 4, 3, 0} {
		_, rows, total := reportOf(t, s.call(t, "core_reportbuilder_retrieve_report", "reportid", "1", "page", fmt.Sprint(page), "perpage", "4"))
		if len(rows) != want || total != 15 {
			t.Errorf("page %d has %d of %d rows, want %d of 15", page, len(rows), total, want)
		}
		for _, row := range rows {
			all = append(all, row[3])
		}
	}
	if len(all) != 15 || len(slices.Compact(all)) != 15 {
		t.Errorf("users are %v", all)
	}
}

// completedSince sets the recorded filter on the time of completion and returns the
// profile addresses of the rows that remain.
func (s *site) completedSince(t *testing.T, from, to int64) []string {
	t.Helper()
	s.replay(t, "ws-report-set-filter-since", url.Values{"values": {fmt.Sprintf(
		`{"completion:timecompleted_operator":3,"completion:timecompleted_from":%d,"completion:timecompleted_to":%d}`, from, to)}})
	_, rows, total := reportOf(t, s.call(t, "core_reportbuilder_retrieve_report", "reportid", "2", "page", "0", "perpage", "100"))
	if len(rows) != total {
		t.Errorf("%d rows of %d", len(rows), total)
	}
	ids := []string{}
	for _, row := range rows {
		ids = append(ids, regexp.MustCompile(`profile\.php\?id=(\d+)`).FindStringSubmatch(row[1].(string))[1])
	}
	return ids
}

// TestReportSince reads only new completions, with the filter of
// ws-report-set-filter-since: the limits are included, to the second. A completion that
// is removed disappears from the list.
func TestReportSince(t *testing.T) {
	s := newSite(t)
	at := s.clock().Unix()
	essay := 80.0
	if err := s.SetGrade(9, 2, &essay); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name     string
		from, to int64
		want     []string
	}{
		{"that second", at, at, []string{"9"}},
		{"open end", at, 0, []string{"9"}},
		{"a second later", at + 1, 0, []string{}},
		{"until the second before", at - 60, at - 1, []string{}},
	} {
		if diff := cmp.Diff(tt.want, s.completedSince(t, tt.from, tt.to)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	before := s.completedSince(t, 1, 0)
	if err := s.SetCourseCompleted(9, false); err != nil {
		t.Fatal(err)
	}
	after := s.completedSince(t, 1, 0)
	if !slices.Contains(before, "9") || slices.Contains(after, "9") || len(after) != len(before)-1 {
		t.Errorf("completed were %v and are %v", before, after)
	}
}

// A filter applies to its report until another replaces it.
func TestReportFilterStays(t *testing.T) {
	s := newSite(t)
	s.CopyCourse()
	rows := func() int {
		_, _, total := reportOf(t, s.call(t, "core_reportbuilder_retrieve_report", "reportid", "1"))
		return total
	}
	both := rows()
	s.replay(t, "ws-report-set-filter-course", nil)
	one := rows()
	s.completedSince(t, s.clock().Add(time.Hour).Unix(), 0) // a filter of the other report
	if both != 30 || one != 15 || rows() != one {
		t.Errorf("rows are %d, after the filter %d, then %d", both, one, rows())
	}
	s.replay(t, "ws-report-set-filter-course", url.Values{"values": {`{}`}})
	if got := rows(); got != both {
		t.Errorf("without a filter rows are %d", got)
	}
}

// TestReportOfCourse selects a course by its id, as recorded: all rows are of that
// course. There are two courses.
func TestReportOfCourse(t *testing.T) {
	s := newSite(t)
	s.CopyCourse()
	report := url.Values{"reportid": {"1"}}
	s.replay(t, "ws-report-set-filter-courseselector", report)
	got := s.replay(t, "ws-report-completion-courseselector", report, ".data.rows[].columns[] null", ".details.conditiondata")
	for whose, answer := range map[string]any{"campus": got, "Moodle": recorded(t, "ws-report-completion-courseselector").Response.JSON} {
		_, rows, _ := reportOf(t, answer)
		for _, row := range rows {
			if !regexp.MustCompile(`/course/view\.php\?id=2"`).MatchString(row[0].(string)) {
				t.Errorf("%s: a row of another course: %v", whose, row[0])
			}
		}
	}
}
