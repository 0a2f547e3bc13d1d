package badges

import "slices"

// Verdict is the three-valued answer of a rule.
type Verdict uint8

// Unknown is the zero value: what nobody looked at decides nothing.
const (
	Unknown Verdict = iota
	Unmet
	Met
)

func (v Verdict) String() string {
	switch v {
	case Met:
		return "met"
	case Unmet:
		return "unmet"
	default:
		return "unknown"
	}
}

// Explanation is a verdict with its reasons, a tree of the rule's shape.
type Explanation struct {
	Rule     Rule
	Verdict  Verdict
	Observed Observation   // of a condition
	Of       []Explanation // of a group
}

// gradeTolerance absorbs the rounding of percentages, far below the five
// decimals an LMS stores.
const gradeTolerance = 1e-7

// Evaluate decides r on e, with Kleene's three-valued logic: a group is
// decided as soon as its unknown members cannot change the answer.
func (r Rule) Evaluate(e Evidence) Explanation {
	if !r.IsGroup() {
		return r.evaluateCondition(e)
	}
	x := Explanation{Rule: r}
	counts := map[Verdict]int{}
	for _, child := range r.Of {
		c := child.Evaluate(e)
		counts[c.Verdict]++
		x.Of = append(x.Of, c)
	}
	switch need := r.need(); {
	case counts[Met] >= need:
		x.Verdict = Met
	case counts[Met]+counts[Unknown] < need:
		x.Verdict = Unmet
	}
	return x
}

// need returns how many members of a group must be met.
func (r Rule) need() int {
	switch r.Kind {
	case Any:
		return 1
	case AtLeast:
		return r.Count
	default:
		return len(r.Of)
	}
}

func (r Rule) evaluateCondition(e Evidence) Explanation {
	o := e.Of(r.Subject())
	x := Explanation{Rule: r, Observed: o}
	if !o.Known {
		return x
	}
	x.Verdict = Unmet
	if r.Kind != ActivityGrade {
		if o.Done {
			x.Verdict = Met
		}
		return x
	}
	if o.Grade == nil {
		return x
	}
	switch percent, ok := o.Grade.Percent(); {
	case !ok:
		x.Verdict = Unknown
		x.Observed.Why = "unknown.grade_without_range"
	case percent >= r.Percent-gradeTolerance:
		x.Verdict = Met
	}
	return x
}

// Progress says how far the learner is, from 0 to 1; 1 exactly when met. A
// grade counts in proportion to its threshold, a group by its best members.
func (x Explanation) Progress() float64 {
	if x.Verdict == Met {
		return 1
	}
	if !x.Rule.IsGroup() {
		return x.conditionProgress()
	}
	parts := make([]float64, len(x.Of))
	for i, child := range x.Of {
		parts[i] = child.Progress()
	}
	slices.Sort(parts)
	slices.Reverse(parts)
	need := x.Rule.need()
	sum := 0.0
	for _, p := range parts[:need] {
		sum += p
	}
	return min(sum/float64(need), 0.99)
}

func (x Explanation) conditionProgress() float64 {
	if x.Verdict == Unknown || x.Observed.Grade == nil {
		return 0
	}
	percent, _ := x.Observed.Grade.Percent()
	return min(max(percent/x.Rule.Percent, 0), 0.99)
}

// Leaves returns the explained conditions, left to right.
func (x Explanation) Leaves() []Explanation {
	if !x.Rule.IsGroup() {
		return []Explanation{x}
	}
	var leaves []Explanation
	for _, child := range x.Of {
		leaves = append(leaves, child.Leaves()...)
	}
	return leaves
}
