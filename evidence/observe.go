package evidence

import (
	"context"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/moodle"
)

// The sources, as frozen into assertions.
const (
	sourceCourse   = "moodle:core_completion_get_course_completion_status"
	sourceActivity = "moodle:core_completion_get_activities_completion_status"
	sourceGrades   = "moodle:gradereport_user_get_grade_items"
)

// Why an observation is unknown, as catalogue keys.
const (
	whyUnread         = "unknown.learner_unread"   // the LMS refused to tell about this learner
	whyActivityHidden = "unknown.activity_hidden"  // gone, untracked, or its type may not be viewed
	whyGradeHidden    = "unknown.grade_unreadable" // no grade item, or not readable
	whyGradeUnsettled = "unknown.grade_unsettled"  // the LMS has yet to compute it
	whyCourseUntold   = "unknown.course_completion_off"
)

func courseCompletions(client *moodle.Client, course moodle.CourseID) observer {
	subject := badges.Subject{Kind: badges.CourseCompleted}
	return func(ctx context.Context, learners []moodle.UserID, into Reading) error {
		read, err := client.CourseCompletions(ctx, course, learners)
		if r := moodle.ReasonOf(err); r == moodle.CompletionOff || r == moodle.NoCriteria {
			// The course cannot say; that is unknown, not "not completed".
			for _, evidence := range into.Evidence {
				evidence[subject] = badges.Observation{Why: whyCourseUntold, Source: sourceCourse}
			}
			return nil
		}
		if err != nil {
			return fmt.Errorf("read course completions: %w", err)
		}
		for _, user := range learners {
			o := badges.Observation{Why: whyUnread, Source: sourceCourse}
			if c, ok := read.Read[user]; ok {
				o = badges.Observation{Known: true, Done: c.Completed, At: c.At, Source: sourceCourse}
			}
			into.Evidence[badges.UserID(user)][subject] = o
		}
		return nil
	}
}

func activityCompletions(client *moodle.Client, course moodle.CourseID, subjects []badges.Subject) observer {
	return func(ctx context.Context, learners []moodle.UserID, into Reading) error {
		read, err := client.ActivityCompletions(ctx, course, learners)
		if err != nil && moodle.ReasonOf(err) != moodle.CompletionOff {
			return fmt.Errorf("read activity completions: %w", err)
		}
		for _, user := range learners {
			states, ok := read.Read[user]
			for _, s := range subjects {
				into.Evidence[badges.UserID(user)][s] = activityState(states, ok, s)
			}
		}
		return nil
	}
}

func activityState(states map[moodle.ActivityID]moodle.ActivityCompletion, read bool, s badges.Subject) badges.Observation {
	if !read {
		return badges.Observation{Why: whyUnread, Source: sourceActivity}
	}
	c, ok := states[moodle.ActivityID(s.Activity)]
	if !ok {
		return badges.Observation{Why: whyActivityHidden, Source: sourceActivity}
	}
	return badges.Observation{Known: true, Done: c.Done, At: c.At, Source: sourceActivity}
}

func grades(client *moodle.Client, course moodle.CourseID, subjects []badges.Subject) observer {
	return func(ctx context.Context, learners []moodle.UserID, into Reading) error {
		read, err := client.Grades(ctx, course)
		if err != nil {
			return fmt.Errorf("read grades: %w", err)
		}
		for _, user := range learners {
			book, ok := read[user]
			for _, s := range subjects {
				into.Evidence[badges.UserID(user)][s] = gradeState(book, ok, s)
			}
		}
		return nil
	}
}

func gradeState(book moodle.Gradebook, read bool, s badges.Subject) badges.Observation {
	if !read {
		return badges.Observation{Why: whyUnread, Source: sourceGrades}
	}
	g, ok := book.Activities[moodle.ActivityID(s.Activity)]
	switch {
	case !ok:
		return badges.Observation{Why: whyGradeHidden, Source: sourceGrades}
	case !g.Known():
		return badges.Observation{Why: whyGradeUnsettled, Source: sourceGrades}
	case !g.Given:
		return badges.Observation{Known: true, Source: sourceGrades}
	}
	return badges.Observation{
		Known: true, At: g.At, Source: sourceGrades,
		Grade: &badges.Grade{Raw: g.Raw, Min: g.Min, Max: g.Max},
	}
}
