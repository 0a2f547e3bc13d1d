package campus

import (
	"slices"
	"strconv"
	"strings"
)

var roleIDs = map[Role]int{EditingTeacher: 3, Teacher: 4, Student: 5}

// wsEnrolled lists who is enrolled, by id; suspended enrolments too unless only
// the active are asked for. No flag tells them apart.
func (c *Campus) wsEnrolled(a wsArgs) (any, error) {
	k, err := c.named(a)
	switch {
	case err != nil:
		return nil, err
	case !c.can("moodle/course:view"):
		return nil, noContext(k.id)
	}
	options := a.options()
	people := []object{}
	for _, p := range c.school.people {
		left := (options["onlyactive"] == "1" && p.SuspendedEnrolment) || (options["onlysuspended"] == "1" && !p.SuspendedEnrolment)
		if p.Role == Admin || left || !c.can("moodle/user:viewdetails") {
			continue
		}
		people = append(people, onlyFields(c.enrolledUser(k, p), options["userfields"]))
	}
	return page(people, wsNumber(options["limitfrom"]), wsNumber(options["limitnumber"])), nil
}

func wsNumber(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// onlyFields keeps the named fields and the id; all without names.
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

// wsProfile has the fields that every list of users has. Moodle leaves empty
// ones out.
func (c *Campus) wsProfile(p Person) object {
	user := object{
		"id": p.ID, "username": p.username, "firstname": p.First, "lastname": p.Last, "fullname": p.Name(), "email": p.Email,
		"department": "", "firstaccess": 0, "lastaccess": 0,
		"profileimageurlsmall": c.url("/site/user.svg"), "profileimageurl": c.url("/site/user.svg"),
	}
	if p.idNumber != "" {
		user["idnumber"] = p.idNumber
	}
	return user
}

func (c *Campus) enrolledUser(k *course, p Person) object {
	user := c.wsProfile(p)
	user["lastcourseaccess"] = 0
	user["roles"] = []object{{"roleid": roleIDs[p.Role], "name": "", "shortname": p.Role, "sortorder": 0}}
	if len(k.groups(p)) > 0 {
		user["groups"] = k.wsGroups(p, false)
	}
	if !p.SuspendedEnrolment {
		courses := []object{}
		for _, k := range c.school.courses {
			courses = append(courses, object{"id": k.id, "fullname": escape(k.full), "shortname": k.short})
		}
		user["enrolledcourses"] = courses
	}
	return user
}

// wsUsers finds accounts by id, user name or e-mail. Who may not see e-mail
// addresses and id numbers sees nobody.
func (c *Campus) wsUsers(a wsArgs) (any, error) {
	users := []object{}
	if !c.can("moodle/user:viewdetails") || !c.can("moodle/site:viewuseridentity") {
		return users, nil
	}
	for _, p := range c.school.people {
		var value string
		switch a.text("field") {
		case "id":
			value = strconv.FormatInt(p.ID, 10)
		case "username":
			value = p.username
		case "email":
			value = p.Email
		default:
			return nil, errParameter
		}
		if slices.Contains(a.list("values"), value) {
			users = append(users, c.account(p))
		}
	}
	return users, nil
}

func (c *Campus) account(p Person) object {
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

// wsGroups lists the groups of one learner.
func (c *Campus) wsGroups(a wsArgs) (any, error) {
	k, err := c.enter(a)
	if err != nil {
		return nil, err
	}
	id, err := a.number("userid")
	if err != nil {
		return nil, err
	}
	p, ok := c.school.person(id)
	if !ok {
		return nil, errNoUser
	}
	if !c.can("moodle/course:managegroups") {
		p.groups = nil
	}
	return object{"groups": k.wsGroups(p, true), "warnings": []any{}}, nil
}

func (k *course) wsGroups(p Person, long bool) []object {
	list := []object{}
	for _, g := range k.groups(p) {
		o := object{"id": g.id, "name": g.name, "description": "", "descriptionformat": 0}
		if long {
			o["idnumber"], o["courseid"] = "grp-"+strconv.Itoa(g.id), k.id
		}
		list = append(list, o)
	}
	return list
}
