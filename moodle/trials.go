package moodle

import (
	"context"
	"slices"
)

// tryRoster reads the roster. Without moodle/user:viewdetails Moodle leaves the
// learners out without a word.
func (i *inspection) tryRoster(ctx context.Context) error {
	page, err := i.client.enrolledPage(ctx, i.course, "id,email,roles", false, 0, rosterPage)
	if err != nil {
		return err
	}
	learners, mails := 0, 0
	for _, u := range learnersFirst(page) {
		i.learners = append(i.learners, id[UserID](u.ID))
		if u.isStudent() {
			learners++
		}
		if u.Email != "" {
			mails++
		}
	}
	if learners == 0 {
		i.find(Finding{Problem: ProblemNoLearners, Function: fnEnrolledUsers, Capabilities: []string{"moodle/user:viewdetails"}})
	}
	if mails == 0 && len(page) > 0 {
		i.find(Finding{Problem: ProblemEmailsHidden, Function: fnEnrolledUsers, Capabilities: []string{"moodle/site:viewuseridentity"}})
	}
	return nil
}

// tryActive asks for active participants only, which needs a capability more.
func (i *inspection) tryActive(ctx context.Context) error {
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

// tryAccounts reads one account. Without the right to all details the language
// is left out.
func (i *inspection) tryAccounts(ctx context.Context) error {
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

func (i *inspection) tryContents(ctx context.Context) (err error) {
	i.activities, err = i.client.contents(ctx, i.course)
	return err
}

func (i *inspection) tryCourseCompletion(ctx context.Context) error {
	_, err := i.client.CourseCompletions(ctx, i.course, i.sample())
	return err
}

// tryActivityCompletions compares what a learner's answer holds with the course
// page: a module type that may not be viewed is missing without a warning.
func (i *inspection) tryActivityCompletions(ctx context.Context) error {
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

// gradedTypes always have a grade item unless the teacher took it away. Their
// absence from the gradebook is worth a look only when none of the type is there.
var gradedTypes = []string{"assign", "quiz", "lesson", "workshop", "h5pactivity", "scorm"}

// tryGrades compares a learner's gradebook with the course page.
func (i *inspection) tryGrades(ctx context.Context) error {
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

// sample is the few learners that are asked about.
func (i *inspection) sample() []UserID { return i.learners[:min(3, len(i.learners))] }
