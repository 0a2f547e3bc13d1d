package campus

import (
	"math"
	"slices"
	"strconv"
	"time"
)

// state is Moodle's completion state of an activity.
type state int

const (
	incomplete state = iota
	complete
	passed
	failed // graded, below the grade to pass
)

// Activity is one activity of a course.
type Activity struct {
	CMID   int64  // course-module id, used by web services
	Module string // page, assign, quiz or lti
	Name   string
	Max    float64 // highest grade in points; 0: not graded

	instance  int64
	item      int64    // id of its grade item
	pass      float64  // grade to pass, in points
	mustPass  bool     // a failing grade does not complete it; otherwise any grade does
	forCourse bool     // a criterion of the course's completion
	scale     []string // words of its grading scale, the lowest first; empty: graded in points

	// Only for LTI activities.
	tool        *tool  // nil: the tool that the course uses
	target      string // its own URL; empty: that of the tool
	description string
	icon        string
	custom      map[string]string // a teacher's parameters, in addition to the tool's
}

// done reports whether the mark completes the activity. If any grade does, a failing
// grade does too.
func (a Activity) done(m mark) bool {
	return m.state == complete || m.state == passed || (m.state == failed && !a.mustPass)
}

// graded returns the mark for a number of points.
func (a Activity) graded(points float64, at time.Time) mark {
	m := mark{cmid: a.CMID, grade: &points, gradedAt: at, state: passed, completedAt: at}
	if points < a.pass {
		m.state = failed
	}
	return m
}

// regraded returns the mark for a grade in percent. Nil removes the grade and the
// completion. A grade that a teacher has overridden does not change.
func (a Activity) regraded(old mark, percent *float64, at time.Time) mark {
	if old.byTeacher {
		return old
	}
	m := mark{cmid: a.CMID}
	if percent != nil {
		m = a.graded(a.points(*percent), at)
	}
	m.hidden = old.hidden
	return m
}

// points converts percent to points. On a scale, points are whole and the first word
// counts one.
func (a Activity) points(percent float64) float64 {
	if len(a.scale) > 0 {
		return 1 + math.Round(percent/100*(a.Max-1))
	}
	return percent / 100 * a.Max
}

// The course-module ids of the first activities.
const (
	PageCMID  = 1
	EssayCMID = 2
	QuizCMID  = 3
	ToolCMID  = 18 // opens the tool
)

func activities() []Activity {
	return []Activity{
		{CMID: PageCMID, instance: 1, Module: "page", Name: "Lisez-moi d’abord", forCourse: true},
		{CMID: EssayCMID, instance: 1, Module: "assign", Name: "Essai : une donnée & son histoire", Max: 100, pass: 50, mustPass: true, item: 2, forCourse: true},
		{CMID: QuizCMID, instance: 1, Module: "quiz", Name: "Quiz d'évaluation", Max: 20, pass: 10, item: 3},
		{CMID: ToolCMID, instance: toolLink, Module: "lti", Name: "Badges du cours", description: "Vos badges & ce qui manque encore"},
	}
}

// linkID returns the resource link id. It is the instance id of the LTI activity, not
// its course-module id.
func (a Activity) linkID() string { return strconv.FormatInt(a.instance, 10) }

// opens reports whether the activity opens the tool.
func (a Activity) opens(t *tool) bool { return a.tool == nil || a.tool == t }

// Activities lists the activities of a course; nil if the course does not exist.
func (c *Campus) Activities(course int64) []Activity {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.school.course(strconv.FormatInt(course, 10))
	if k == nil {
		return nil
	}
	return slices.Clone(k.activities)
}

// DeleteActivity removes an activity from its course, with its grades.
func (c *Campus) DeleteActivity(cmid int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, a, ok := c.school.find(cmid)
	if !ok {
		return
	}
	k.activities = slices.DeleteFunc(k.activities, func(a Activity) bool { return a.CMID == cmid })
	for _, p := range k.participants {
		p.forget(cmid)
	}
	c.items = slices.DeleteFunc(c.items, func(i *lineItem) bool { return i.course == k && i.coupled && i.link == a.instance })
}
