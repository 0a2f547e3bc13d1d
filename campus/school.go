package campus

import (
	"slices"
	"time"
)

// school is the people and the courses. Whoever uses it holds the campus's
// lock.
type school struct {
	people  []Person
	courses []*course // by id

	lastCMID, lastInstance int64 // ids of deleted activities do not come back
}

func newSchool(now time.Time) *school {
	return &school{people: people(), courses: []*course{firstCourse(now)}, lastCMID: ToolCMID, lastInstance: toolLink}
}

func (s *school) person(id int64) (Person, bool) {
	i := slices.IndexFunc(s.people, func(p Person) bool { return p.ID == id })
	if i < 0 {
		return Person{}, false
	}
	return s.people[i], true
}

func (s *school) learners() []Person {
	return slices.DeleteFunc(slices.Clone(s.people), func(p Person) bool { return p.Role != Student })
}

// first is the course there is from the start.
func (s *school) first() *course { return s.courses[0] }

// course finds a course by its id in decimal, nil without one.
func (s *school) course(id string) *course {
	i := slices.IndexFunc(s.courses, func(k *course) bool { return k.text() == id })
	if i < 0 {
		return nil
	}
	return s.courses[i]
}

// find returns an activity and its course: course-module ids are the site's.
func (s *school) find(cmid int64) (*course, Activity, bool) {
	for _, k := range s.courses {
		if a, ok := k.activity(cmid); ok {
			return k, a, true
		}
	}
	return nil, Activity{}, false
}

// add puts a new activity into a course, with ids of its own.
func (s *school) add(k *course, a Activity) Activity {
	s.lastCMID, s.lastInstance = s.lastCMID+1, s.lastInstance+1
	a.CMID, a.instance = s.lastCMID, s.lastInstance
	k.activities = append(k.activities, a)
	return a
}
