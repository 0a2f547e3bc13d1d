package campus

import (
	"slices"
	"time"
)

// The one course.
const (
	courseID     = 2
	courseShort  = "BADGE101"
	courseFull   = "Données & société – niveau 1"
	courseNumber = "SIS-BADGE101"
	coursePass   = 50 // points that complete the course
)

// school is the course, its people and what they did. Whoever uses it holds
// the campus's lock.
type school struct {
	people     []Person
	activities []Activity
	marks      map[int64]map[int64]mark // by user and course module
	completed  map[int64]time.Time      // course completions, by user
}

// newSchool opens three days ago. Zoë (6) did everything well, Sinéad (7) is
// just below 80 % in the quiz, Nora (11) did nothing.
func newSchool(now time.Time) *school {
	s := &school{people: people(), activities: activities(), marks: map[int64]map[int64]mark{}, completed: map[int64]time.Time{}}
	opened := now.Add(-72 * time.Hour)
	for user, percent := range map[int64]struct{ essay, quiz float64 }{
		6: {92.5, 92.5}, 7: {74, 78}, 8: {61, 85}, 9: {48, 55}, 10: {70, 66}, 12: {55, 40},
		13: {80, 90}, 14: {66, 72}, 15: {88, 79}, 16: {35, 20}, 17: {91, 76},
	} {
		s.view(user, PageCMID, opened)
		s.grade(user, EssayCMID, &percent.essay, opened.Add(time.Hour))
		s.grade(user, QuizCMID, &percent.quiz, opened.Add(2*time.Hour))
	}
	return s
}

func (s *school) person(id int64) (Person, bool) {
	i := slices.IndexFunc(s.people, func(p Person) bool { return p.ID == id })
	if i < 0 {
		return Person{}, false
	}
	return s.people[i], true
}

func (s *school) learners() []Person {
	return slices.DeleteFunc(slices.Clone(s.people), func(p Person) bool { return p.Role != Student })
}

func (s *school) activity(cmid int64) (Activity, bool) {
	i := slices.IndexFunc(s.activities, func(a Activity) bool { return a.CMID == cmid })
	if i < 0 {
		return Activity{}, false
	}
	return s.activities[i], true
}

func (s *school) mark(user, cmid int64) mark { return s.marks[user][cmid] }

// setMark records a mark and, in the same moment, what follows from it for the
// course: Moodle does not wait for its cron either.
func (s *school) setMark(user, cmid int64, m mark, at time.Time) {
	if s.marks[user] == nil {
		s.marks[user] = map[int64]mark{}
	}
	s.marks[user][cmid] = m
	s.completeCourse(user, at)
}

// view completes an activity that only asks to be seen.
func (s *school) view(user, cmid int64, at time.Time) {
	if m := s.mark(user, cmid); m.state == incomplete {
		m.state, m.completedAt = complete, at
		s.setMark(user, cmid, m, at)
	}
}

// grade sets a grade in percent; nil takes it away, and the completion with it.
func (s *school) grade(user, cmid int64, percent *float64, at time.Time) {
	a, _ := s.activity(cmid)
	m := mark{}
	if percent != nil {
		m = a.graded(*percent/100*a.Max, at)
	}
	s.setMark(user, cmid, m, at)
}

// completeCourse records the course's completion once its criteria are met.
// Moodle does not take one back by itself.
func (s *school) completeCourse(user int64, at time.Time) {
	for _, a := range s.activities {
		if a.forCourse && !a.done(s.mark(user, a.CMID)) {
			return
		}
	}
	total, _ := s.total(user)
	if _, already := s.completed[user]; !already && total.graded() && total.points >= coursePass {
		s.completed[user] = at
	}
}

// total is a learner's course grade: the points of what was graded.
type total struct {
	points, max float64
	at          time.Time // of the newest grade
}

func (t total) graded() bool { return !t.at.IsZero() }

// total also returns the highest possible total of the course.
func (s *school) total(user int64) (t total, highest float64) {
	for _, a := range s.activities {
		highest += a.Max
		m := s.mark(user, a.CMID)
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
