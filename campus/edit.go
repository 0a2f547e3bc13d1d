package campus

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// locate finds a learner's activity and its course; the caller holds the lock.
func (c *Campus) locate(user, cmid int64) (*course, Activity, error) {
	if p, ok := c.school.person(user); !ok || p.Role != Student {
		return nil, Activity{}, fmt.Errorf("campus: no learner %d", user)
	}
	k, a, ok := c.school.find(cmid)
	if !ok {
		return nil, Activity{}, fmt.Errorf("campus: no activity %d", cmid)
	}
	return k, a, nil
}

// SetGrade sets a grade in percent of its range, nil to take it away. The
// completions that follow from it follow at once.
func (c *Campus) SetGrade(user, cmid int64, percent *float64) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, a, err := c.locate(user, cmid)
	if err != nil {
		return err
	}
	if a.Max == 0 {
		return fmt.Errorf("campus: activity %d is not graded", cmid)
	}
	k.grade(user, cmid, percent, c.cfg.Now())
	return nil
}

// SetActivityCompleted overrides the completion of an activity by hand.
func (c *Campus) SetActivityCompleted(user, cmid int64, done bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, _, err := c.locate(user, cmid)
	if err != nil {
		return err
	}
	m := k.mark(user, cmid)
	m.state, m.completedAt, m.overridden = incomplete, time.Time{}, true
	if done {
		m.state, m.completedAt = complete, c.cfg.Now()
	}
	k.setMark(user, cmid, m, c.cfg.Now())
	return nil
}

// SetCourseCompleted records or takes back a learner's completion of the first
// course, whatever the criteria say.
func (c *Campus) SetCourseCompleted(user int64, done bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.completeByHand(c.school.first(), user, done)
}

func (c *Campus) completeByHand(k *course, user int64, done bool) error {
	if p, ok := c.school.person(user); !ok || p.Role != Student {
		return fmt.Errorf("campus: no learner %d", user)
	}
	_, already := k.completed[user]
	switch {
	case !done:
		delete(k.completed, user)
	case !already:
		k.completed[user] = c.cfg.Now()
	}
	return nil
}

// DeleteActivity removes an activity from its course, with its grades.
func (c *Campus) DeleteActivity(cmid int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, a, ok := c.school.find(cmid)
	if !ok {
		return
	}
	k.activities = slices.DeleteFunc(k.activities, func(a Activity) bool { return a.CMID == cmid })
	for _, marks := range k.marks {
		delete(marks, cmid)
	}
	c.items = slices.DeleteFunc(c.items, func(i *lineItem) bool { return i.course == k && i.coupled && i.link == a.instance })
}

// Activities lists the activities of a course, none of one that there is not.
func (c *Campus) Activities(course int64) []Activity {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.school.course(strconv.FormatInt(course, 10))
	if k == nil {
		return nil
	}
	return slices.Clone(k.activities)
}

// Learners lists the learners of every course, suspended ones included, by id.
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
