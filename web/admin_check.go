package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/templates"
)

// serviceCheck is a check of a platform's web services, as it is kept.
type serviceCheck struct {
	Site    string    `json:"site,omitempty"`
	Release string    `json:"release,omitempty"`
	Course  string    `json:"course,omitempty"`  // title of the course that was tried
	Untried bool      `json:"untried,omitempty"` // no course was known to try
	Found   []finding `json:"found,omitempty"`   // empty: all is well
}

// finding is one thing to mend.
type finding struct {
	Problem  string   `json:"problem"` // moodle's word
	Function string   `json:"function,omitempty"`
	Report   string   `json:"report,omitempty"`  // name of the custom report it concerns
	Missing  []string `json:"missing,omitempty"` // capabilities, and names of activities
	Blocking bool     `json:"blocking,omitempty"`
}

// SetService stores how to read a platform and checks it at once. Only a
// failure of the store is an error; what the check found is kept for the page.
func (s *Server) SetService(ctx context.Context, id badges.PlatformID, service badges.Service) error {
	err := s.Store.Tx(ctx, func(tx *store.Tx) error { return tx.SetService(ctx, id, service) })
	if err != nil {
		return err
	}
	return s.runCheck(ctx, id)
}

func (s *Server) checkService(w http.ResponseWriter, r *http.Request, _ adminSession) error {
	p, err := s.pathPlatform(r)
	if err != nil {
		return err
	}
	if err := s.runCheck(r.Context(), p.ID); err != nil {
		return err
	}
	return seeOther(w, r, "/admin/platforms/"+string(p.ID)+"#service")
}

// runCheck tries everything Insigne needs, on a course it knows if there is
// one, and keeps the result.
func (s *Server) runCheck(ctx context.Context, id badges.PlatformID) error {
	courses, err := s.Store.Courses(ctx, id)
	if err != nil {
		return err
	}
	var course moodle.CourseID
	if len(courses) > 0 {
		course = moodle.CourseID(courses[0].Context)
	}
	var check serviceCheck
	client, err := s.Sites.Client(ctx, id)
	if err == nil {
		var report moodle.Report
		report, err = client.Check(ctx, course)
		check = keepCheck(report)
		if len(courses) > 0 {
			check.Course = courses[0].Title
		}
	}
	if reason := moodle.ReasonOf(err); reason != "" {
		check.Found = append(check.Found, finding{Problem: string(reason), Blocking: true})
	} else if err != nil {
		return err
	}
	text, err := json.Marshal(check)
	if err != nil {
		return fmt.Errorf("encode check: %w", err)
	}
	return s.Store.Tx(ctx, func(tx *store.Tx) error { return tx.SetServiceCheck(ctx, id, text) })
}

func keepCheck(report moodle.Report) serviceCheck {
	check := serviceCheck{Site: report.Site, Release: report.Release, Untried: report.Course == ""}
	for _, f := range report.Findings {
		check.Found = append(check.Found, finding{
			Problem: string(f.Problem), Function: f.Function, Report: f.Report,
			Missing: slices.Concat(f.Capabilities, f.Activities), Blocking: f.Blocking,
		})
	}
	return check
}

// checkView is a check in the reader's language.
type checkView struct {
	Site, Release string
	Course        string // that was tried, empty for none
	Lines         []checkLine
}

type checkLine struct {
	OK   bool
	Text string
	Code string // the function
	Fix  string
}

func viewCheck(kept json.RawMessage, locale templates.Locale) (*checkView, error) {
	if len(kept) == 0 {
		return nil, nil //nolint:nilnil // no check yet is no error, and nil is how the page knows
	}
	var check serviceCheck
	if err := json.Unmarshal(kept, &check); err != nil {
		return nil, fmt.Errorf("read check: %w", err)
	}
	view := &checkView{Site: check.Site, Release: check.Release, Course: check.Course}
	told := false // what it costs to have no report, once for all of them
	for _, f := range check.Found {
		cost := costOf(f)
		if cost == costOfReports && told {
			cost = ""
		}
		told = told || cost == costOfReports
		view.Lines = append(view.Lines, viewFinding(f, cost, locale))
	}
	switch {
	case check.Untried && check.Site != "":
		view.Lines = append(view.Lines, checkLine{OK: true, Text: locale.T("admin.check_untried", nil), Fix: locale.T("admin.check_untried_fix", nil)})
	case len(check.Found) == 0:
		view.Lines = []checkLine{{OK: true, Text: locale.T("admin.check_ok", nil)}}
	}
	return view, nil
}

// viewFinding says what is missing, what that costs and how to mend it. The cost
// is the key of a sentence, or empty.
func viewFinding(f finding, cost string, locale templates.Locale) checkLine {
	line := checkLine{Text: locale.T("problem.moodle."+f.Problem, nil), Code: f.Function, Fix: strings.Join(f.Missing, ", ")}
	switch moodle.Problem(f.Problem) {
	case moodle.ProblemFunctionMissing:
		line.Text, line.Fix = locale.T("admin.check_function_missing", nil), locale.T("admin.check_function_fix", nil)
	case moodle.ProblemCapabilityMissing:
		line.Text = locale.T("admin.check_capability_missing", nil)
		line.Fix += " — " + locale.T("admin.check_capability_fix", nil)
	default: // the other findings say it all in their sentence
	}
	if f.Report != "" {
		line.Text, line.Code = locale.T("admin.check_report", map[string]any{"Name": f.Report})+" "+line.Text, ""
	}
	if cost != "" {
		line.Text += " " + locale.T(cost, nil)
	}
	return line
}

const costOfReports = "admin.check_cost_report"

// costOf is the key of the sentence that says what Insigne cannot do, or does
// worse, as long as a finding stands; empty where the finding says it.
func costOf(f finding) string {
	switch {
	case f.Blocking:
		return "admin.check_cost_all"
	case f.Report != "", moodle.Problem(f.Problem) == moodle.ProblemReportMissing:
		return costOfReports
	case moodle.Problem(f.Problem) != moodle.ProblemFunctionMissing && moodle.Problem(f.Problem) != moodle.ProblemCapabilityMissing:
		return ""
	}
	switch f.Function {
	case "core_reportbuilder_list_reports", "core_reportbuilder_set_filters", "core_reportbuilder_retrieve_report":
		return costOfReports
	case "core_group_get_course_groups":
		return "admin.check_cost_groups"
	case "core_enrol_get_users_courses":
		return "admin.check_cost_confirm"
	case "core_course_get_courses_by_field":
		return "admin.check_cost_explain"
	case "core_message_send_instant_messages":
		return "admin.check_cost_message"
	case "tool_mobile_call_external_functions":
		return "admin.check_cost_batch"
	}
	return ""
}
