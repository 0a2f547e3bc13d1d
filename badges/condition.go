package badges

import (
	"time"

	"github.com/insigne-badges/insigne/internal/fault"
)

// The kinds of conditions. A condition asks about a learner.
const (
	CourseCompleted   RuleKind = "course_completed"
	CourseGrade       RuleKind = "course_grade" // the course total is at least Percent of its range
	ActivityCompleted RuleKind = "activity_completed"
	ActivityPassed    RuleKind = "activity_passed" // completed, with a passing grade
	ActivityGrade     RuleKind = "activity_grade"  // at least Percent of its range
	LineItemGrade     RuleKind = "line_item_grade" // at least Percent of the range of a line item that Insigne owns
	GroupMember       RuleKind = "group_member"
	BadgeHeld         RuleKind = "badge_held" // the learner has another badge, claimed or not
	ByHand            RuleKind = "by_hand"    // only a teacher decides; never part of a group
)

// demand lists what a kind of condition needs to be complete.
type demand struct {
	id      func(*Rule) string // returns the id of what it asks about; nil: it needs none
	lacks   string             // catalogue key for an empty id
	percent bool
	timed   bool // is an event, so that From and Until have a meaning
	local   bool // can ask only about the badge's own course
}

func activityOf(r *Rule) string { return string(r.Activity) }
func lineItemOf(r *Rule) string { return string(r.LineItem) }
func groupOf(r *Rule) string    { return string(r.Group) }
func badgeOf(r *Rule) string    { return string(r.Badge) }

// ids returns the number of ids that are set.
func (r *Rule) ids() int {
	count := 0
	for _, id := range []string{string(r.Activity), string(r.LineItem), string(r.Group), string(r.Badge)} {
		if id != "" {
			count++
		}
	}
	return count
}

// demandOf returns what a kind needs; false if the kind is not a condition.
func demandOf(kind RuleKind) (demand, bool) {
	switch kind {
	case CourseCompleted:
		return demand{timed: true}, true
	case CourseGrade:
		return demand{percent: true, timed: true}, true
	case ActivityCompleted, ActivityPassed:
		return demand{id: activityOf, lacks: "rule.activity_missing", timed: true}, true
	case ActivityGrade:
		return demand{id: activityOf, lacks: "rule.activity_missing", percent: true, timed: true}, true
	case LineItemGrade:
		return demand{id: lineItemOf, lacks: "rule.line_item_missing", percent: true, local: true}, true
	case GroupMember:
		return demand{id: groupOf, lacks: "rule.group_missing", local: true}, true
	case BadgeHeld:
		return demand{id: badgeOf, lacks: "rule.badge_missing", timed: true, local: true}, true
	case ByHand:
		return demand{local: true}, true
	case All, Any, AtLeast:
	}
	return demand{}, false
}

// validateCondition also makes the names carriable: they are names that an LMS gave,
// from a form or from the file of another course.
func (r *Rule) validateCondition() error {
	r.Name, r.CourseName = CarriedName(r.Name), CarriedName(r.CourseName)
	want, ok := demandOf(r.Kind)
	switch {
	case !ok:
		return fault.New(fault.Invalid, "rule.kind_unknown").With("Kind", string(r.Kind))
	case want.id != nil && want.id(r) == "":
		return fault.New(fault.Invalid, want.lacks)
	case len(r.Of) > 0 || r.Count != 0 || r.ids() > 1 || (want.id == nil && r.ids() > 0):
		return fault.New(fault.Invalid, "rule.unreadable")
	case want.percent && (!(r.Percent > 0) || r.Percent > 100), !want.percent && r.Percent != 0:
		return fault.New(fault.Invalid, "rule.percent_out_of_range")
	case want.local && r.Course != "":
		return fault.New(fault.Invalid, "rule.course_not_askable")
	case !want.timed && (!r.From.IsZero() || !r.Until.IsZero()):
		return fault.New(fault.Invalid, "rule.window_not_askable")
	case !r.From.IsZero() && !r.Until.IsZero() && !r.From.Before(r.Until):
		return fault.New(fault.Invalid, "rule.window_empty")
	}
	return nil
}

// Subject returns what has to be observed for a condition. Two conditions may
// have the same subject: whether an activity was completed, and whether it was
// passed.
func (r *Rule) Subject() Subject {
	s := Subject{Kind: r.Kind, Course: r.Course}
	if want, ok := demandOf(r.Kind); ok && want.id != nil {
		s.ID = want.id(r)
	}
	if r.Kind == ActivityPassed {
		s.Kind = ActivityCompleted
	}
	return s
}

// IsGrade reports whether a condition compares a percentage.
func (r *Rule) IsGrade() bool {
	want, _ := demandOf(r.Kind)
	return want.percent
}

// judge returns the verdict of a condition on an observation. If it is Unknown,
// judge writes the reason into o.
func (r *Rule) judge(o *Observation) Verdict {
	switch {
	case r.IsByHand():
		return Unmet
	case !o.Read:
		return Unknown
	}
	v := r.reached(o)
	if v != Met || (r.From.IsZero() && r.Until.IsZero()) {
		return v
	}
	if o.At.IsZero() {
		o.Why = "unknown.moment"
		return Unknown
	}
	if o.At.Before(r.From) || (!r.Until.IsZero() && !o.At.Before(r.Until)) {
		return Unmet
	}
	return Met
}

// gradeTolerance allows for the rounding of percentages. It is far below the
// five decimals that an LMS stores.
const gradeTolerance = 1e-7

// reached returns the verdict of a condition without regard to time.
func (r *Rule) reached(o *Observation) Verdict {
	met := o.Done
	switch {
	case r.Kind == ActivityPassed:
		met = o.Passed
	case r.IsGrade():
		if o.Grade == nil {
			return Unmet
		}
		percent, ok := o.Grade.Percent()
		if !ok {
			o.Why = "unknown.grade_without_range"
			return Unknown
		}
		met = percent >= r.Percent-gradeTolerance
	}
	if met {
		return Met
	}
	return Unmet
}

// ended reports whether the condition's time has ended: nothing that happens
// from now on can meet it.
func (r *Rule) ended(now time.Time) bool { return !r.Until.IsZero() && !now.Before(r.Until) }
