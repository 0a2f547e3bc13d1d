package campus

import (
	"fmt"
	"slices"
)

// SetGrade sets a grade in percent of its range; nil removes it. Completions that
// depend on it change at once.
func (c *Campus) SetGrade(user, cmid int64, percent *float64) error {
	return c.changeMark(user, cmid, func(a Activity, m mark) mark { return a.regraded(m, percent, c.cfg.Now()) })
}

// OverrideGrade sets a grade in percent as a teacher can: SetGrade does not change it
// afterwards. Nil removes the grade and the override.
func (c *Campus) OverrideGrade(user, cmid int64, percent *float64) error {
	return c.changeMark(user, cmid, func(a Activity, m mark) mark {
		m.byTeacher = false
		m = a.regraded(m, percent, c.cfg.Now())
		m.byTeacher = percent != nil
		return m
	})
}

// HideGrade hides a grade from its learner, or shows it again.
func (c *Campus) HideGrade(user, cmid int64, hidden bool) error {
	return c.changeMark(user, cmid, func(_ Activity, m mark) mark {
		m.hidden = hidden
		return m
	})
}

// changeMark replaces a learner's mark in a graded activity.
func (c *Campus) changeMark(user, cmid int64, change func(a Activity, m mark) mark) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	at, err := c.locate(user, cmid)
	if err != nil {
		return err
	}
	if at.activity.Max == 0 {
		return fmt.Errorf("campus: activity %d is not graded", cmid)
	}
	at.course.setMark(at.learner, change(at.activity, at.learner.mark(cmid)), c.cfg.Now())
	return nil
}

// UseScale makes the grades of an activity words, the lowest first. The existing grades
// are removed. Words above the middle pass.
func (c *Campus) UseScale(cmid int64, words ...string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, a, ok := c.school.find(cmid)
	if !ok || a.Max == 0 || len(words) < 2 {
		return fmt.Errorf("campus: no graded activity %d, or no scale", cmid)
	}
	for _, p := range k.participants {
		p.forget(cmid)
	}
	i := slices.IndexFunc(k.activities, func(a Activity) bool { return a.CMID == cmid })
	k.activities[i].scale, k.activities[i].Max = slices.Clone(words), float64(len(words))
	k.activities[i].pass = float64(len(words)/2 + 1)
	return nil
}
