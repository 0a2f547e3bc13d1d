package badges

import "time"

// Subject names one thing that can be observed about a learner.
type Subject struct {
	Kind   RuleKind
	Course ContextID // another course than the badge's own; empty: that one
	ID     string    // of the activity, line item, group or badge; empty for the course itself
}

// Evidence is what was observed about one learner. What is absent was not read
// and is unknown.
type Evidence map[Subject]Observation

// Observation is one reading of a subject.
type Observation struct {
	Read   bool
	Why    string    // when not known: catalogue key of the cause, such as "unknown.activity_hidden"
	Done   bool      // completions: it is completed; groups and badges: the learner has it
	Passed bool      // completions of activities: with a passing grade
	Grade  *Grade    // grades: nil when there is no grade yet
	At     time.Time // when it happened; zero when the LMS does not say
	Ended  time.Time // badges held: when the last award expired; zero while one is valid
	Source string    // where it was read, such as SourceGrades
}

// Of returns the observation of s, unknown when it was not read.
func (e Evidence) Of(s Subject) Observation {
	if o, ok := e[s]; ok {
		return o
	}
	return Observation{Why: "unknown.not_read"}
}

// Tenure is since when somebody holds a badge, or until when they did.
type Tenure struct {
	Since time.Time
	Ended time.Time // when the last award expired; zero while one is valid
}

// Grade is a grade in its own range.
type Grade struct {
	Raw float64
	Min float64
	Max float64
}

// Percent returns the grade as a percentage of its range; false when the range
// is empty.
func (g Grade) Percent() (float64, bool) {
	if !(g.Max > g.Min) {
		return 0, false
	}
	return (g.Raw - g.Min) / (g.Max - g.Min) * 100, true
}

// Findings are what was observed of the learners that were asked about.
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

// Of returns what was observed of a learner, unknown when it was not read.
func (f Findings) Of(user UserID, s Subject) Observation { return f[user].Of(s) }

// Update adds what was newly observed and returns, of the learners about whom
// that changes something, all that is known. What cannot be read any more
// becomes unknown. Now belongs to f afterwards.
func (f Findings) Update(now Findings) (changed Findings) {
	changed = Findings{}
	for user, evidence := range now {
		if f[user] == nil { // shared, not copied: there may be many
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

// Unreadable counts the learners of whom something asked for is unknown.
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

// Reading is what was found in a course.
type Reading struct {
	Members  []Member
	Outline  Outline
	Findings Findings // of the learners
}
