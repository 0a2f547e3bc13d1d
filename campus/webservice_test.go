package campus_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/campus"
)

// TestWebServiceShapes replays recorded calls: the campus must send the members and
// types of Moodle, and no others.
func TestWebServiceShapes(t *testing.T) {
	for _, tt := range []struct {
		name   string
		except []string // data that this course does not have: files, groups, cities, letters, overrides
	}{
		{"ws-site-info", nil},
		{"ws-courses-by-field", nil},
		{"ws-course-contents", []string{"[].modules[].activitybadge", "[].modules[].contents", "[].modules[].description"}},
		{"ws-enrolled-users", []string{"[].city", "[].country"}},
		{"ws-enrolled-users-suspended", []string{"[].groups"}},
		{"ws-users-by-id", nil},
		{"ws-user-groups", nil},
		{"ws-users-courses", []string{"[].completed null", "[].progress null", "[].showcompletionconditions null", "[].lastaccess number"}},
		{"ws-course-groups", nil},
		{"ws-grade-items-all", []string{".usergrades[].gradeitems[].iteminstance null", ".usergrades[].gradeitems[].status"}},
		{"ws-grade-items-group", []string{".usergrades[].gradeitems[].iteminstance null", ".usergrades[].gradeitems[].status", ".usergrades[].gradeitems[].gradedategraded null", ".usergrades[].gradeitems[].graderaw null"}},
		{"ws-grade-items-one", []string{".usergrades[].gradeitems[].iteminstance null", ".usergrades[].gradeitems[].status", ".usergrades[].gradeitems[].gradedategraded null", ".usergrades[].gradeitems[].graderaw null"}},
		{"ws-grade-items-no-grade", []string{".usergrades[].gradeitems[].iteminstance null"}},
		{"ws-course-completion-complete", nil},
		{"ws-course-completion-incomplete", []string{".completionstatus.completions[].timecompleted null"}},
		{"ws-course-completion-untouched", nil},
		{"ws-activities-completion-complete", nil},
		{"ws-activities-completion-failed", nil},
		{"ws-activities-completion-overridden", []string{".statuses[].overrideby number"}},
		{"ws-activities-completion-untouched", nil},
		{"ws-message-send", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t)
			r := recorded(t, tt.name)
			got := s.post(t, "/webservice/rest/server.php", r.Request.form(s))
			if got.status != http.StatusOK || got.header.Get("Content-Type") != r.Response.mediaType() {
				t.Errorf("answer is %d %s", got.status, got.header.Get("Content-Type"))
			}
			compareShapes(t, got.json(t), r.Response.JSON, tt.except...)
		})
	}
}

// TestWebServiceErrors replays recorded refusals. Each must equal Moodle's, because
// clients distinguish them by their texts.
func TestWebServiceErrors(t *testing.T) {
	for _, name := range []string{
		"ws-error-invalid-token", "ws-error-no-format", "ws-error-no-such-course", "ws-error-no-such-user", "ws-error-no-such-function",
		"ws-error-function-not-in-service", "ws-error-missing-parameter", "ws-error-wrong-type",
		"ws-course-completion-teacher", "ws-course-completion-suspended-enrolment", "ws-error-json-body",
		"ws-report-missing", "ws-report-not-allowed",
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.SetFaults(campus.Faults{OutsideAudience: name == "ws-report-not-allowed"})
			r := recorded(t, name)
			got := s.post(t, "/webservice/rest/server.php", r.Request.form(s))
			if got.status != http.StatusOK || got.header.Get("Content-Type") != r.Response.mediaType() {
				t.Errorf("answer is %d %s, want 200 %s", got.status, got.header.Get("Content-Type"), r.Response.mediaType())
			}
			if r.Response.JSON == nil { // XML: no format was requested
				if begin, _, _ := strings.Cut(got.body, "<SINGLE>"); !strings.HasPrefix(r.Response.Raw, begin) && got.body != r.Response.Raw {
					t.Errorf("answer = %s, want %s", got.body, r.Response.Raw)
				}
				return
			}
			if got := got.json(t); !reflect.DeepEqual(got, r.Response.JSON) {
				t.Errorf("answer = %v, want %v", got, r.Response.JSON)
			}
		})
	}
}

// TestListsInOrderOfArrival sends a batch in reverse order: Moodle answers in the order
// of arrival, whatever the numbers, so that [10], sent first, is answered first.
func TestListsInOrderOfArrival(t *testing.T) {
	s := newSite(t)
	body := "wstoken=" + s.Token() + "&moodlewsrestformat=json&wsfunction=tool_mobile_call_external_functions"
	for _, request := range []struct{ number, function string }{
		{"10", "core_webservice_get_site_info"}, {"2", "core_course_get_courses_by_field"},
	} {
		at := "&requests%5B" + request.number + "%5D"
		body += at + "%5Bfunction%5D=" + request.function + at + "%5Barguments%5D=%7B%7D"
	}
	var got struct {
		Responses []struct{ Data string }
	}
	answer := s.send(t, http.MethodPost, "/webservice/rest/server.php", body, "Content-Type", "application/x-www-form-urlencoded")
	if err := json.Unmarshal([]byte(answer.body), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Responses) != 2 || !strings.Contains(got.Responses[0].Data, `"sitename"`) || !strings.Contains(got.Responses[1].Data, `"courses"`) {
		t.Errorf("answers = %v, want the site's, then the courses'", got.Responses)
	}
}
