package campus

import (
	"maps"
	"strconv"
	"strings"
)

// customValues replaces the variables Moodle knows; the others stay literal.
func (c *Campus) customValues(t *tool, p Person, l link) map[string]string {
	known := c.variables(t, p, l)
	values := map[string]string{}
	if t.granted(scopeRoster) {
		values["context_memberships_url"] = c.rosterURL(t)
	}
	custom := maps.Clone(t.custom)
	if custom == nil {
		custom = map[string]string{}
	}
	maps.Copy(custom, l.custom)
	for name, value := range custom {
		values[name] = value
		if variable, ok := strings.CutPrefix(value, "$"); !ok {
			continue
		} else if v, ok := known[variable]; ok {
			values[name] = v
		}
	}
	return values
}

func (c *Campus) variables(t *tool, p Person, l link) map[string]string {
	user, course := strconv.FormatInt(p.ID, 10), strconv.Itoa(courseID)
	known := map[string]string{
		"Context.id": course, "Context.title": courseFull, "Context.label": courseShort, "Context.sourcedId": courseNumber,
		"Context.id.history":  "", // the course was not copied
		"CourseSection.title": courseFull, "CourseSection.label": courseShort, "CourseSection.sourcedId": courseNumber,
		"ResourceLink.id": strconv.Itoa(l.ID), "ResourceLink.title": l.Title,
		"User.id": user, "User.username": p.username, "Person.sourcedId": p.idNumber,
		"Membership.role":                  strings.Join(shortRoles(p.Role), ","),
		"Moodle.Person.userGroupIds":       p.groupIDs(),
		"ToolProxyBinding.memberships.url": c.rosterURL(t),
	}
	if t.names {
		known["Person.name.given"], known["Person.name.family"], known["Person.name.full"] = p.First, p.Last, p.Name()
	}
	if t.email {
		known["Person.email.primary"] = p.Email
	}
	return known
}

func (p Person) groupIDs() string {
	ids := make([]string, len(p.groups))
	for i, g := range p.groups {
		ids[i] = strconv.Itoa(g.id)
	}
	return strings.Join(ids, ",")
}

// shortRoles are the launch's roles without their namespace.
func shortRoles(r Role) []string {
	list := launchRoles(r)
	for i, uri := range list {
		list[i] = uri[strings.LastIndex(uri, "#")+1:]
	}
	return list
}
