package evidence

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/moodle"
)

// Reader reads courses.
type Reader struct {
	sites *Sites
}

// NewReader returns a reader of the given sites.
func NewReader(sites *Sites) *Reader { return &Reader{sites: sites} }

// Reading is what was found in a course.
type Reading struct {
	Members    []badges.Member
	Activities []badges.Activity
	Evidence   map[badges.UserID]badges.Evidence // of the learners
}

// Unreadable lists the learners of whom something asked for is unknown.
func (r Reading) Unreadable() []badges.UserID {
	var users []badges.UserID
	for user, evidence := range r.Evidence {
		for _, o := range evidence {
			if !o.Known {
				users = append(users, user)
				break
			}
		}
	}
	return users
}

// Activities lists what rules of the course can ask about.
func (r *Reader) Activities(ctx context.Context, course badges.CourseKey) ([]badges.Activity, error) {
	client, err := r.sites.Client(ctx, course.Platform)
	if err != nil {
		return nil, err
	}
	return activities(ctx, client, moodle.CourseID(course.Context))
}

// Read reads the roster, the activities and, of every learner, the subjects.
// Only what they ask for is read. Errors are those of the whole site or course:
// *moodle.Error, or fault.Conflict when the platform has no web services set.
func (r *Reader) Read(ctx context.Context, course badges.CourseKey, subjects []badges.Subject) (Reading, error) {
	client, err := r.sites.Client(ctx, course.Platform)
	if err != nil {
		return Reading{}, err
	}
	id := moodle.CourseID(course.Context)
	participants, err := client.Roster(ctx, id)
	if err != nil {
		return Reading{}, fmt.Errorf("read roster: %w", err)
	}
	reading := Reading{Evidence: map[badges.UserID]badges.Evidence{}}
	if reading.Activities, err = activities(ctx, client, id); err != nil {
		return Reading{}, err
	}
	var learners []moodle.UserID
	for _, p := range participants {
		m := member(p)
		reading.Members = append(reading.Members, m)
		if m.Active && !m.Teaches {
			learners = append(learners, p.ID)
			reading.Evidence[m.User] = badges.Evidence{}
		}
	}
	sources := observers(client, id, subjects)
	for _, observe := range sources {
		if err := observe(ctx, learners, reading); err != nil {
			return Reading{}, err
		}
	}
	return reading, nil
}

// teaching lists Moodle's short names of roles whose holders are never awarded
// by rule.
var teaching = []string{"editingteacher", "teacher", "manager", "coursecreator"}

func member(p moodle.Participant) badges.Member {
	return badges.Member{
		User: badges.UserID(p.ID), Name: p.Name, Email: p.Email,
		Language: strings.ReplaceAll(p.Language, "_", "-"),
		Active:   !p.Suspended, Teaches: p.HasRole(teaching...),
	}
}

func activities(ctx context.Context, client *moodle.Client, course moodle.CourseID) ([]badges.Activity, error) {
	found, err := client.Activities(ctx, course)
	if err != nil {
		return nil, fmt.Errorf("read activities: %w", err)
	}
	list := make([]badges.Activity, len(found))
	for i, a := range found {
		list[i] = badges.Activity{
			ID: badges.ActivityID(a.ID), Name: a.Name, Module: a.Module, Section: a.Section, Completion: a.Tracked,
			// Where Moodle does not tell, the teacher may ask: a wrong guess
			// leaves the grade unknown and awards nothing.
			Graded: a.Grading != moodle.Ungraded,
		}
	}
	return list, nil
}

// observer adds what one kind of call tells about the learners.
type observer func(ctx context.Context, learners []moodle.UserID, into Reading) error

// observers picks the calls that answer the subjects, one for each kind.
func observers(client *moodle.Client, course moodle.CourseID, subjects []badges.Subject) []observer {
	asked := map[badges.RuleKind][]badges.Subject{}
	for _, s := range subjects {
		if !slices.Contains(asked[s.Kind], s) {
			asked[s.Kind] = append(asked[s.Kind], s)
		}
	}
	var list []observer
	if len(asked[badges.CourseCompleted]) > 0 {
		list = append(list, courseCompletions(client, course))
	}
	if s := asked[badges.ActivityCompleted]; len(s) > 0 {
		list = append(list, activityCompletions(client, course, s))
	}
	if s := asked[badges.ActivityGrade]; len(s) > 0 {
		list = append(list, grades(client, course, s))
	}
	return list
}
