package moodle

import (
	"context"
	"slices"
	"time"
)

// checkRoster reads the first page of the roster. Without moodle/user:viewdetails or,
// in a course with separate groups, without moodle/site:accessallgroups, Moodle leaves
// out the learners without a warning.
func (i *inspection) checkRoster(ctx context.Context) error {
	page, err := i.client.enrolledPage(ctx, i.course, "id,email,roles,groups", false, 0, rosterPage)
	if err != nil {
		return err
	}
	mails := 0
	for _, u := range learnersFirst(page) {
		i.learners = append(i.learners, id[UserID](u.ID))
		if u.isStudent() {
			i.students++
		}
		if u.Email != "" {
			mails++
		}
		i.grouped = i.grouped || len(u.Groups) > 0
	}
	if i.students == 0 {
		i.find(Finding{Problem: ProblemNoLearners, Function: fnEnrolledUsers, Capabilities: []string{"moodle/user:viewdetails", "moodle/site:accessallgroups"}})
	}
	if mails == 0 && len(page) > 0 {
		i.find(Finding{Problem: ProblemEmailsHidden, Function: fnEnrolledUsers, Capabilities: []string{"moodle/site:viewuseridentity"}})
	}
	return nil
}

// checkActive reads active participants only, which needs one more capability.
func (i *inspection) checkActive(ctx context.Context) error {
	_, err := i.client.enrolledPage(ctx, i.course, "id", true, 0, 1)
	if e := asError(err); e != nil && e.Reason == CapabilityMissing {
		i.find(Finding{
			Problem: ProblemCapabilityMissing, Function: fnEnrolledUsers,
			Capabilities: []string{"moodle/course:enrolreview"}, Blocking: true, Err: e,
		})
		return nil
	}
	return err
}

// checkAccounts reads one account. Without moodle/user:viewalldetails, the account has
// no language.
func (i *inspection) checkAccounts(ctx context.Context) error {
	if len(i.learners) == 0 {
		return nil
	}
	n, err := number(i.learners[0])
	if err != nil {
		return err
	}
	accounts, err := i.client.accounts(ctx, []enrolledUser{{ID: n}})
	if err == nil && accounts[n].Lang == "" {
		i.find(Finding{
			Problem: ProblemLanguagesHidden, Function: fnUsersByField,
			Capabilities: []string{"moodle/user:viewalldetails", "moodle/user:viewdetails"},
		})
	}
	return err
}

func (i *inspection) checkContents(ctx context.Context) (err error) {
	i.activities, err = i.client.contents(ctx, i.course)
	return err
}

func (i *inspection) checkCourseCompletion(ctx context.Context) error {
	_, err := i.client.CourseCompletions(ctx, i.course, i.sample())
	return err
}

// checkActivityCompletions compares the activities in a learner's answer with those on
// the course page. Activities whose type the token's user may not view are missing
// without a warning.
func (i *inspection) checkActivityCompletions(ctx context.Context) error {
	got, err := i.client.ActivityCompletions(ctx, i.course, i.sample())
	if err != nil || len(got.Read) == 0 {
		return err
	}
	i.hidden(fnActivityCompletions, func(a Activity) bool {
		for _, states := range got.Read {
			if _, ok := states[a.ID]; ok {
				return false
			}
		}
		return a.Tracked
	})
	return nil
}

// gradedTypes have a grade item unless the teacher removed it. If they are missing from
// the gradebook, this is reported only if all activities of the type are missing.
var gradedTypes = []string{"assign", "quiz", "lesson", "workshop", "h5pactivity", "scorm"}

// checkGrades compares a learner's gradebook with the course page.
func (i *inspection) checkGrades(ctx context.Context) error {
	book, found, err := i.client.sampleGradebook(ctx, i.course)
	if err != nil || !found {
		return err
	}
	present := map[string]bool{}
	for _, a := range i.activities {
		if _, ok := book.Activities[a.ID]; ok {
			present[a.Module] = true
		}
	}
	i.hidden(fnGradeItems, func(a Activity) bool {
		return slices.Contains(gradedTypes, a.Module) && !present[a.Module]
	})
	return nil
}

// checkGroups lists the groups and looks for learners in them. If no learner is in a
// group, the groups may be empty or hidden from the token's user.
func (i *inspection) checkGroups(ctx context.Context) error {
	groups, err := i.client.Groups(ctx, i.course)
	if err == nil && len(groups) > 0 && i.students > 0 && !i.grouped {
		i.find(Finding{Problem: ProblemGroupsEmpty, Function: fnEnrolledUsers, Capabilities: []string{"moodle/site:accessallgroups"}})
	}
	return err
}

// checkReports looks for a report from which completions can be read. One is enough. If
// none works, there is a finding for each report.
func (i *inspection) checkReports(ctx context.Context) error {
	if !i.has[fnReportFilters] || !i.has[fnReport] {
		return nil
	}
	reports, err := i.client.Reports(ctx)
	if err != nil {
		return err
	}
	reports = slices.DeleteFunc(reports, func(r CustomReport) bool { return !r.OnParticipants() })
	if len(reports) == 0 {
		i.find(Finding{Problem: ProblemReportMissing, Function: fnReports})
		return nil
	}
	var found []Finding
	for _, r := range reports {
		err := i.checkReport(ctx, r.ID)
		e := asError(err)
		switch {
		case err == nil:
			return nil
		case e == nil || !OfReport(err):
			return err
		}
		found = append(found, Finding{Problem: Problem(e.Reason), Function: e.Function, Report: r.Name, Err: e})
	}
	i.report.Findings = append(i.report.Findings, found...)
	return nil
}

// checkReport reads all completions, then those since this moment: a report without the
// time filter sends the old ones again.
func (i *inspection) checkReport(ctx context.Context, report ReportID) error {
	if _, err := i.client.CompletionReport(ctx, report, i.course, time.Time{}); err != nil {
		return err
	}
	_, err := i.client.CompletionReport(ctx, report, i.course, i.client.now())
	return err
}

// sample returns the few learners whose data is read as a test.
func (i *inspection) sample() []UserID { return i.learners[:min(3, len(i.learners))] }
