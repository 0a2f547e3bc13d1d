package badges

import (
	"math"
	"time"
)

// Subject names one thing that can be observed about a learner.
type Subject struct {
	Kind   RuleKind
	Course ContextID // another course than the badge's own; empty: that one
	ID     string    // of the activity, line item, group or badge; empty for the course itself
}

// Evidence is what was observed about one learner. A subject that is absent was
// not read and is unknown.
type Evidence map[Subject]Observation

// Observation is the result of reading a subject.
type Observation struct {
	Read   bool
	Why    string    // if it was not read: catalogue key of the cause, such as "unknown.activity_hidden"
	Done   bool      // the activity or course is completed; the learner is in the group or has the badge
	Passed bool      // the activity is completed with a passing grade
	Grade  *Grade    // nil if there is no grade yet
	At     time.Time // when it happened; zero if the LMS does not tell
	Ended  time.Time // when the learner's last award of the badge expired; zero while one is valid
	Source string    // where it was read, such as SourceGrades
}

// Of returns the observation of s; the zero value, which is unknown, if s was
// not read.
func (e Evidence) Of(s Subject) Observation {
	if o, ok := e[s]; ok {
		return o
	}
	return Observation{Why: "unknown.not_read"}
}

// Tenure is the time during which a learner has had a badge.
type Tenure struct {
	Since time.Time
	Ended time.Time // when the last award expired; zero while one is valid
}

// Grade is a grade with its range.
type Grade struct {
	Raw float64
	Min float64
	Max float64
}

// Percent returns the grade as a percentage of its range; false if the range is
// empty, or has numbers that are too large to compute with.
func (g Grade) Percent() (float64, bool) {
	if !(g.Max > g.Min) || math.IsInf(g.Max-g.Min, 0) {
		return 0, false
	}
	percent := (g.Raw - g.Min) / (g.Max - g.Min) * 100
	return percent, !math.IsInf(percent, 0) && !math.IsNaN(percent)
}

// Findings are observations about several learners.
type Findings map[UserID]Evidence

// Note adds one observation.
func (f Findings) Note(user UserID, s Subject, o Observation) {
	e := f[user]
	if e == nil {
		e = Evidence{}
		f[user] = e
	}
	e[s] = o
}

// Of returns the observation of s about a learner; the zero value, which is
// unknown, if s was not read.
func (f Findings) Of(user UserID, s Subject) Observation { return f[user].Of(s) }

// Update adds newer observations to f. It returns all evidence of the learners
// for whom something changed. A subject that cannot be read any more becomes
// unknown. The caller must not use now afterwards: f shares its maps.
func (f Findings) Update(now Findings) (changed Findings) {
	changed = Findings{}
	for user, evidence := range now {
		if f[user] == nil { // shared, not copied: there may be many learners
			f[user], changed[user] = evidence, evidence
			continue
		}
		for s, o := range evidence {
			before, ok := f[user][s]
			if ok && before.same(o) {
				continue
			}
			f.Note(user, s, o)
			changed[user] = f[user]
		}
	}
	return changed
}

func (o Observation) same(p Observation) bool {
	grades := o.Grade == p.Grade || o.Grade != nil && p.Grade != nil && *o.Grade == *p.Grade
	return grades && o.Read == p.Read && o.Why == p.Why && o.Done == p.Done && o.Passed == p.Passed && o.At.Equal(p.At) && o.Ended.Equal(p.Ended) && o.Source == p.Source
}

// Unreadable returns the number of learners for whom something could not be
// read.
func (f Findings) Unreadable() int {
	count := 0
	for _, evidence := range f {
		for _, o := range evidence {
			if !o.Read {
				count++
				break
			}
		}
	}
	return count
}

// Reading is the result of reading a course.
type Reading struct {
	Members  []Member
	Outline  Outline
	Findings Findings // of the learners
}
