package badges

import (
	"slices"

	"github.com/insigne-badges/insigne/internal/fault"
)

// Outline is what rules of a course can ask about, as last read.
type Outline struct {
	Activities []Activity
	Groups     []Group
	LineItems  []LineItem
	// Unread are the kinds of conditions that nothing is known about, because
	// the LMS does not offer the service that tells.
	Unread []RuleKind

	Title  string                 // of another course
	Badges []NamedBadge           // that learners of the platform can hold
	Others map[ContextID]*Outline // of the other courses that may be asked about
}

// Activity is something in a course that a rule can ask about.
type Activity struct {
	ID         ActivityID
	Name       string
	Module     string // quiz, assign, page, … as the LMS names the type
	Section    string
	Completion bool // its completion is tracked
	Graded     bool // it has a grade of its own
}

// Group is a group of a course's learners.
type Group struct {
	ID   GroupID
	Name string
}

// ColumnTag marks the line items that show who holds a badge. They are no
// evidence.
const ColumnTag = "insigne"

// LineItem is a column of the gradebook that belongs to Insigne.
type LineItem struct {
	ID   LineItemID
	Name string
}

// NamedBadge is a badge that another may ask for.
type NamedBadge struct {
	ID   BadgeID
	Name string
}

// Without is o as the rule of one of its badges sees it, which cannot ask for that
// badge itself.
func (o *Outline) Without(badge BadgeID) *Outline {
	others := *o
	others.Badges = slices.DeleteFunc(slices.Clone(o.Badges), func(b NamedBadge) bool { return b.ID == badge })
	return &others
}

// CheckAgainst reports the first condition of r that the course can never
// satisfy: what it asks about is gone, is not graded, or is not tracked. The
// error is fault.Invalid and names it.
func (r *Rule) CheckAgainst(o *Outline) error {
	for _, c := range r.Conditions() {
		in, ok := o, true
		if c.Course != "" {
			in, ok = o.Others[c.Course]
		}
		key := "rule.course_gone"
		if ok {
			key = c.impossible(in)
		}
		if key != "" {
			return fault.New(fault.Invalid, key).With("Name", c.Name).With("Course", c.CourseName)
		}
	}
	return nil
}

// impossible returns the catalogue key of why a condition cannot be met.
func (r *Rule) impossible(o *Outline) string {
	switch r.Kind {
	case ActivityCompleted, ActivityPassed, ActivityGrade:
		return r.impossibleActivity(o.Activities)
	case LineItemGrade:
		return missing(o.LineItems, func(i LineItem) bool { return i.ID == r.LineItem }, "rule.line_item_gone")
	case GroupMember:
		return missing(o.Groups, func(g Group) bool { return g.ID == r.Group }, "rule.group_gone")
	case BadgeHeld:
		return missing(o.Badges, func(b NamedBadge) bool { return b.ID == r.Badge }, "rule.badge_gone")
	case CourseCompleted, CourseGrade, ByHand, All, Any, AtLeast:
	}
	return ""
}

func missing[T any](list []T, is func(T) bool, key string) string {
	for _, t := range list {
		if is(t) {
			return ""
		}
	}
	return key
}

func (r *Rule) impossibleActivity(list []Activity) string {
	for _, a := range list {
		switch {
		case a.ID != r.Activity:
			continue
		case r.Kind == ActivityGrade && !a.Graded:
			return "rule.not_graded"
		case r.Kind != ActivityGrade && !a.Completion:
			return "rule.completion_off"
		case r.Kind == ActivityPassed && !a.Graded:
			return "rule.not_passable"
		}
		return ""
	}
	return "rule.activity_gone"
}

// MovedTo returns the rule for a copy of its course, where activities and
// groups have other ids: each condition asks about that of the same name, if
// there is exactly one. What is not found stays as it was, for CheckAgainst to
// tell; other courses and badges are not copied.
func (r *Rule) MovedTo(o *Outline) Rule {
	moved := *r
	if r.IsGroup() {
		moved.Of = make([]Rule, len(r.Of))
		for i := range r.Of {
			moved.Of[i] = r.Of[i].MovedTo(o)
		}
		return moved
	}
	if r.Course != "" {
		return moved
	}
	if a, ok := only(o.Activities, func(a Activity) bool { return a.Name == r.Name }); ok && r.Activity != "" {
		moved.Activity = a.ID
	}
	if g, ok := only(o.Groups, func(g Group) bool { return g.Name == r.Name }); ok && r.Group != "" {
		moved.Group = g.ID
	}
	if i, ok := only(o.LineItems, func(i LineItem) bool { return i.Name == r.Name }); ok && r.LineItem != "" {
		moved.LineItem = i.ID
	}
	return moved
}

// only returns the element that is as wanted, if no other is.
func only[T any](list []T, is func(T) bool) (found T, ok bool) {
	count := 0
	for _, t := range list {
		if is(t) {
			found = t
			count++
		}
	}
	return found, count == 1
}
