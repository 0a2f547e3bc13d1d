package campus

import (
	"fmt"
	"time"
)

// place is a learner in an activity of a course.
type place struct {
	course   *course
	activity Activity
	learner  *participant
}

// locate finds a learner in an activity. The caller must hold the lock.
func (c *Campus) locate(user, cmid int64) (place, error) {
	k, a, ok := c.school.find(cmid)
	if !ok {
		return place{}, fmt.Errorf("campus: no activity %d", cmid)
	}
	p, err := k.learner(user)
	return place{k, a, p}, err
}

// learner finds a learner of the course.
func (k *course) learner(user int64) (*participant, error) {
	p := k.participant(user)
	if p == nil || p.Role != Student {
		return nil, fmt.Errorf("campus: no learner %d in course %d", user, k.id)
	}
	return p, nil
}

// SetActivityCompleted overrides the completion of an activity, as a teacher can.
func (c *Campus) SetActivityCompleted(user, cmid int64, done bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	at, err := c.locate(user, cmid)
	if err != nil {
		return err
	}
	m := at.learner.mark(cmid)
	m.state, m.completedAt, m.overridden = incomplete, time.Time{}, true
	if done {
		m.state, m.completedAt = complete, c.cfg.Now()
	}
	at.course.setMark(at.learner, m, c.cfg.Now())
	return nil
}

// ResetCompletion removes all completions of a learner in a course. Grades stay.
func (c *Campus) ResetCompletion(courseID, user int64) error {
	return c.change(courseID, user, func(_ *course, p *participant) error {
		p.completed = time.Time{}
		for i := range p.marks {
			m := &p.marks[i]
			m.state, m.completedAt, m.overridden = incomplete, time.Time{}, false
		}
		return nil
	})
}

// CompleteEverybody gives every learner full marks in every activity of every course
// and completes everything. Completions that exist keep their time.
func (c *Campus) CompleteEverybody() {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.cfg.Now()
	for _, k := range c.school.courses {
		for _, p := range k.participants {
			if p.Role == Student {
				k.completeAll(p, now)
			}
		}
	}
}

// SetCourseCompleted adds or removes a learner's completion of the first course,
// independently of the criteria.
func (c *Campus) SetCourseCompleted(user int64, done bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.completeByHand(c.school.first(), user, done)
}

func (c *Campus) completeByHand(k *course, user int64, done bool) error {
	p, err := k.learner(user)
	if err != nil {
		return err
	}
	switch {
	case !done:
		p.completed = time.Time{}
	case p.completed.IsZero():
		p.completed = c.cfg.Now()
	}
	return nil
}
