package campus

import (
	"fmt"
	"slices"
	"strconv"
)

// change finds a learner of a course and changes something about them.
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

// changeAccount finds a learner's account and changes something about it.
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

// SetEnrolmentSuspended suspends a learner's enrolment in every course, or
// makes it active again.
func (c *Campus) SetEnrolmentSuspended(user int64, suspended bool) error {
	return c.changeAccount(user, func(p *Person) { p.SuspendedEnrolment = suspended })
}

// SetAccountSuspended suspends a learner's account, or makes it active again.
func (c *Campus) SetAccountSuspended(user int64, suspended bool) error {
	return c.changeAccount(user, func(p *Person) { p.SuspendedAccount = suspended })
}

// Enrol enrols a learner in a course. Who comes back begins anew.
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

// unenrol is done with the lock.
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

// DeleteAccount deletes a learner's account and what there is of them in every
// course.
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

// JoinGroup puts a learner into a group of a course.
func (c *Campus) JoinGroup(courseID, groupID, user int64) error {
	return c.changeGroup(courseID, groupID, user, (*group).join)
}

// LeaveGroup takes a learner out of a group of a course.
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
