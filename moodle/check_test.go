package moodle_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/moodle"
)

// siteInfo is the recorded answer with this server's address, and without some
// functions.
func siteInfo(t *testing.T, s *site, without ...string) answer {
	var e exchange
	read(t, "ws-site-info", &e)
	var info map[string]any
	if err := json.Unmarshal(e.body(), &info); err != nil {
		t.Fatal(err)
	}
	functions := []any{}
	for _, f := range info["functions"].([]any) {
		if !slices.Contains(without, f.(map[string]any)["name"].(string)) {
			functions = append(functions, f)
		}
	}
	info["functions"], info["siteurl"] = functions, s.URL
	raw, err := json.Marshal(info)
	if err != nil {
		t.Fatal(err)
	}
	return text(string(raw))
}

const oneReport = `{"reports":[{"id":4,"name":"Achèvement","source":"core_course\\reportbuilder\\datasource\\participants"}]}`

func TestCheck(t *testing.T) {
	viewHidden := `{"exception":"e","errorcode":"nopermissions","message":"Sorry"}`
	tests := map[string]struct {
		without []string
		answers map[string]answer
		want    []string // each: problem function capabilities
		works   bool
	}{
		"all is well": {works: true},
		"functions missing": {
			without: []string{"gradereport_user_get_grade_items", "core_message_send_instant_messages"},
			want:    []string{"function_missing gradereport_user_get_grade_items", "function_missing core_message_send_instant_messages"},
		},
		"only the message function missing": {
			without: []string{"core_message_send_instant_messages"},
			want:    []string{"function_missing core_message_send_instant_messages"},
			works:   true,
		},
		"grades may not be seen": {
			answers: map[string]answer{"gradereport_user_get_grade_items": recorded(t, "ws-error-missing-capability")},
			want:    []string{"capability_missing gradereport_user_get_grade_items gradereport/user:view moodle/grade:viewall"},
		},
		"course may not be entered": {
			answers: map[string]answer{"core_course_get_contents": recorded(t, "ws-error-not-enrolled")},
			want:    []string{"capability_missing core_course_get_contents moodle/course:view moodle/course:viewhiddencourses"},
		},
		"active participants may not be asked for": {
			answers: map[string]answer{"core_enrol_get_enrolled_users": onlyAll(t, viewHidden)},
			want:    []string{"capability_missing core_enrol_get_enrolled_users moodle/course:enrolreview"},
		},
		"learners left out": {
			answers: map[string]answer{"core_enrol_get_enrolled_users": text(`[{"id":3,"email":"t@example.org","roles":[{"shortname":"editingteacher"}]}]`)},
			want:    []string{"no_learners core_enrol_get_enrolled_users moodle/user:viewdetails moodle/site:accessallgroups"},
			works:   true,
		},
		"addresses left out": {
			answers: map[string]answer{"core_enrol_get_enrolled_users": text(`[{"id":8,"roles":[{"shortname":"student"}],"groups":[{"id":1}]}]`)},
			want:    []string{"emails_hidden core_enrol_get_enrolled_users moodle/site:viewuseridentity"},
			works:   true,
		},
		"languages left out": {
			answers: map[string]answer{"core_user_get_users_by_field": text(`[{"id":6,"fullname":"Zoë"}]`)},
			want:    []string{"languages_hidden core_user_get_users_by_field moodle/user:viewalldetails moodle/user:viewdetails"},
			works:   true,
		},
		"completion off in the course": {
			answers: map[string]answer{
				"core_completion_get_course_completion_status": recorded(t, "ws-course-completion-course-without-completion"),
				"core_course_get_courses_by_field":             text(`{"courses":[{"id":2,"enablecompletion":0}]}`),
			},
			want:  []string{"completion_off core_completion_get_course_completion_status"},
			works: true,
		},
		"module types may not be viewed": {
			answers: map[string]answer{
				"core_completion_get_activities_completion_status": recorded(t, "ws-quirk-no-module-view-activities-completion-complete"),
				"gradereport_user_get_grade_items":                 recorded(t, "ws-quirk-no-module-view-grade-items-one"),
			},
			want: []string{
				"activities_hidden core_completion_get_activities_completion_status mod/lti:view mod/quiz:view",
				"activities_hidden gradereport_user_get_grade_items mod/quiz:view",
			},
			works: true,
		},
		"groups may not be listed": {
			answers: map[string]answer{fnGroups: text(viewHidden)},
			want:    []string{"capability_missing core_group_get_course_groups moodle/course:managegroups"},
			works:   true,
		},
		"nobody is seen in a group": {
			answers: map[string]answer{"core_enrol_get_enrolled_users": text(`[{"id":6,"email":"z@example.org","roles":[{"shortname":"student"}]}]`)},
			want:    []string{"groups_empty core_enrol_get_enrolled_users moodle/site:accessallgroups"},
			works:   true,
		},
		"there are no groups": {
			answers: map[string]answer{
				"core_enrol_get_enrolled_users": text(`[{"id":6,"email":"z@example.org","roles":[{"shortname":"student"}]}]`),
				fnGroups:                        text(`[]`),
			},
			works: true,
		},
		"groups of another course": {
			answers: map[string]answer{fnGroups: text(`[{"id":1,"courseid":3,"name":"A"}]`)},
			want:    []string{"wrong_course core_group_get_course_groups"},
			works:   true,
		},
		"no report": {
			answers: map[string]answer{fnReports: text(`{"reports":[{"id":5,"name":"Users","source":"core_user\\reportbuilder\\datasource\\users"}]}`)},
			want:    []string{"report_missing core_reportbuilder_list_reports"},
			works:   true,
		},
		"a report without columns": {
			answers: map[string]answer{fnReport: text(`{"data":{"headers":[],"rows":[],"totalrowcount":0}}`), fnReports: text(oneReport)},
			want:    []string{"report_columns core_reportbuilder_retrieve_report Achèvement"},
			works:   true,
		},
		"a report whose titles are not English": {
			answers: map[string]answer{fnReport: text(`{"data":{"headers":["Nom complet"],"rows":[],"totalrowcount":0}}`), fnReports: text(oneReport)},
			want:    []string{"report_language core_reportbuilder_retrieve_report Achèvement"},
			works:   true,
		},
		"a report outside whose audience the user is": {
			answers: map[string]answer{fnReportFilters: recorded(t, "ws-report-not-allowed"), fnReports: text(oneReport)},
			want:    []string{"report_closed core_reportbuilder_set_filters Achèvement"},
			works:   true,
		},
		"reports may not be listed": {
			answers: map[string]answer{fnReports: text(viewHidden)},
			want:    []string{"capability_missing core_reportbuilder_list_reports"},
			works:   true,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			answers, reports := course(t), newReportBuilder(t, "ws-report-completion")
			answers[fnGroups], answers[fnReports] = recorded(t, "ws-course-groups"), recorded(t, "ws-report-list")
			answers[fnReportFilters], answers[fnReport] = reports.filter, reports.page
			answers["core_user_get_users_by_field"] = text(`[{"id":6,"lang":"en","suspended":false},{"id":3,"lang":"en"},{"id":8,"lang":"en"}]`)
			for fn, a := range tt.answers {
				answers[fn] = a
			}
			s := newSite(t, answers)
			s.answers["core_webservice_get_site_info"] = siteInfo(t, s, tt.without...)
			report, err := s.client().Check(t.Context(), "2")
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range report.Findings {
				got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %s", f.Problem, f.Function, strings.Join(append(slices.Clone(f.Capabilities), f.Report), " "))))
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
			if report.Works() != tt.works {
				t.Errorf("works %v, want %v", report.Works(), tt.works)
			}
			if report.Release != "4.5.5+ (Build: 20250613)" || report.User != "svc-insigne" || report.UserID != "18" {
				t.Errorf("report %+v", report)
			}
		})
	}
}

