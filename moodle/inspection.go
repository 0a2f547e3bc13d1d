package moodle

import (
	"context"
	"slices"
)

// inspection tries the calls a course needs, and collects what is wrong with them.
type inspection struct {
	client *Client
	course CourseID
	has    map[string]bool // functions of the service
	report Report

	learners   []UserID // those worth asking about, learners by role first
	students   int      // learners by role among them
	grouped    bool     // somebody was seen in a group
	activities []Activity
}

func (i *inspection) find(f Finding) { i.report.Findings = append(i.report.Findings, f) }

// checkCourse runs the checks. Functions that the service lacks were reported and
// are not tried.
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

// note turns a refusal into a finding and hands back what ends the inspection.
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
		f.Blocking = false // a matter of this course: its grades still earn badges
	case FunctionMissing, CourseNotFound, WrongCourse, UserNotFound, WrongUser, Refused, Unexpected, TooLarge:
	default:
		return err
	}
	i.find(f)
	return nil
}

// suspects names the capabilities whose lack makes function fail with the code.
func suspects(function, code string) []string {
	f, _ := functionNamed(function)
	if code == "nopermissions" || code == "cannotviewreport" {
		// Without course:view Moodle refuses with another code; see CourseClosed.
		return slices.DeleteFunc(f.Capabilities, func(c string) bool { return c == "moodle/course:view" })
	}
	return f.Capabilities
}

// required reports whether no badge is awarded by rule without the function.
func required(function string) bool {
	f, ok := functionNamed(function)
	return f.Required || !ok
}

// hidden reports activities that contents lists and another answer leaves out.
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
