package campus

import (
	"slices"
	"time"
)

// participant is one person in one course, with what they did there.
type participant struct {
	*Person
	groups    []*group  // by id
	marks     []mark    // at most one for each activity
	completed time.Time // the course; zero: not completed
}

// mark is the zero mark where the person did nothing.
func (p *participant) mark(cmid int64) mark {
	for _, m := range p.marks {
		if m.cmid == cmid {
			return m
		}
	}
	return mark{cmid: cmid}
}

// set replaces the mark of an activity.
func (p *participant) set(m mark) {
	i := slices.IndexFunc(p.marks, func(old mark) bool { return old.cmid == m.cmid })
	if i < 0 {
		p.marks = append(p.marks, m)
		return
	}
	p.marks[i] = m
}

// forget drops the mark of an activity.
func (p *participant) forget(cmid int64) {
	p.marks = slices.DeleteFunc(p.marks, func(m mark) bool { return m.cmid == cmid })
}

// reported says whether the reports of the course know the person: suspended
// enrolments and teachers are none of theirs.
func (p *participant) reported() bool { return p.Role == Student && !p.SuspendedEnrolment }

// mark is what one participant did in one activity.
type mark struct {
	cmid        int64
	grade       *float64 // in points; nil without one
	gradedAt    time.Time
	state       state
	completedAt time.Time
	overridden  bool // completed, or not, by a teacher's hand
	byTeacher   bool // the grade was overridden: what the activity says no longer counts
	hidden      bool // the grade, from the learner
}
