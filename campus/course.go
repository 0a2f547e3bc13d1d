package campus

import (
	"slices"
	"strconv"
	"time"
)

// The course there is from the start.
const (
	courseID     = 2
	courseShort  = "BADGE101"
	courseFull   = "Données & société – niveau 1"
	courseNumber = "SIS-BADGE101"
	coursePass   = 50 // points that complete the course
)

// course is what is done in one course. Everybody is enrolled in every course.
type course struct {
	id         int64
	short      string
	full       string
	number     string  // may be empty
	history    []int64 // the courses it was copied from, the nearest first
	activities []Activity
	marks      map[int64]map[int64]mark // by user and course module
	completed  map[int64]time.Time      // course completions, by user
}

// firstCourse opened three days ago. Zoë (6) did everything well, Sinéad (7)
// is just below 80 % in the quiz, Nora (11) did nothing.
func firstCourse(now time.Time) *course {
	k := &course{
		id: courseID, short: courseShort, full: courseFull, number: courseNumber, activities: activities(),
		marks: map[int64]map[int64]mark{}, completed: map[int64]time.Time{},
	}
	opened := now.Add(-72 * time.Hour)
	for user, percent := range map[int64]struct{ essay, quiz float64 }{
		6: {92.5, 92.5}, 7: {74, 78}, 8: {61, 85}, 9: {48, 55}, 10: {70, 66}, 12: {55, 40},
		13: {80, 90}, 14: {66, 72}, 15: {88, 79}, 16: {35, 20}, 17: {91, 76},
	} {
		k.view(user, PageCMID, opened)
		k.grade(user, EssayCMID, &percent.essay, opened.Add(time.Hour))
		k.grade(user, QuizCMID, &percent.quiz, opened.Add(2*time.Hour))
	}
	return k
}

// text is the course's id as launches and addresses carry it.
func (k *course) text() string { return strconv.FormatInt(k.id, 10) }

// groups are a person's groups in the course; a copy has none.
func (k *course) groups(p Person) []group {
	if k.id != courseID {
		return nil
	}
	return p.groups
}

func (k *course) activity(cmid int64) (Activity, bool) {
	i := slices.IndexFunc(k.activities, func(a Activity) bool { return a.CMID == cmid })
	if i < 0 {
		return Activity{}, false
	}
	return k.activities[i], true
}

// link finds an LTI activity by its resource link id.
func (k *course) link(id string) (Activity, bool) {
	i := slices.IndexFunc(k.activities, func(a Activity) bool { return a.Module == "lti" && a.linkID() == id })
	if i < 0 {
		return Activity{}, false
	}
	return k.activities[i], true
}

func (k *course) mark(user, cmid int64) mark { return k.marks[user][cmid] }

// setMark records a mark and, in the same moment, what follows from it for the
// course: Moodle does not wait for its cron either.
func (k *course) setMark(user, cmid int64, m mark, at time.Time) {
	if k.marks[user] == nil {
		k.marks[user] = map[int64]mark{}
	}
	k.marks[user][cmid] = m
	k.completeCourse(user, at)
}

// view completes an activity that only asks to be seen.
func (k *course) view(user, cmid int64, at time.Time) {
	if m := k.mark(user, cmid); m.state == incomplete {
		m.state, m.completedAt = complete, at
		k.setMark(user, cmid, m, at)
	}
}

// grade sets a grade in percent; nil takes it away, and the completion with it.
func (k *course) grade(user, cmid int64, percent *float64, at time.Time) {
	a, _ := k.activity(cmid)
	m := mark{}
	if percent != nil {
		m = a.graded(*percent/100*a.Max, at)
	}
	k.setMark(user, cmid, m, at)
}

// completeCourse records the course's completion once its criteria are met.
// Moodle does not take one back by itself.
func (k *course) completeCourse(user int64, at time.Time) {
	for _, a := range k.activities {
		if a.forCourse && !a.done(k.mark(user, a.CMID)) {
			return
		}
	}
	total, _ := k.total(user)
	if _, already := k.completed[user]; !already && total.graded() && total.points >= coursePass {
		k.completed[user] = at
	}
}

// total is a learner's course grade: the points of what was graded.
type total struct {
	points, max float64
	at          time.Time // of the newest grade
}

func (t total) graded() bool { return !t.at.IsZero() }

// total also returns the highest possible total of the course.
func (k *course) total(user int64) (t total, highest float64) {
	for _, a := range k.activities {
		highest += a.Max
		m := k.mark(user, a.CMID)
		if m.grade == nil {
			continue
		}
		t.points, t.max = t.points+*m.grade, t.max+a.Max
		if m.gradedAt.After(t.at) {
			t.at = m.gradedAt
		}
	}
	return t, highest
}
