package campus

import (
	"slices"
	"time"
)

// participant is one person in one course, with their results.
type participant struct {
	*Person
	groups    []*group  // by id
	marks     []mark    // at most one for each activity
	completed time.Time // when the course was completed; zero: not completed
}

// mark returns the mark in an activity; the zero mark if the person did nothing.
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

// forget removes the mark of an activity.
func (p *participant) forget(cmid int64) {
	p.marks = slices.DeleteFunc(p.marks, func(m mark) bool { return m.cmid == cmid })
}

// reported reports whether the person appears in the course's reports. Teachers and
// suspended enrolments do not.
func (p *participant) reported() bool { return p.Role == Student && !p.SuspendedEnrolment }

// mark is the result of one participant in one activity.
type mark struct {
	cmid        int64
	grade       *float64 // in points; nil if there is none
	gradedAt    time.Time
	state       state
	completedAt time.Time
	overridden  bool // a teacher set the completion
	byTeacher   bool // a teacher set the grade; that of the activity does not count any more
	hidden      bool // the grade is hidden from the learner
}
