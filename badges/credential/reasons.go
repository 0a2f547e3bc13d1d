package credential

import "github.com/insigne-badges/insigne/badges"

// Reason is one reason for an award, in a reader's language.
type Reason struct {
	Condition string // what was asked for
	Found     string // what was observed, when, and where it was read
}

// Reasons says what earned an award. The facts are frozen: what the course, the
// rule and the grade are now makes no difference.
func Reasons(facts []badges.Fact, t badges.Translator) []Reason {
	var reasons []Reason
	for _, f := range facts {
		condition := f.Condition()
		reasons = append(reasons, Reason{Condition: condition.Describe(t), Found: f.Found(t)})
	}
	return reasons
}
