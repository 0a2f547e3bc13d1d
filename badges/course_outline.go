package badges

import (
	"slices"

	"github.com/insigne-badges/insigne/internal/fault"
)

// Outline lists what the rules of a course can ask about, as last read.
type Outline struct {
	Activities []Activity
	Groups     []Group
	LineItems  []LineItem
	// Unread are the kinds of conditions whose choices could not be read,
	// because the LMS does not offer the service.
	Unread []RuleKind

	Title  string                 // of another course
	Badges []NamedBadge           // that learners of the platform can have
	Others map[ContextID]*Outline // of the other courses that may be asked about
}

// Activity is something in a course that a rule can ask about, such as a quiz.
type Activity struct {
	ID         ActivityID
	Name       string
	Module     string // the type as the LMS names it: quiz, assign, page, …
	Section    string
	Completion bool // the LMS tracks its completion
	Graded     bool // it has a grade
}

// Group is a group of a course's learners.
type Group struct {
	ID   GroupID
	Name string
}

// ColumnTag marks the line items that show who has a badge. They are no
// evidence.
const ColumnTag = "insigne"

// LineItem is a gradebook column that Insigne owns.
type LineItem struct {
	ID   LineItemID
	Name string
}

// NamedBadge is a badge that the rule of another badge may ask for.
type NamedBadge struct {
	ID   BadgeID
	Name string
}

// Without returns o without a badge: the rule of a badge cannot ask for that
// badge itself.
func (o *Outline) Without(badge BadgeID) *Outline {
	others := *o
	others.Badges = slices.DeleteFunc(slices.Clone(o.Badges), func(b NamedBadge) bool { return b.ID == badge })
	return &others
}

// CheckAgainst returns fault.Invalid for the first condition of r that nobody
// can meet: what it asks about is gone, is not graded, or is not tracked. The
// error names the condition.
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

// impossible returns the catalogue key of the reason why nobody can meet the
// condition; empty if somebody can.
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
// groups have other ids. Each condition then asks about the thing with the same
// name, if there is exactly one. Otherwise the condition stays as it was and
// CheckAgainst reports it. Conditions about other courses and badges stay too.
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

// only returns the element that matches; false unless there is exactly one.
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
