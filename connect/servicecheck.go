package connect

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/insigne-badges/insigne/moodle"
)

// ServiceCheck is the result of a check of a platform's web services. The store keeps
// it as JSON.
type ServiceCheck struct {
	Site    string    `json:"site,omitempty"` // name of the site; empty if it did not answer
	Release string    `json:"release,omitempty"`
	Course  string    `json:"course,omitempty"`  // title of the course that the check used
	Untried bool      `json:"untried,omitempty"` // there was no course to use
	Found   []Finding `json:"found,omitempty"`   // empty: what was tried works
}

// Finding is one thing to correct.
type Finding struct {
	Problem  moodle.Problem `json:"problem"` // also a moodle.Reason, for a call that failed
	Function string         `json:"function,omitempty"`
	Report   string         `json:"report,omitempty"`  // name of the custom report
	Missing  []string       `json:"missing,omitempty"` // capabilities, or names of activities
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

// ReadServiceCheck returns the check in kept, as the store keeps it; nil if there was
// none yet.
func ReadServiceCheck(kept json.RawMessage) (*ServiceCheck, error) {
	if len(kept) == 0 {
		return nil, nil // no check yet is not an error
	}
	var check ServiceCheck
	if err := json.Unmarshal(kept, &check); err != nil {
		return nil, fmt.Errorf("read check: %w", err)
	}
	return &check, nil
}

// NoCourse reports whether the site answered but there was no course to use.
func (c ServiceCheck) NoCourse() bool { return c.Untried && c.Site != "" }

// Key returns the catalogue key of the sentence about what was found.
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

// FixKey returns the catalogue key of the sentence about how to correct it; empty if
// the sentence of Key says it.
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

// Cost is what Insigne cannot do, or does less well, until a finding is corrected.
type Cost string

// The costs.
const (
	CostUnsaid  Cost = ""        // the sentence of the finding says it
	CostAll     Cost = "all"     // no badge is awarded by rule
	CostReport  Cost = "report"  // each learner needs requests of their own
	CostGroups  Cost = "groups"  // rules cannot ask about groups
	CostConfirm Cost = "confirm" // Insigne cannot confirm that a completion is of the right course
	CostExplain Cost = "explain" // Insigne cannot say why a course has no completion
	CostMessage Cost = "message" // learners get only mails
	CostBatch   Cost = "batch"   // each learner needs a call of their own
)

// Key returns the catalogue key of the sentence; empty for CostUnsaid.
func (c Cost) Key() string {
	if c == CostUnsaid {
		return ""
	}
	return "admin.check_cost_" + string(c)
}

// costs says what is lost without a web-service function.
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

// Cost returns the cost of the finding.
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
