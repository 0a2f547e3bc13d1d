package campus

import (
	"fmt"
	"slices"
	"time"
)

// locate checks that a learner and an activity exist; the caller holds the
// lock.
func (c *Campus) locate(user, cmid int64) (Activity, error) {
	if p, ok := c.school.person(user); !ok || p.Role != Student {
		return Activity{}, fmt.Errorf("campus: no learner %d", user)
	}
	a, ok := c.school.activity(cmid)
	if !ok {
		return Activity{}, fmt.Errorf("campus: no activity %d", cmid)
	}
	return a, nil
}

// SetGrade sets a grade in percent of its range, nil to take it away. The
// completions that follow from it follow at once.
func (c *Campus) SetGrade(user, cmid int64, percent *float64) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	a, err := c.locate(user, cmid)
	if err != nil {
		return err
	}
	if a.Max == 0 {
		return fmt.Errorf("campus: activity %d is not graded", cmid)
	}
	c.school.grade(user, cmid, percent, c.cfg.Now())
	return nil
}

// SetActivityCompleted overrides the completion of an activity by hand.
func (c *Campus) SetActivityCompleted(user, cmid int64, done bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, err := c.locate(user, cmid); err != nil {
		return err
	}
	m := c.school.mark(user, cmid)
	m.state, m.completedAt, m.overridden = incomplete, time.Time{}, true
	if done {
		m.state, m.completedAt = complete, c.cfg.Now()
	}
	c.school.setMark(user, cmid, m, c.cfg.Now())
	return nil
}

// SetCourseCompleted records or takes back a learner's completion of the
// course, whatever the criteria say.
func (c *Campus) SetCourseCompleted(user int64, done bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p, ok := c.school.person(user); !ok || p.Role != Student {
		return fmt.Errorf("campus: no learner %d", user)
	}
	_, already := c.school.completed[user]
	switch {
	case !done:
		delete(c.school.completed, user)
	case !already:
		c.school.completed[user] = c.cfg.Now()
	}
	return nil
}

// DeleteActivity removes an activity from the course, with its grades.
func (c *Campus) DeleteActivity(cmid int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.school.activities = slices.DeleteFunc(c.school.activities, func(a Activity) bool { return a.CMID == cmid })
	for _, marks := range c.school.marks {
		delete(marks, cmid)
	}
}

// Learners lists the learners of the course, suspended ones included, by id.
func (c *Campus) Learners() []Person {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.school.learners()
}

// Score returns what stands in a tool's gradebook column for a learner.
func (c *Campus) Score(user int64, label string) (points float64, comment string, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, i := range c.items {
		s, scored := i.scores[user]
		if i.label == label && scored && s.points != nil {
			return *s.points, s.comment, true
		}
	}
	return 0, "", false
}
