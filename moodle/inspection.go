package moodle

import (
	"context"
	"slices"
)

// inspection tries the calls that reading a course needs, and collects the findings.
type inspection struct {
	client *Client
	course CourseID
	has    map[string]bool // functions of the service
	report CheckResult

	learners   []UserID // participants to ask about, likely learners first
	students   int      // how many of them have the role of a learner
	grouped    bool     // at least one of them is in a group
	activities []Activity
}

func (i *inspection) find(f Finding) { i.report.Findings = append(i.report.Findings, f) }

// checkCourse runs all checks. It skips functions that the service lacks:
// checkFunctions reported them.
func (i *inspection) checkCourse(ctx context.Context) error {
	checks := []struct {
		function string
		run      func(context.Context) error
	}{
		{fnEnrolledUsers, i.checkRoster},
		{fnEnrolledUsers, i.checkActive},
		{fnUsersByField, i.checkAccounts},
		{fnCourseContents, i.checkContents},
		{fnCourseCompletion, i.checkCourseCompletion},
		{fnActivityCompletions, i.checkActivityCompletions},
		{fnGradeItems, i.checkGrades},
		{fnCourseGroups, i.checkGroups},
		{fnReports, i.checkReports},
	}
	for _, t := range checks {
		if !i.has[t.function] {
			continue
		}
		if err := i.note(t.function, t.run(ctx)); err != nil {
			return err
		}
	}
	return nil
}

// note records a refusal as a finding. It returns the errors that end the inspection.
func (i *inspection) note(function string, err error) error {
	e := asError(err)
	if e == nil {
		return err
	}
	f := Finding{Problem: Problem(e.Reason), Function: function, Err: e, Blocking: required(function)}
	switch e.Reason {
	case CapabilityMissing:
		f.Capabilities = suspects(function, e.Code)
	case CourseClosed:
		f.Problem, f.Capabilities = ProblemCapabilityMissing, []string{"moodle/course:view", "moodle/course:viewhiddencourses"}
	case CompletionOff, NoCriteria, NotEnrolled:
		f.Blocking = false // concerns this course only; its grades can still earn badges
	case FunctionMissing, CourseNotFound, WrongCourse, UserNotFound, WrongUser, Refused, Unexpected, TooLarge:
	default:
		return err
	}
	i.find(f)
	return nil
}

// suspects returns the capabilities that may be missing if function fails with the
// code.
func suspects(function, code string) []string {
	f, _ := functionNamed(function)
	if code == "nopermissions" || code == "cannotviewreport" {
		// If course:view is missing, Moodle uses another code; see CourseClosed.
		return slices.DeleteFunc(f.Capabilities, func(c string) bool { return c == "moodle/course:view" })
	}
	return f.Capabilities
}

// required reports whether no badge can be awarded by rule without the function.
func required(function string) bool {
	f, ok := functionNamed(function)
	return f.Required || !ok
}

// hidden adds a finding for the activities that are on the course page and missing from
// the answer of function.
func (i *inspection) hidden(function string, lost func(Activity) bool) {
	var names, caps []string
	for _, a := range i.activities {
		if !lost(a) {
			continue
		}
		names = append(names, a.Name)
		if c := "mod/" + a.Module + ":view"; !slices.Contains(caps, c) {
			caps = append(caps, c)
		}
	}
	if names != nil {
		i.find(Finding{Problem: ProblemActivitiesHidden, Function: function, Capabilities: caps, Activities: names})
	}
}
