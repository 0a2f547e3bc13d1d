package evidence

import (
	"context"
	"fmt"
	"strings"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/moodle"
)

// teaching lists Moodle's short names of roles whose holders are never awarded
// by rule.
var teaching = []string{"editingteacher", "teacher", "manager", "coursecreator"}

func moodleRoster(ctx context.Context, client *moodle.Client, course moodle.CourseID) ([]badges.Member, error) {
	participants, err := client.Roster(ctx, course)
	if err != nil {
		return nil, fmt.Errorf("read roster: %w", err)
	}
	members := make([]badges.Member, len(participants))
	for i, p := range participants {
		members[i] = badges.Member{
			User: badges.UserID(p.ID), Name: p.Name, Email: p.Email,
			Language: strings.ReplaceAll(p.Language, "_", "-"),
			Active:   !p.Suspended, Teaches: p.HasRole(teaching...),
		}
		for _, g := range p.Groups {
			members[i].Groups = append(members[i].Groups, badges.GroupID(g))
		}
	}
	return members, nil
}

func moodleOutline(ctx context.Context, client *moodle.Client, course moodle.CourseID) (badges.Outline, error) {
	var outline badges.Outline
	activities, err := client.Activities(ctx, course)
	if err != nil {
		return badges.Outline{}, fmt.Errorf("read activities: %w", err)
	}
	for _, a := range activities {
		outline.Activities = append(outline.Activities, badges.Activity{
			ID: badges.ActivityID(a.ID), Name: a.Name, Module: a.Module, Section: a.Section, Completion: a.Tracked,
			// Where Moodle does not tell, the teacher may ask: a wrong guess
			// leaves the grade unknown and awards nothing.
			Graded: a.Grading != moodle.Ungraded,
		})
	}
	groups, err := client.Groups(ctx, course)
	switch moodle.ReasonOf(err) { //nolint:exhaustive // the others are failures of the site
	case moodle.FunctionMissing, moodle.CapabilityMissing:
		outline.Unread = []badges.RuleKind{badges.GroupMember}
		return outline, nil
	}
	if err != nil {
		return badges.Outline{}, fmt.Errorf("read groups: %w", err)
	}
	for _, g := range groups {
		outline.Groups = append(outline.Groups, badges.Group{ID: badges.GroupID(g.ID), Name: g.Name})
	}
	return outline, nil
}

// siteObserver adds what one kind of call tells about the learners.
type siteObserver func(ctx context.Context, client *moodle.Client, course moodle.CourseID, needs Needs, found badges.Findings) error

var siteObservers = map[badges.RuleKind]siteObserver{
	badges.CourseCompleted:   observeCourse,
	badges.ActivityCompleted: observeActivities,
	badges.ActivityGrade:     observeGrades,
}

func moodleUsers(users []badges.UserID) []moodle.UserID {
	list := make([]moodle.UserID, len(users))
	for i, u := range users {
		list[i] = moodle.UserID(u)
	}
	return list
}

func observeCourse(ctx context.Context, client *moodle.Client, course moodle.CourseID, needs Needs, found badges.Findings) error {
	read, err := client.CourseCompletions(ctx, course, moodleUsers(needs.users()))
	if r := moodle.ReasonOf(err); r == moodle.CompletionOff || r == moodle.NoCriteria {
		needs.unknown(found, whyCourseUntold, sourceCourse) // the course cannot say; that is not "not completed"
		return nil
	}
	if err != nil {
		return fmt.Errorf("read course completions: %w", err)
	}
	for s, users := range needs {
		for _, u := range users {
			o := badges.Observation{Why: whyUnread, Source: sourceCourse}
			if c, ok := read.Read[moodle.UserID(u)]; ok {
				o = badges.Observation{Known: true, Done: c.Completed, At: c.At, Source: sourceCourse}
			}
			found.Note(u, s, o)
		}
	}
	return nil
}

func observeActivities(ctx context.Context, client *moodle.Client, course moodle.CourseID, needs Needs, found badges.Findings) error {
	read, err := client.ActivityCompletions(ctx, course, moodleUsers(needs.users()))
	if err != nil && moodle.ReasonOf(err) != moodle.CompletionOff {
		return fmt.Errorf("read activity completions: %w", err)
	}
	for s, users := range needs {
		for _, u := range users {
			states, ok := read.Read[moodle.UserID(u)]
			found.Note(u, s, activityState(states, ok, s))
		}
	}
	return nil
}

func activityState(states map[moodle.ActivityID]moodle.ActivityCompletion, read bool, s badges.Subject) badges.Observation {
	if !read {
		return badges.Observation{Why: whyUnread, Source: sourceActivity}
	}
	c, ok := states[moodle.ActivityID(s.ID)]
	if !ok {
		return badges.Observation{Why: whyActivityHidden, Source: sourceActivity}
	}
	return badges.Observation{Known: true, Done: c.Done, Passed: c.State == moodle.Passed, At: c.At, Source: sourceActivity}
}

func observeGrades(ctx context.Context, client *moodle.Client, course moodle.CourseID, needs Needs, found badges.Findings) error {
	query := moodle.GradeQuery{Activities: []moodle.ActivityID{}}
	wanted := make(map[badges.UserID][]badges.Subject)
	for s, users := range needs {
		if s.Kind == badges.ActivityGrade {
			query.Activities = append(query.Activities, moodle.ActivityID(s.ID))
		}
		for _, u := range users {
			wanted[u] = append(wanted[u], s)
		}
	}
	err := client.GradesFor(ctx, course, query, func(user moodle.UserID, book moodle.Gradebook) error {
		u := badges.UserID(user)
		for _, s := range wanted[u] {
			found.Note(u, s, gradeState(book, s))
		}
		delete(wanted, u)
		return nil
	})
	if err != nil {
		return fmt.Errorf("read grades: %w", err)
	}
	for u, subjects := range wanted {
		for _, s := range subjects {
			found.Note(u, s, badges.Observation{Why: whyUnread, Source: sourceGrades})
		}
	}
	return nil
}

func gradeState(book moodle.Gradebook, s badges.Subject) badges.Observation {
	g, ok := book.Total, book.Total.Max > book.Total.Min
	if s.Kind == badges.ActivityGrade {
		g, ok = book.Activities[moodle.ActivityID(s.ID)]
	}
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
