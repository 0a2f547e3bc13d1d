package campus

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// wsGrades returns the user report of one learner or, for user 0, of all learners or of
// one group.
func (c *Campus) wsGrades(a wsArgs) (any, error) {
	k, err := c.openCourse(a)
	if err != nil {
		return nil, err
	}
	switch {
	case !c.can("gradereport/user:view"):
		return nil, noPermission("View user report")
	case !c.can("moodle/grade:viewall"):
		return nil, noPermission("View grades of other users")
	}
	learners, err := c.gradedLearners(k, a)
	if err != nil {
		return nil, err
	}
	return stream{
		name: "usergrades", count: len(learners), rest: object{"warnings": []any{}},
		element: func(i int) any { return c.readGrades(k, learners[i], a.text("wsfunction")) },
	}, nil
}

// readGrades returns a learner's report. Afterwards, the fault GradesMove may change
// grades.
func (c *Campus) readGrades(k *course, p *participant, function string) object {
	report := c.gradeReport(k, p)
	if c.dice.throw(c.faults.GradesMove, "grades move", function, k.text()+" "+strconv.FormatInt(p.ID, 10)) {
		k.moveGrade(p, c.cfg.Now())
	}
	return report
}

// gradedLearners returns the learners that a call selects. A group of another course
// has no members.
func (c *Campus) gradedLearners(k *course, a wsArgs) ([]*participant, error) {
	if user := a.text("userid"); user != "" && user != "0" {
		p, err := c.reportedLearner(k, a)
		return []*participant{p}, err
	}
	among := k.participants
	if id := wsNumber(a.text("groupid")); id > 0 {
		among = nil
		if g := k.group(int64(id)); g != nil {
			among = g.members
		}
	}
	learners := slices.DeleteFunc(slices.Clone(among), func(p *participant) bool { return !p.reported() })
	slices.SortFunc(learners, byLastName)
	return learners, nil
}

// byLastName compares as the report does: byte by byte, so that Ångström comes after
// Zola.
func byLastName(p, q *participant) int {
	return cmp.Or(strings.Compare(p.Last, q.Last), strings.Compare(p.First, q.First), byUser(p, q))
}

// gradeReport has the names of people and activities as plain text, unlike the course
// page. Activities that the service user may not view are missing.
func (c *Campus) gradeReport(k *course, p *participant) object {
	total, highest := k.total(p)
	items := []object{}
	for _, act := range k.activities {
		if act.Max > 0 && c.can("mod/"+act.Module+":view") {
			items = append(items, c.activityItem(act, p.mark(act.CMID), total))
		}
	}
	for _, i := range c.items {
		if i.course == k && c.can("mod/lti:view") {
			items = append(items, i.reportItem(p.ID, total))
		}
	}
	return object{
		"courseid": k.id, "courseidnumber": k.number, "userid": p.ID, "userfullname": p.Name(), "useridnumber": p.idNumber,
		"maxdepth": 2, "gradeitems": append(items, k.courseItem(total, highest)),
	}
}

func (c *Campus) activityItem(a Activity, m mark, t total) object {
	shown := m
	if m.hidden && !c.can("moodle/grade:viewhidden") {
		shown.grade = nil
	}
	item := gradeItem(gradeValue{points: shown.grade, at: m.gradedAt, highest: a.Max, pass: a.pass, scale: a.scale}, t)
	maps.Copy(item, object{
		"id": a.item, "itemname": a.Name, "itemtype": "mod", "itemmodule": a.Module, "iteminstance": a.instance, "itemnumber": 0,
		"idnumber": fmt.Sprintf("%s-%d", a.Module, a.instance), "categoryid": 1, "cmid": a.CMID,
		"gradeishidden": m.hidden, "gradeisoverridden": m.byTeacher,
	})
	if len(a.scale) > 0 {
		item["scaleid"] = a.item // each activity has its own scale
	}
	addWeight(item, m.grade, a.Max, t)
	return item
}

// reportItem returns a tool's line item as an item of the report. It does not count for
// the course total.
func (i *lineItem) reportItem(user int64, t total) object {
	s := i.scores[user]
	item := gradeItem(gradeValue{points: s.points, at: s.at, highest: i.max}, t)
	maps.Copy(item, object{
		"id": i.id, "itemname": i.label, "itemtype": "manual", "itemmodule": nil, "iteminstance": nil, "itemnumber": 0,
		"idnumber": nil, "categoryid": 1,
	})
	if i.coupled {
		maps.Copy(item, object{"itemtype": "mod", "itemmodule": "lti", "iteminstance": i.link, "idnumber": "", "cmid": i.cmid()})
	}
	addWeight(item, nil, i.max, t)
	if s.comment != "" {
		item["feedback"] = s.comment
	}
	return item
}

func (k *course) courseItem(t total, highest float64) object {
	value := gradeValue{highest: highest}
	if t.graded() {
		value = gradeValue{points: &t.points, at: t.at, highest: t.max}
	}
	item := gradeItem(value, t)
	maps.Copy(item, object{
		"id": k.id - 1, "itemname": nil, "itemtype": "course", "itemmodule": nil, "iteminstance": k.id - 1, "itemnumber": nil,
		"idnumber": nil, "categoryid": nil,
	})
	return item
}

// gradeItem has the members that every item of the report has.
func gradeItem(v gradeValue, t total) object {
	item := object{
		"outcomeid": nil, "scaleid": nil, "locked": false, "graderaw": nil, "gradedatesubmitted": nil, "gradedategraded": nil,
		"gradehiddenbydate": false, "gradeneedsupdate": false, "gradeishidden": false, "gradeislocked": false, "gradeisoverridden": false,
		"gradeformatted": "-", "grademin": v.lowest(), "grademax": v.highest, "rangeformatted": v.rangeText(),
		"percentageformatted": "-", "feedback": "", "feedbackformat": 0,
	}
	if t.graded() {
		item["feedbackformat"] = 2
	}
	if v.points != nil {
		item["graderaw"], item["gradedategraded"] = round(*v.points, 5), v.at.Unix()
		item["gradeformatted"] = v.passIcon() + v.text()
		item["percentageformatted"] = fmt.Sprintf("%.2f %%", (*v.points-v.lowest())/(v.highest-v.lowest())*100)
	}
	return item
}

// addWeight adds an item's weight in the total if there is a total.
func addWeight(item object, points *float64, highest float64, t total) {
	switch {
	case !t.graded():
	case points == nil:
		item["weightraw"], item["weightformatted"], item["status"] = 0, "0.00 %", "novalue"
	default:
		item["weightraw"], item["weightformatted"] = round(highest/t.max, 5), fmt.Sprintf("%.2f %%", highest/t.max*100)
	}
}

// round rounds to as many decimals as Moodle's database.
func round(v float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	return math.Round(v*scale) / scale
}
