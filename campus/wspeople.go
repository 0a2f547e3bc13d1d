package campus

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

var roleIDs = map[Role]int{EditingTeacher: 3, Teacher: 4, Student: 5}

// wsEnrolled lists the participants by id, including suspended enrolments unless only
// active ones are requested. The answer does not show which are suspended.
func (c *Campus) wsEnrolled(a wsArgs) (any, error) {
	k, err := c.courseIn(a)
	switch {
	case err != nil:
		return nil, err
	case !c.can("moodle/course:view"):
		return nil, noContext(k.id)
	}
	options := a.options()
	from := c.slip(wsNumber(options["limitfrom"]), a.text("wsfunction"), a.call())
	listed := page(c.enrolled(k, options), from, wsNumber(options["limitnumber"]))
	return stream{
		count:   len(listed),
		element: func(i int) any { return onlyFields(c.enrolledUser(listed[i]), options["userfields"]) },
	}, nil
}

// enrolled returns the participants that a call's options select.
func (c *Campus) enrolled(k *course, options map[string]string) []*participant {
	if !c.can("moodle/user:viewdetails") || c.faults.SeparateGroups && !c.can("moodle/site:accessallgroups") {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(k.participants), func(p *participant) bool {
		return (options["onlyactive"] == "1" && p.SuspendedEnrolment) || (options["onlysuspended"] == "1" && !p.SuspendedEnrolment)
	})
}

func wsNumber(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// onlyFields keeps the named fields and the id; without names, all fields.
func onlyFields(user object, names string) object {
	if names == "" {
		return user
	}
	keep := append(strings.Split(names, ","), "id")
	for field := range user {
		if !slices.Contains(keep, field) {
			delete(user, field)
		}
	}
	return user
}

// wsProfile returns the fields that every list of users has. Like Moodle, it leaves out
// empty ones.
func (c *Campus) wsProfile(p *Person) object {
	user := object{
		"id": p.ID, "username": p.username, "firstname": p.First, "lastname": p.Last, "fullname": p.Name(),
		"department": "", "firstaccess": 0, "lastaccess": 0,
		"profileimageurlsmall": c.url("/site/user.svg"), "profileimageurl": c.url("/site/user.svg"),
	}
	if p.Email != "" {
		user["email"] = p.Email
	}
	if p.idNumber != "" {
		user["idnumber"] = p.idNumber
	}
	return user
}

func (c *Campus) enrolledUser(p *participant) object {
	user := c.wsProfile(p.Person)
	user["lastcourseaccess"] = 0
	user["roles"] = []object{{"roleid": roleIDs[p.Role], "name": "", "shortname": p.Role, "sortorder": 0}}
	if len(p.groups) > 0 {
		groups := []object{}
		for _, g := range p.groups {
			groups = append(groups, g.wsGroup())
		}
		user["groups"] = groups
	}
	if !p.SuspendedEnrolment {
		courses := []object{}
		for _, k := range c.school.courses {
			if k.participant(p.ID) != nil {
				courses = append(courses, object{"id": k.id, "fullname": escape(k.full), "shortname": k.short})
			}
		}
		user["enrolledcourses"] = courses
	}
	return user
}

// wsUsers finds accounts by id, user name or e-mail address. A service user who may not
// see e-mail addresses and id numbers finds none.
func (c *Campus) wsUsers(a wsArgs) (any, error) {
	users := []object{}
	if !c.can("moodle/user:viewdetails") || !c.can("moodle/site:viewuseridentity") {
		return users, nil
	}
	find, ok := map[string]func(string) *Person{
		"id": c.school.withID, "username": c.school.withUsername, "email": c.school.withEmail,
	}[a.text("field")]
	if !ok {
		return nil, errParameter
	}
	found := []*Person{}
	for _, value := range a.list("values") {
		if p := find(value); p != nil {
			found = append(found, p)
		}
	}
	slices.SortFunc(found, func(p, q *Person) int { return cmp.Compare(p.ID, q.ID) })
	for _, p := range slices.Compact(found) {
		users = append(users, c.account(p))
	}
	return users, nil
}

func (c *Campus) account(p *Person) object {
	user := c.wsProfile(p)
	if !c.can("moodle/user:viewalldetails") {
		return user
	}
	for name, value := range (object{
		"auth": "manual", "suspended": p.SuspendedAccount, "confirmed": true, "lang": p.Lang, "theme": "", "timezone": "99",
		"mailformat": 1, "trackforums": 0,
	}) {
		user[name] = value
	}
	return user
}
