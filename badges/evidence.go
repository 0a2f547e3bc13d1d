package badges

import "time"

// Subject names one thing that can be observed about a learner. Activity is
// empty for the course itself.
type Subject struct {
	Kind     RuleKind
	Activity ActivityID
}

// Evidence is what was observed about one learner. What is absent was not read
// and is unknown.
type Evidence map[Subject]Observation

// Observation is one reading of a subject.
type Observation struct {
	Known  bool
	Why    string    // when not known: catalogue key of the cause, such as "unknown.activity_hidden"
	Done   bool      // completions: it is completed
	Grade  *Grade    // grades: nil when there is no grade yet
	At     time.Time // when it happened; zero when the LMS does not say
	Source string    // where it was read, such as "moodle:gradereport_user_get_grade_items"
}

// Of returns the observation of s, unknown when it was not read.
func (e Evidence) Of(s Subject) Observation {
	if o, ok := e[s]; ok {
		return o
	}
	return Observation{Why: "unknown.not_read"}
}

// Grade is a grade in its own range.
type Grade struct {
	Raw float64 `json:"raw"`
	Min float64 `json:"min"`
	Max float64 `json:"max"`
}

// Percent returns the grade as a percentage of its range; false when the range
// is empty.
func (g Grade) Percent() (float64, bool) {
	if g.Max <= g.Min {
		return 0, false
	}
	return (g.Raw - g.Min) / (g.Max - g.Min) * 100, true
}
