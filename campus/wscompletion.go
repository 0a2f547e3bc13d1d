package campus

import (
	"fmt"
	"maps"
	"time"
)

// reportedLearner returns a learner who appears in the course's reports.
func (c *Campus) reportedLearner(k *course, a wsArgs) (*participant, error) {
	id, err := a.number("userid")
	if err != nil {
		return nil, err
	}
	p := k.participant(id)
	switch {
	case p == nil && c.school.byID[id] == nil:
		return nil, errNoUser
	case p == nil || !p.reported():
		return nil, errNotEnrolled
	}
	return p, nil
}

// wsActivityCompletion leaves out activities of types that the service user may not
// view, without a warning.
func (c *Campus) wsActivityCompletion(a wsArgs) (any, error) {
	k, err := c.openCourse(a)
	if err != nil {
		return nil, err
	}
	if !c.can("report/progress:view") {
		return nil, noPermission("View activity completion reports")
	}
	p, err := c.reportedLearner(k, a)
	if err != nil {
		return nil, err
	}
	statuses := []object{}
	for _, act := range k.activities {
		if !c.can("mod/" + act.Module + ":view") {
			continue
		}
		status := activityStatus(act, p.mark(act.CMID), true)
		maps.Copy(status, object{"cmid": act.CMID, "modname": act.Module, "instance": act.instance, "tracking": 2})
		statuses = append(statuses, status)
	}
	return object{"statuses": statuses, "warnings": []any{}}, nil
}

// activityStatus returns a mark as Moodle shows it. Teachers are not tracked.
func activityStatus(a Activity, m mark, tracked bool) object {
	var by any
	if m.overridden {
		by = 3 // the teacher
	}
	return object{
		"state": m.state, "timecompleted": unix(m.completedAt), "overrideby": by, "valueused": false, "hascompletion": true,
		"isautomatic": true, "istrackeduser": tracked, "uservisible": true, "details": completionRules(a, m), "isoverallcomplete": a.done(m),
	}
}

// completionRules returns the rules of an activity, with the result of each for a mark.
func completionRules(a Activity, m mark) []object {
	rule := func(name, description string, s state) object {
		return object{"rulename": name, "rulevalue": object{"status": s, "description": description}}
	}
	if a.Max == 0 {
		return []object{rule("completionview", "View", m.state)}
	}
	if !a.mustPass {
		return []object{rule("completionusegrade", "Receive a grade", m.state)}
	}
	received, pass := m.state, m.state
	if m.state == failed {
		received = complete
	}
	if m.state == complete { // set by a teacher: the rule itself is not met
		pass = incomplete
	}
	return []object{rule("completionusegrade", "Receive a grade", received), rule("completionpassgrade", "Receive a passing grade", pass)}
}

// unix returns Unix seconds; 0 for the zero time, as in Moodle.
func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// wsCourseCompletion returns a time for each criterion and none for the course.
func (c *Campus) wsCourseCompletion(a wsArgs) (any, error) {
	k, err := c.openCourse(a)
	if err != nil {
		return nil, err
	}
	if !c.can("report/completion:view") {
		return nil, errNoReport
	}
	p, err := c.reportedLearner(k, a)
	if err != nil {
		return nil, err
	}
	criteria := []object{}
	for _, act := range k.activities {
		if act.forCourse {
			criteria = append(criteria, c.activityCriterion(act, p.mark(act.CMID)))
		}
	}
	criteria = append(criteria, k.gradeCriterion(p))
	return object{
		"completionstatus": object{"completed": !p.completed.IsZero(), "aggregation": 1, "completions": criteria}, "warnings": []any{},
	}, nil
}

func (c *Campus) activityCriterion(a Activity, m mark) object {
	status, requirement := "No", "Viewing the "+a.Module
	if a.done(m) {
		status = "Yes"
	}
	if a.mustPass {
		requirement = "Achieving grade, Achieving passing grade"
	}
	return criterion(4, "Activity completion", status, a.done(m), m.completedAt, object{
		"criteria": fmt.Sprintf(`<a href="%s">%s</a>`, c.viewURL(a), escape(a.Name)), "requirement": requirement, "status": "",
	})
}

func (k *course) gradeCriterion(p *participant) object {
	total, _ := k.total(p)
	points, status := "", "No grade (50.00 required)"
	if total.graded() {
		points = fmt.Sprintf("%.2f", total.points)
		status = points + " (50.00 required)"
	}
	return criterion(6, "Course grade", status, total.graded() && total.points >= coursePass, total.at, object{
		"criteria": "Required course grade", "requirement": fmt.Sprintf("%.2f", float64(coursePass)), "status": points,
	})
}

func criterion(kind int, title, status string, met bool, at time.Time, details object) object {
	var when any
	if met {
		when = at.Unix()
	}
	details["type"] = title
	return object{"type": kind, "title": title, "status": status, "complete": met, "timecompleted": when, "details": details}
}
