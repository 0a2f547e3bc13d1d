package moodle

import (
	"context"
	"net/url"
	"slices"
	"strconv"
)

// Participant is a user enrolled in a course.
type Participant struct {
	ID        UserID
	Name      string   // full name, plain text
	Email     string   // empty when the token's user may not see it
	Roles     []string // short names in this course, such as "student" or "editingteacher"
	Language  string   // Moodle language code, such as "fr" or "fr_ca"; empty when unknown
	Suspended bool     // the enrolment (also one not begun or over) or the account is suspended
}

// HasRole reports whether the participant has one of the roles in the course.
func (p Participant) HasRole(shortnames ...string) bool {
	return slices.ContainsFunc(p.Roles, func(r string) bool { return slices.Contains(shortnames, r) })
}

const rosterPage = 500

type enrolledUser struct {
	ID       int64  `json:"id"`
	FullName string `json:"fullname"`
	Email    string `json:"email"`
	Roles    []struct {
		ShortName string `json:"shortname"`
	} `json:"roles"`
}

// isStudent reports whether the user has the standard role of a learner and no
// other. Sites may rename roles, so it orders and hints, and decides nothing.
func (u enrolledUser) isStudent() bool {
	return len(u.Roles) == 1 && u.Roles[0].ShortName == "student"
}

// Roster lists everyone enrolled in the course, suspended or not, by id.
func (c *Client) Roster(ctx context.Context, course CourseID) ([]Participant, error) {
	all, err := c.enrolled(ctx, course, "id,fullname,email,roles", false)
	if err != nil {
		return nil, err
	}
	active, err := c.enrolled(ctx, course, "id", true)
	if err != nil {
		return nil, err
	}
	accounts, err := c.accounts(ctx, all)
	if err != nil {
		return nil, err
	}
	return participants(all, active, accounts), nil
}

// participants joins the answers: nobody says in one place who is enrolled, who
// of them is active, and in which language they read.
func participants(all, active []enrolledUser, accounts map[int64]account) []Participant {
	isActive := make(map[int64]bool, len(active))
	for _, u := range active {
		isActive[u.ID] = true
	}
	list := make([]Participant, 0, len(all))
	for _, u := range all {
		a := accounts[u.ID]
		p := Participant{
			ID: id[UserID](u.ID), Name: plain(u.FullName), Email: u.Email,
			Language: a.Lang, Suspended: !isActive[u.ID] || bool(a.Suspended),
		}
		for _, r := range u.Roles {
			p.Roles = append(p.Roles, r.ShortName)
		}
		list = append(list, p)
	}
	return list
}

// enrolled reads all pages. A page may be short, as Moodle leaves out users that
// may not be seen after it cut the page: only one that brings nobody new is the end.
func (c *Client) enrolled(ctx context.Context, course CourseID, fields string, onlyActive bool) ([]enrolledUser, error) {
	var all []enrolledUser
	seen := map[int64]bool{}
	for from := 0; ; from += rosterPage {
		page, err := c.enrolledPage(ctx, course, fields, onlyActive, from, rosterPage)
		if err != nil {
			return nil, err
		}
		before := len(all)
		for _, u := range page {
			if u.ID > 0 && !seen[u.ID] {
				seen[u.ID] = true
				all = append(all, u)
			}
		}
		if len(all) == before {
			return all, nil
		}
	}
}

func (c *Client) enrolledPage(ctx context.Context, course CourseID, fields string, onlyActive bool, from, limit int) ([]enrolledUser, error) {
	n, err := number(course)
	if err != nil {
		return nil, err
	}
	form := url.Values{"courseid": {decimal(n)}}
	option := func(i int, name, value string) {
		at := "options[" + strconv.Itoa(i) + "]"
		form.Set(at+"[name]", name)
		form.Set(at+"[value]", value)
	}
	option(0, "userfields", fields)
	option(1, "limitfrom", strconv.Itoa(from))
	option(2, "limitnumber", strconv.Itoa(limit))
	option(3, "sortby", "id")
	if onlyActive {
		option(4, "onlyactive", "1")
	}
	var page []enrolledUser
	err = c.call(ctx, request{function: fnEnrolledUsers, form: form}, &page)
	return page, err
}
