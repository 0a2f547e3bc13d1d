package credential

import "github.com/insigne-badges/insigne/badges"

// Reason is one reason for an award, as text for a reader.
type Reason struct {
	Condition string // what the rule asked for
	Found     string // what was observed, when, and where it was read
}

// Reasons returns the reasons for an award from its facts. Later changes of the
// course, the rule or the grade do not affect them.
func Reasons(facts []badges.Fact, t badges.Translator) []Reason {
	var reasons []Reason
	for _, f := range facts {
		condition := f.Condition()
		reasons = append(reasons, Reason{Condition: condition.Describe(t), Found: f.Found(t)})
	}
	return reasons
}
