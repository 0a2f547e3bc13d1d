package campus

import (
	"fmt"
	"slices"
	"strconv"
)

// change changes a learner of a course.
func (c *Campus) change(courseID, user int64, change func(k *course, p *participant) error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.school.course(strconv.FormatInt(courseID, 10))
	if k == nil {
		return fmt.Errorf("campus: no course %d", courseID)
	}
	p, err := k.learner(user)
	if err != nil {
		return err
	}
	return change(k, p)
}

// changeAccount changes a learner's account.
func (c *Campus) changeAccount(user int64, change func(p *Person)) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.school.byID[user]
	if p == nil || p.Role != Student {
		return fmt.Errorf("campus: no learner %d", user)
	}
	change(p)
	return nil
}

// SetEnrolmentSuspended suspends a learner's enrolments in all courses, or activates
// them again.
func (c *Campus) SetEnrolmentSuspended(user int64, suspended bool) error {
	return c.changeAccount(user, func(p *Person) { p.SuspendedEnrolment = suspended })
}

// SetAccountSuspended suspends a learner's account, or activates it again.
func (c *Campus) SetAccountSuspended(user int64, suspended bool) error {
	return c.changeAccount(user, func(p *Person) { p.SuspendedAccount = suspended })
}

// SetEmail changes the e-mail address of a learner's account; empty removes it.
func (c *Campus) SetEmail(user int64, email string) error {
	return c.changeAccount(user, func(p *Person) { c.school.setEmail(p, email) })
}

// Enrol enrols a learner in a course. A learner who was unenrolled before begins
// without results.
func (c *Campus) Enrol(courseID, user int64) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, p := c.school.course(strconv.FormatInt(courseID, 10)), c.school.byID[user]
	if k == nil || p == nil || p.Role != Student {
		return fmt.Errorf("campus: no course %d or no learner %d", courseID, user)
	}
	k.enrol(p)
	return nil
}

// Unenrol removes a learner from a course, with grades, scores, completions
// and groups.
func (c *Campus) Unenrol(courseID, user int64) error {
	return c.change(courseID, user, func(k *course, p *participant) error {
		c.unenrol(k, p)
		return nil
	})
}

// unenrol removes a participant. The caller must hold the lock.
func (c *Campus) unenrol(k *course, p *participant) {
	for _, g := range slices.Clone(p.groups) {
		g.leave(p)
	}
	if i, found := slices.BinarySearchFunc(k.participants, p, byUser); found {
		k.participants = slices.Delete(k.participants, i, i+1)
	}
	delete(k.byUser, p.ID)
	for _, i := range c.items {
		if i.course == k {
			delete(i.scores, p.ID)
		}
	}
}

// DeleteAccount deletes a learner's account and all the learner's data in the courses.
func (c *Campus) DeleteAccount(user int64) error {
	return c.changeAccount(user, func(p *Person) {
		for _, k := range c.school.courses {
			if enrolled := k.participant(user); enrolled != nil {
				c.unenrol(k, enrolled)
			}
		}
		c.school.deleteAccount(p)
	})
}

// JoinGroup adds a learner to a group of a course.
func (c *Campus) JoinGroup(courseID, groupID, user int64) error {
	return c.changeGroup(courseID, groupID, user, (*group).join)
}

// LeaveGroup removes a learner from a group of a course.
func (c *Campus) LeaveGroup(courseID, groupID, user int64) error {
	return c.changeGroup(courseID, groupID, user, (*group).leave)
}

func (c *Campus) changeGroup(courseID, groupID, user int64, change func(*group, *participant)) error {
	return c.change(courseID, user, func(k *course, p *participant) error {
		g := k.group(groupID)
		if g == nil {
			return fmt.Errorf("campus: no group %d in course %d", groupID, courseID)
		}
		change(g, p)
		return nil
	})
}
