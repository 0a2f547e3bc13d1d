package campus

import (
	"maps"
	"strconv"
	"strings"
)

// customValues returns the custom parameters with Moodle's variables replaced; other
// variables stay unchanged. A parameter of the administrator has priority over the
// teacher's of the same name. In a launch without a link, variables of the link have no
// value.
func (c *Campus) customValues(l launch, p Person) map[string]any {
	asked := maps.Clone(l.activity.custom)
	if asked == nil {
		asked = map[string]string{}
	}
	maps.Copy(asked, l.tool.custom)
	maps.Copy(asked, l.custom)
	vars, values := c.variables(l, p), map[string]any{}
	for name, value := range asked {
		values[name] = value
		if variable, ok := strings.CutPrefix(value, "$"); !ok {
			continue
		} else if v, ok := vars[variable]; ok {
			values[name] = v
		}
	}
	if l.tool.granted(scopeRoster) {
		values["context_memberships_url"] = c.rosterURL(l.course, l.tool)
	}
	return values
}

// variables returns the variables that Moodle replaces (LTI Core 1.3, appendix B).
func (c *Campus) variables(l launch, p Person) map[string]any {
	vars := l.course.variables()
	maps.Copy(vars, personVariables(l, p))
	maps.Copy(vars, c.linkVariables(l, p))
	if l.tool.granted(scopeRoster) {
		vars["ToolProxyBinding.memberships.url"] = c.rosterURL(l.course, l.tool)
		vars["LtiLink.memberships.url"] = c.url("/mod/lti/services.php/links/{link_id}/memberships") // not replaced in Moodle either
	}
	return vars
}

func (k *course) variables() map[string]any {
	const begin, end = "2026-01-01T00:00:00+00:00", "2027-01-01T00:00:00+00:00"
	history := make([]string, len(k.history))
	for i, id := range k.history {
		history[i] = strconv.FormatInt(id, 10)
	}
	return map[string]any{
		"Context.id": k.text(), "Context.title": k.full, "Context.label": k.short, "Context.sourcedId": k.number,
		"Context.id.history": strings.Join(history, ","), "Context.longDescription": "Cours d’exemple", "Context.timeFrame.begin": "1767225600",
		"CourseSection.title": k.full, "CourseSection.label": k.short, "CourseSection.sourcedId": k.number,
		"CourseSection.longDescription": "Cours d’exemple", "CourseSection.timeFrame.begin": begin, "CourseSection.timeFrame.end": end,
	}
}

func personVariables(l launch, p Person) map[string]any {
	vars := map[string]any{
		"User.id": strconv.FormatInt(p.ID, 10), "User.username": p.username, "Person.sourcedId": p.idNumber,
		"Membership.role":            strings.Join(shortRoles(p.Role), ","),
		"Moodle.Person.userGroupIds": groupIDs(l.course.groupsOf(p.ID)),
		"Person.name.middle":         "", "Person.address.street1": "", "Person.address.locality": "", "Person.address.country": "",
		"Person.address.timezone": "99", "Person.phone.primary": "", "Person.phone.mobile": "", "Person.webaddress": "",
	}
	if l.tool.names {
		vars["Person.name.given"], vars["Person.name.family"], vars["Person.name.full"] = p.First, p.Last, p.Name()
	}
	if l.tool.email {
		vars["Person.email.primary"] = p.Email
	}
	return vars
}

// linkVariables returns the variables of the link. They are null in a launch without
// one.
func (c *Campus) linkVariables(l launch, p Person) map[string]any {
	vars := map[string]any{
		"ResourceLink.id": nil, "ResourceLink.title": nil, "ResourceLink.description": nil,
		"Result.sourcedId": nil, "BasicOutcome.sourcedId": nil, "BasicOutcome.url": nil,
	}
	if a := l.activity; a.CMID != 0 {
		outcome := c.basicOutcome(l.tool, a, p)
		vars["ResourceLink.id"], vars["ResourceLink.title"], vars["ResourceLink.description"] = a.linkID(), a.Name, a.description
		vars["Result.sourcedId"], vars["BasicOutcome.sourcedId"] = outcome["lis_result_sourcedid"], outcome["lis_result_sourcedid"]
		vars["BasicOutcome.url"] = outcome["lis_outcome_service_url"]
	}
	return vars
}

func groupIDs(groups []*group) string {
	ids := make([]string, len(groups))
	for i, g := range groups {
		ids[i] = strconv.FormatInt(g.id, 10)
	}
	return strings.Join(ids, ",")
}

// shortRoles returns the launch's roles without their namespace.
func shortRoles(r Role) []string {
	list := launchRoles(r)
	for i, uri := range list {
		list[i] = uri[strings.LastIndex(uri, "#")+1:]
	}
	return list
}
