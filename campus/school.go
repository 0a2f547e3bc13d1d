package campus

import (
	"slices"
	"strconv"
	"time"
)

// school is the people and the courses. Its callers must hold the campus's lock.
type school struct {
	people     []*Person // by id
	byID       map[int64]*Person
	byUsername map[string]*Person
	byEmail    map[string]*Person
	courses    []*course // sorted by id
	foreign    *course   // in no list

	lastCMID, lastInstance int64 // ids of deleted activities are not used again
}

// newSchool returns the people with a name and the generated learners, in the first
// course.
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

// addAccount adds an account. Its id must be above all others.
func (s *school) addAccount(p *Person) {
	s.people = append(s.people, p)
	s.byID[p.ID], s.byUsername[p.username] = p, p
	s.setEmail(p, p.Email)
}

// setEmail changes the e-mail address of an account; empty removes it.
func (s *school) setEmail(p *Person, email string) {
	delete(s.byEmail, p.Email)
	if p.Email = email; email != "" {
		s.byEmail[email] = p
	}
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

// withID, withUsername and withEmail return an account; nil if it does not exist.
func (s *school) withID(id string) *Person {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return nil
	}
	return s.byID[n]
}

func (s *school) withUsername(username string) *Person { return s.byUsername[username] }

func (s *school) withEmail(email string) *Person { return s.byEmail[email] }

// learners returns the accounts of learners, by id.
func (s *school) learners() []*Person {
	return slices.DeleteFunc(slices.Clone(s.people), func(p *Person) bool { return p.Role != Student })
}

// first returns the first course.
func (s *school) first() *course { return s.courses[0] }

// course returns a course by its id in decimal; nil if it does not exist.
func (s *school) course(id string) *course {
	i := slices.IndexFunc(s.courses, func(k *course) bool { return k.text() == id })
	if i < 0 {
		return nil
	}
	return s.courses[i]
}

// find returns an activity and its course. Course-module ids are unique in the site.
func (s *school) find(cmid int64) (*course, Activity, bool) {
	for _, k := range s.courses {
		if a, ok := k.activity(cmid); ok {
			return k, a, true
		}
	}
	return nil, Activity{}, false
}

// add adds a new activity to a course, with new ids.
func (s *school) add(k *course, a Activity) Activity {
	s.lastCMID, s.lastInstance = s.lastCMID+1, s.lastInstance+1
	a.CMID, a.instance = s.lastCMID, s.lastInstance
	k.activities = append(k.activities, a)
	return a
}

// Learners lists all accounts of learners by id, suspended ones included.
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
