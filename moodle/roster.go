package moodle

import (
	"context"
	"errors"
	"slices"
)

// Participant is a user enrolled in a course.
//
// Groups contains all of the user's groups; Moodle before 4.5 may send only those of
// the course's default grouping. Groups that hide their members are included only if
// the token's user has moodle/course:viewhiddengroups. In a course with separate
// groups, the roster is empty without moodle/site:accessallgroups.
type Participant struct {
	ID        UserID
	Name      string   // full name, plain text
	Username  string   // empty when the token's user may not see it
	Email     string   // empty when the token's user may not see it
	Roles     []string // short names in this course, such as "student" or "editingteacher"
	Language  string   // Moodle language code, for example "fr" or "fr_ca"; empty when unknown
	Groups    []GroupID
	Suspended bool // the account is suspended, or the enrolment is suspended, not begun or over
}

// HasRole reports whether the participant has one of the roles in the course.
func (p Participant) HasRole(shortnames ...string) bool {
	return slices.ContainsFunc(p.Roles, func(r string) bool { return slices.Contains(shortnames, r) })
}

type enrolledUser struct {
	ID       int64  `json:"id"`
	FullName string `json:"fullname"`
	Username string `json:"username"`
	Email    string `json:"email"`
	Roles    []struct {
		ShortName string `json:"shortname"`
	} `json:"roles"`
	Groups []struct {
		ID int64 `json:"id"`
	} `json:"groups"`
}

// isStudent reports whether the user has the standard role of a learner and no other.
// Sites can rename roles, so the result is used for order and hints, and decides
// nothing.
func (u enrolledUser) isStudent() bool {
	return len(u.Roles) == 1 && u.Roles[0].ShortName == "student"
}

// Roster lists all users enrolled in the course by id, suspended ones included.
func (c *Client) Roster(ctx context.Context, course CourseID) ([]Participant, error) {
	all, active, err := c.bothRosters(ctx, course)
	if err != nil {
		return nil, err
	}
	accounts, err := c.accounts(ctx, all)
	if err != nil {
		return nil, err
	}
	return participants(all, active, accounts), nil
}

// bothRosters reads all participants, then the active ones. If an active participant is
// missing from the first list, that user was enrolled between the two calls, perhaps
// with a lower id than those being read; all participants are then read once more. The
// next reading finds users who are enrolled after that.
func (c *Client) bothRosters(ctx context.Context, course CourseID) (all, active []enrolledUser, err error) {
	const fields = "id,fullname,username,email,roles,groups"
	if all, err = c.enrolled(ctx, course, fields, false); err != nil {
		return nil, nil, err
	}
	if active, err = c.enrolled(ctx, course, "id", true); err != nil {
		return nil, nil, err
	}
	if subset(active, all) {
		return all, active, nil
	}
	if all, err = c.enrolled(ctx, course, fields, false); err != nil {
		return nil, nil, err
	}
	if !subset(active, all) {
		return nil, nil, &Error{Function: fnEnrolledUsers, Reason: WrongCourse, Err: errors.New("an active participant is not enrolled: the two lists are of different courses")}
	}
	return all, active, nil
}

// subset reports whether all users in some are in all.
func subset(some, all []enrolledUser) bool {
	ids := make(map[int64]bool, len(all))
	for _, u := range all {
		ids[u.ID] = true
	}
	return !slices.ContainsFunc(some, func(u enrolledUser) bool { return !ids[u.ID] })
}

// participants joins the answers of three calls: who is enrolled, who is active, and
// the users' languages.
func participants(all, active []enrolledUser, accounts map[int64]account) []Participant {
	isActive := make(map[int64]bool, len(active))
	for _, u := range active {
		isActive[u.ID] = true
	}
	list := make([]Participant, 0, len(all))
	for _, u := range all {
		a := accounts[u.ID]
		p := Participant{
			ID: id[UserID](u.ID), Name: plain(u.FullName), Username: u.Username, Email: u.Email,
			Language: a.Lang, Suspended: !isActive[u.ID] || bool(a.Suspended),
		}
		for _, r := range u.Roles {
			p.Roles = append(p.Roles, r.ShortName)
		}
		for _, g := range u.Groups {
			p.Groups = append(p.Groups, id[GroupID](g.ID))
		}
		list = append(list, p)
	}
	return list
}
