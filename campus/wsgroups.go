package campus

import "maps"

// wsGroups lists the groups of one learner. A service user who may not manage groups
// sees none.
func (c *Campus) wsGroups(a wsArgs) (any, error) {
	k, err := c.openCourse(a)
	if err != nil {
		return nil, err
	}
	id, err := a.number("userid")
	if err != nil {
		return nil, err
	}
	if k.participant(id) == nil && c.school.byID[id] == nil {
		return nil, errNoUser
	}
	list := []object{}
	if c.can("moodle/course:managegroups") {
		for _, g := range k.groupsOf(id) {
			group := g.wsGroup()
			maps.Copy(group, object{"idnumber": g.idNumber(), "courseid": k.id})
			list = append(list, group)
		}
	}
	return object{"groups": list, "warnings": []any{}}, nil
}

// wsCourseGroups lists the groups of a course.
func (c *Campus) wsCourseGroups(a wsArgs) (any, error) {
	k, err := c.openCourse(a)
	if err != nil {
		return nil, err
	}
	if !c.can("moodle/course:managegroups") {
		return nil, noPermission("Manage groups")
	}
	list := []object{}
	for _, g := range k.groups {
		group := g.wsGroup()
		maps.Copy(group, object{
			"idnumber": g.idNumber(), "courseid": k.id, "enrolmentkey": nil, "visibility": 0, "participation": true,
		})
		list = append(list, group)
	}
	return list, nil
}

// wsGroup has the members that every list of groups has.
func (g *group) wsGroup() object {
	return object{"id": g.id, "name": g.name, "description": "", "descriptionformat": 0}
}
