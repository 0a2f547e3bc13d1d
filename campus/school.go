package campus

import (
	"slices"
	"strconv"
	"time"
)

// school is the people and the courses. Whoever uses it holds the campus's
// lock.
type school struct {
	people     []*Person // by id
	byID       map[int64]*Person
	byUsername map[string]*Person
	byEmail    map[string]*Person
	courses    []*course // by id
	foreign    *course   // on no list

	lastCMID, lastInstance int64 // ids of deleted activities do not come back
}

// newSchool has the people with a name, and a crowd of further learners.
func newSchool(now time.Time, crowd int) *school {
	s := &school{
		byID: map[int64]*Person{}, byUsername: map[string]*Person{}, byEmail: map[string]*Person{},
		lastCMID: ToolCMID, lastInstance: toolLink,
	}
	for _, p := range people() {
		s.addAccount(&p)
	}
	opened := now.Add(-72 * time.Hour)
	s.courses = []*course{firstCourse(s.people, opened)}
	s.crowd(s.first(), crowd, opened)
	s.foreign = newForeignCourse(opened)
	return s
}

// addAccount gives somebody an account; ids only grow.
func (s *school) addAccount(p *Person) {
	s.people = append(s.people, p)
	s.byID[p.ID], s.byUsername[p.username], s.byEmail[p.Email] = p, p, p
}

// deleteAccount deletes an account.
func (s *school) deleteAccount(p *Person) {
	s.people = slices.DeleteFunc(s.people, func(q *Person) bool { return q == p })
	delete(s.byID, p.ID)
	delete(s.byUsername, p.username)
	delete(s.byEmail, p.Email)
}

func (s *school) person(id int64) (Person, bool) {
	p, ok := s.byID[id]
	if !ok {
		return Person{}, false
	}
	return *p, true
}

// byDecimal, named and addressed find an account by its id, user name or e-mail
// address, nil without one.
func (s *school) withID(id string) *Person {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return nil
	}
	return s.byID[n]
}

func (s *school) withUsername(username string) *Person { return s.byUsername[username] }

func (s *school) withEmail(email string) *Person { return s.byEmail[email] }

// learners are the accounts of learners, by id.
func (s *school) learners() []*Person {
	return slices.DeleteFunc(slices.Clone(s.people), func(p *Person) bool { return p.Role != Student })
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

// Learners lists everybody with an account as a learner, suspended ones
// included, by id.
func (c *Campus) Learners() []Person {
	c.mu.Lock()
	defer c.mu.Unlock()
	learners := c.school.learners()
	list := make([]Person, len(learners))
	for i, p := range learners {
		list[i] = *p
	}
	return list
}
