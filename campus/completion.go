package campus

import "time"

// setMark records a mark and its consequences for the course at once. Moodle does not
// wait for its cron either.
func (k *course) setMark(p *participant, m mark, at time.Time) {
	p.set(m)
	k.completeCourse(p, at)
}

// view completes an activity that only has to be viewed. It does nothing for a person
// who is not enrolled.
func (k *course) view(p *participant, cmid int64, at time.Time) {
	if p == nil {
		return
	}
	if m := p.mark(cmid); m.state == incomplete {
		m.state, m.completedAt = complete, at
		k.setMark(p, m, at)
	}
}

// grade sets a grade in percent.
func (k *course) grade(p *participant, cmid int64, percent *float64, at time.Time) {
	a, _ := k.activity(cmid)
	k.setMark(p, a.regraded(p.mark(cmid), percent, at), at)
}

// completeAll gives full marks in all activities and completes the course.
func (k *course) completeAll(p *participant, at time.Time) {
	for _, a := range k.activities {
		if a.Max == 0 {
			k.view(p, a.CMID, at)
			continue
		}
		full := 100.0
		if m := p.mark(a.CMID); m.grade == nil || *m.grade < a.Max || !a.done(m) {
			m.byTeacher = false
			k.setMark(p, a.regraded(m, &full, at), at)
		}
	}
	if p.completed.IsZero() {
		p.completed = at
	}
}

// moveGrade changes the grade of the first graded activity: one point more, or one less
// if it is the highest.
func (k *course) moveGrade(p *participant, at time.Time) {
	for _, a := range k.activities {
		m := p.mark(a.CMID)
		if m.grade == nil || m.byTeacher {
			continue
		}
		percent := (*m.grade + 1) / a.Max * 100
		if percent > 100 {
			percent = (*m.grade - 1) / a.Max * 100
		}
		k.setMark(p, a.regraded(m, &percent, at), at)
		return
	}
}

// completeCourse records the completion of the course when its criteria are met. As in
// Moodle, a completion is never taken back automatically.
func (k *course) completeCourse(p *participant, at time.Time) {
	for _, a := range k.activities {
		if a.forCourse && !a.done(p.mark(a.CMID)) {
			return
		}
	}
	total, _ := k.total(p)
	if p.completed.IsZero() && total.graded() && total.points >= coursePass {
		p.completed = at
	}
}

// started returns when a learner first met a criterion of the course; zero if none is
// met. Moodle's completion record begins at that time.
func (k *course) started(p *participant) time.Time {
	first := p.completed
	met := func(at time.Time) {
		if !at.IsZero() && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	for _, a := range k.activities {
		if m := p.mark(a.CMID); a.forCourse && a.done(m) {
			met(m.completedAt)
		}
	}
	if total, _ := k.total(p); total.points >= coursePass {
		met(total.at)
	}
	return first
}

// total is a learner's course grade: the sum of the points.
type total struct {
	points, max float64
	at          time.Time // of the newest grade
}

func (t total) graded() bool { return !t.at.IsZero() }

// total returns the learner's total and the highest possible total of the course.
func (k *course) total(p *participant) (t total, highest float64) {
	for _, a := range k.activities {
		highest += a.Max
		m := p.mark(a.CMID)
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
