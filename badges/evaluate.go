package badges

import (
	"slices"
	"time"
)

// Verdict is the answer of a rule. It has three values.
type Verdict uint8

// The verdicts. Unknown is the zero value: something was not read, so nothing
// is decided.
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

// Explanation is a verdict with its reasons: a tree of the same shape as the
// rule.
type Explanation struct {
	Rule     *Rule
	Verdict  Verdict
	Observed Observation   // of a condition
	Of       []Explanation // of a group
}

// Evaluate returns the verdict of r on e, by Kleene's three-valued logic: a
// group is decided when its unknown members cannot change the answer.
func (r *Rule) Evaluate(e Evidence) Explanation {
	x := Explanation{Rule: r}
	if !r.IsGroup() {
		x.Observed = e.Of(r.Subject())
		x.Verdict = r.judge(&x.Observed)
		return x
	}
	x.Of = make([]Explanation, len(r.Of))
	var counts [Met + 1]int
	for i := range r.Of {
		x.Of[i] = r.Of[i].Evaluate(e)
		counts[x.Of[i].Verdict]++
	}
	switch need := r.need(); {
	case counts[Met] >= need:
		x.Verdict = Met
	case counts[Met]+counts[Unknown] < need:
		x.Verdict = Unmet
	}
	return x
}

// need returns the number of members of a group that must be met.
func (r *Rule) need() int {
	switch r.Kind {
	case Any:
		return 1
	case AtLeast:
		return r.Count
	default:
		return len(r.Of)
	}
}

// TooLate reports whether the verdict is Unmet and cannot change any more,
// because the time for what is missing has ended.
func (x *Explanation) TooLate(now time.Time) bool {
	if x.Verdict != Unmet {
		return false
	}
	if !x.Rule.IsGroup() {
		return x.Rule.ended(now)
	}
	possible := 0
	for i := range x.Of {
		if !x.Of[i].TooLate(now) {
			possible++
		}
	}
	return possible < x.Rule.need()
}

// Progress returns the progress of the learner from 0 to 1; it is 1 only if the
// rule is met. A grade counts in proportion to its threshold, a group by its
// best members.
func (x *Explanation) Progress() float64 {
	if x.Verdict == Met {
		return 1
	}
	if !x.Rule.IsGroup() {
		return x.conditionProgress()
	}
	parts := make([]float64, len(x.Of))
	for i := range x.Of {
		parts[i] = x.Of[i].Progress()
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

func (x *Explanation) conditionProgress() float64 {
	if x.Verdict == Unknown || x.Observed.Grade == nil || !x.Rule.IsGrade() {
		return 0
	}
	percent, _ := x.Observed.Grade.Percent()
	return min(max(percent/x.Rule.Percent, 0), 0.99)
}

// Leaves returns the explanations of the conditions, from left to right.
func (x *Explanation) Leaves() []*Explanation {
	if !x.Rule.IsGroup() {
		return []*Explanation{x}
	}
	var leaves []*Explanation
	for i := range x.Of {
		leaves = append(leaves, x.Of[i].Leaves()...)
	}
	return leaves
}
