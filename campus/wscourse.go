package campus

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// openCourse finds the course of a call. It refuses a service user who may not enter
// the course.
func (c *Campus) openCourse(a wsArgs) (*course, error) {
	k, err := c.courseIn(a)
	if err == nil && !c.can("moodle/course:view") {
		return nil, errNoEntry
	}
	return k, err
}

// courseIn finds the course of a call.
func (c *Campus) courseIn(a wsArgs) (*course, error) {
	id, err := a.number("courseid")
	if err != nil {
		return nil, err
	}
	k := c.school.course(strconv.FormatInt(id, 10))
	switch {
	case k == nil:
		return nil, missingRecord("course")
	case c.answersForeignCourse(a.text("wsfunction"), a.call()):
		return c.school.foreign, nil
	}
	return k, nil
}

// wsCourses finds courses by id, id number or short name; without a field, it lists
// all.
func (c *Campus) wsCourses(a wsArgs) (any, error) {
	courses := []object{}
	value := a.text("value")
	for _, k := range c.school.courses {
		found := map[string]bool{
			"": true, "id": value == k.text(), "ids": slices.Contains(strings.Split(value, ","), k.text()),
			"idnumber": value == k.number, "shortname": value == k.short,
		}
		if found[a.text("field")] {
			courses = append(courses, c.wsCourse(k))
		}
	}
	return object{"courses": courses, "warnings": []any{}}, nil
}

func (c *Campus) wsCourse(k *course) object {
	name := escape(k.full)
	return object{
		"id": k.id, "fullname": name, "displayname": name, "shortname": k.short,
		"courseimage": c.url("/site/course.svg"), "categoryid": 1, "categoryname": "Category 1", "sortorder": 10003,
		"summary": "<p>Cours d’exemple</p>", "summaryformat": 1, "summaryfiles": []any{}, "overviewfiles": []any{},
		"showactivitydates": false, "showcompletionconditions": true,
		"contacts": []object{{"id": 3, "fullname": "Tomás Ó Briain"}}, "enrollmentmethods": []string{"manual"},
		"format": "topics", "showgrades": 1, "newsitems": 0, "startdate": 1767225600, "enddate": 1798761600, "maxbytes": 0,
		"showreports": 0, "visible": 1, "groupmode": 0, "groupmodeforce": 0, "defaultgroupingid": 0, "enablecompletion": 1,
		"completionnotify": 0, "lang": "", "theme": "", "marker": 0,
		"filters":             []object{{"filter": "mathjaxloader", "localstate": 0, "inheritedstate": 1}},
		"courseformatoptions": []object{{"name": "hiddensections", "value": 1}, {"name": "indentation", "value": "1"}},
	}
}

// wsContents lists all activities. As on the course page, these include activities that
// the service user may not view.
func (c *Campus) wsContents(a wsArgs) (any, error) {
	k, err := c.openCourse(a)
	if err != nil {
		return nil, err
	}
	modules := []object{}
	for _, act := range k.activities {
		modules = append(modules, c.wsModule(act))
	}
	section := func(number int, name string, modules []object) object {
		return object{
			"id": number + 1, "name": name, "visible": 1, "summary": "", "summaryformat": 1, "section": number,
			"hiddenbynumsections": 0, "uservisible": true, "component": nil, "itemid": nil, "modules": modules,
		}
	}
	return []object{section(0, "Généralités", []object{}), section(1, "Semaine 1", modules)}, nil
}

func (c *Campus) wsModule(a Activity) object {
	purpose := map[string]string{"page": "content", "assign": "assessment", "quiz": "assessment"}[a.Module]
	if purpose == "" {
		purpose = "other"
	}
	icon := c.url("/site/activity.svg")
	if a.icon != "" {
		icon = a.icon
	}
	return object{
		"id": a.CMID, "instance": a.instance, "modname": a.Module, "name": escape(a.Name), "contextid": 26 + a.CMID,
		"url": c.viewURL(a), "visible": 1, "uservisible": true, "visibleoncoursepage": 1,
		"modicon": icon, "purpose": purpose, "branded": false, "modplural": a.Module,
		"availability": nil, "indent": 0, "onclick": "", "afterlink": nil, "customdata": `""`, "noviewlink": false,
		"completion": 2, "completiondata": activityStatus(a, mark{}, false),
		"downloadcontent": 1, "dates": []any{}, "groupmode": 0,
	}
}

func (c *Campus) viewURL(a Activity) string {
	return c.url(fmt.Sprintf("/mod/%s/view.php?id=%d", a.Module, a.CMID))
}

// wsUsersCourses lists the courses that a user is enrolled in, with completion and
// progress.
func (c *Campus) wsUsersCourses(a wsArgs) (any, error) {
	user, err := a.number("userid")
	if err != nil {
		return nil, err
	}
	courses := []object{}
	for _, k := range c.school.courses {
		p := k.participant(user)
		if p == nil || p.SuspendedEnrolment || !c.can("moodle/course:view") {
			continue
		}
		o := c.wsCourse(k)
		for _, only := range []string{"categoryid", "categoryname", "sortorder", "maxbytes", "summaryfiles", "contacts", "enrollmentmethods", "newsitems", "showreports", "groupmode", "groupmodeforce", "defaultgroupingid", "completionnotify", "theme", "filters", "courseformatoptions"} {
			delete(o, only)
		}
		progress, done := 0, 0
		for _, act := range k.activities {
			if act.done(p.mark(act.CMID)) {
				done++
			}
		}
		if len(k.activities) > 0 {
			progress = 100 * done / len(k.activities)
		}
		for name, value := range (object{
			"idnumber": k.number, "showgrades": true, "enablecompletion": true, "completionhascriteria": true, "completionusertracked": p.Role == Student,
			"category": 1, "progress": progress, "completed": !p.completed.IsZero(), "lastaccess": nil, "isfavourite": false, "hidden": false,
			"timemodified": 1767225600,
		}) {
			o[name] = value
		}
		courses = append(courses, o)
	}
	return courses, nil
}