// onlyAll returns the whole roster and refuses to list the active participants.
func onlyAll(t *testing.T, refusal string) answer {
	all := enrolled(t)
	return func(form url.Values) (int, []byte) {
		if option(form, "onlyactive") == "1" {
			return http.StatusOK, []byte(refusal)
		}
		return all(form)
	}
}

func TestCheckWithoutCourse(t *testing.T) {
	s := newSite(t, map[string]answer{"core_webservice_get_site_info": recorded(t, "ws-site-info")})
	report, err := s.client().Check(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	// The recorded site gives http://127.0.0.1:8045 as its address; this server has
	// another.
	if len(report.Findings) != 1 || report.Findings[0].Problem != moodle.ProblemAddressDiffers {
		t.Errorf("findings %+v, want the address only", report.Findings)
	}
	if n := len(s.calls); n != 1 {
		t.Errorf("%d calls, want one", n)
	}
}

func TestCheckOfBrokenSite(t *testing.T) {
	for recording, want := range map[string]moodle.Reason{
		"ws-error-invalid-token":           moodle.TokenInvalid,
		"ws-error-maintenance":             moodle.Maintenance,
		"ws-error-webservices-off":         moodle.ServicesOff,
		"ws-error-function-not-in-service": moodle.FunctionMissing,
	} {
		s := newSite(t, map[string]answer{"core_webservice_get_site_info": recorded(t, recording)})
		if _, err := s.client().Check(t.Context(), "2"); moodle.ReasonOf(err) != want {
			t.Errorf("%s: %v, want %q", recording, err, want)
		}
	}
}

// If the site closes during the check, Check returns an error and no finding.
func TestCheckInterrupted(t *testing.T) {
	answers := course(t)
	answers["core_course_get_contents"] = recorded(t, "ws-error-maintenance")
	if _, err := newSite(t, answers).client().Check(t.Context(), "2"); moodle.ReasonOf(err) != moodle.Maintenance {
		t.Errorf("%v, want Maintenance", err)
	}
}
