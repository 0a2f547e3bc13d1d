package connect

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/insigne-badges/insigne/moodle"
)

// ServiceCheck is what a check of a platform's web services found. The store
// keeps it as JSON.
type ServiceCheck struct {
	Site    string    `json:"site,omitempty"` // its name; empty if it did not answer
	Release string    `json:"release,omitempty"`
	Course  string    `json:"course,omitempty"`  // title of the course that was tried
	Untried bool      `json:"untried,omitempty"` // no course was tried
	Found   []Finding `json:"found,omitempty"`   // empty: all is well, as far as it was tried
}

// Finding is one thing to mend.
type Finding struct {
	Problem  moodle.Problem `json:"problem"` // may be a moodle.Reason: of a call that failed
	Function string         `json:"function,omitempty"`
	Report   string         `json:"report,omitempty"`  // name of the custom report it concerns
	Missing  []string       `json:"missing,omitempty"` // capabilities, and names of activities
	Blocking bool           `json:"blocking,omitempty"`
}

func newServiceCheck(report moodle.CheckResult) ServiceCheck {
	check := ServiceCheck{Site: report.Site, Release: report.Release, Untried: report.Course == ""}
	for _, f := range report.Findings {
		check.Found = append(check.Found, Finding{
			Problem: f.Problem, Function: f.Function, Report: f.Report,
			Missing: slices.Concat(f.Capabilities, f.Activities), Blocking: f.Blocking,
		})
	}
	return check
}

// ReadServiceCheck returns the check that the store kept, nil if there was none
// yet.
func ReadServiceCheck(kept json.RawMessage) (*ServiceCheck, error) {
	if len(kept) == 0 {
		return nil, nil //nolint:nilnil // no check yet is no error
	}
	var check ServiceCheck
	if err := json.Unmarshal(kept, &check); err != nil {
		return nil, fmt.Errorf("read check: %w", err)
	}
	return &check, nil
}

// NoCourse reports whether the site answered and no course was known to try.
func (c ServiceCheck) NoCourse() bool { return c.Untried && c.Site != "" }

// Key names the sentence that says what was found.
func (f Finding) Key() string {
	switch f.Problem {
	case moodle.ProblemFunctionMissing:
		return "admin.check_function_missing"
	case moodle.ProblemCapabilityMissing:
		return "admin.check_capability_missing"
	default:
		return f.Problem.Key()
	}
}

// FixKey names the sentence that says how to mend it, empty if Key's sentence
// says it.
func (f Finding) FixKey() string {
	switch f.Problem {
	case moodle.ProblemFunctionMissing:
		return "admin.check_function_fix"
	case moodle.ProblemCapabilityMissing:
		return "admin.check_capability_fix"
	default:
		return ""
	}
}

// Cost is what Insigne cannot do, or does worse, until a finding is mended.
type Cost string

// The costs.
const (
	CostUnsaid  Cost = ""        // the finding's own sentence says it
	CostAll     Cost = "all"     // no badge is awarded by rule
	CostReport  Cost = "report"  // learners are asked about one by one
	CostGroups  Cost = "groups"  // no rule can ask for a group
	CostConfirm Cost = "confirm" // nobody confirms that a completion is of the course asked about
	CostExplain Cost = "explain" // nobody can tell why a course has no completion
	CostMessage Cost = "message" // learners get mails only
	CostBatch   Cost = "batch"   // each learner takes a call
)

// Key names the sentence, empty for CostUnsaid.
func (c Cost) Key() string {
	if c == CostUnsaid {
		return ""
	}
	return "admin.check_cost_" + string(c)
}

// costs tell what a function is for.
var costs = map[string]Cost{
	"core_reportbuilder_list_reports":     CostReport,
	"core_reportbuilder_set_filters":      CostReport,
	"core_reportbuilder_retrieve_report":  CostReport,
	"core_group_get_course_groups":        CostGroups,
	"core_enrol_get_users_courses":        CostConfirm,
	"core_course_get_courses_by_field":    CostExplain,
	"core_message_send_instant_messages":  CostMessage,
	"tool_mobile_call_external_functions": CostBatch,
}

// Cost returns what the finding costs.
func (f Finding) Cost() Cost {
	switch {
	case f.Blocking:
		return CostAll
	case f.Report != "", f.Problem == moodle.ProblemReportMissing:
		return CostReport
	case f.Problem == moodle.ProblemFunctionMissing, f.Problem == moodle.ProblemCapabilityMissing:
		return costs[f.Function]
	default:
		return CostUnsaid
	}
}
