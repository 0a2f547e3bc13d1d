package teacher

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/page"
)

// optionGroup is a group of options of the same kind that a condition can ask about.
type optionGroup struct {
	Label   string
	Options []option
}

type option struct {
	Value, Text string
}

// courseOutline reads what rules of the course can ask about. If the LMS does not
// answer, it returns the outline of the last reading together with the error. badge is
// the one that is edited: it is left out, because it cannot ask about itself.
func (h *Handler) courseOutline(ctx context.Context, who page.Session, badge badges.BadgeID) (*badges.Outline, error) {
	live, err := h.Evidence.Outline(ctx, who.Course)
	if err != nil {
		kept, keptErr := h.keptOutline(ctx, who, badge)
		return kept, errors.Join(err, keptErr)
	}
	return &live, h.addOtherCourses(ctx, who, badge, &live)
}

// keptOutline returns the outline of the last reading.
func (h *Handler) keptOutline(ctx context.Context, who page.Session, badge badges.BadgeID) (*badges.Outline, error) {
	kept, err := h.Store.Outline(ctx, who.Course)
	if err != nil {
		return &badges.Outline{}, err
	}
	return &kept, h.addOtherCourses(ctx, who, badge, &kept)
}

// addOtherCourses adds to outline what rules can ask about outside the course: the other
// courses that the teacher teaches, and the badges of all these courses.
func (h *Handler) addOtherCourses(ctx context.Context, who page.Session, badge badges.BadgeID, outline *badges.Outline) error {
	taught, err := h.Store.TaughtCourses(ctx, who.Course.Platform, who.User)
	if err != nil {
		return err
	}
	outline.Others = map[badges.ContextID]*badges.Outline{}
	for _, c := range taught {
		list, err := h.Store.Badges(ctx, c.CourseKey)
		if err != nil {
			return err
		}
		for _, b := range list {
			if b.ID != badge {
				outline.Badges = append(outline.Badges, badges.NamedBadge{ID: b.ID, Name: b.Current.Name})
			}
		}
		if c.Context == who.Course.Context {
			continue
		}
		other, err := h.Store.Outline(ctx, c.CourseKey)
		if err != nil {
			return err
		}
		other.Title = c.Title
		outline.Others[c.Context] = &other
	}
	return nil
}

// conditionOptions returns the options of a condition: what this course can answer, and what the
// rule asks about although it is gone.
func conditionOptions(o *badges.Outline, rule badges.Rule, locale templates.Locale) []optionGroup {
	text := func(r badges.Rule) option { return option{conditionValue(r), conditionText(r, locale)} }
	var list []optionGroup
	add := func(key string, options []option) {
		if len(options) > 0 {
			list = append(list, optionGroup{locale.T(key, nil), options})
		}
	}
	var course, completed, passed, graded, items, groups, badgesEarned, elsewhere []option
	if !slices.Contains(o.Unread, badges.CourseCompleted) {
		course = []option{text(badges.Rule{Kind: badges.CourseCompleted}), text(badges.Rule{Kind: badges.CourseGrade})}
	}
	for _, a := range o.Activities {
		if a.Completion {
			completed = append(completed, text(badges.Rule{Kind: badges.ActivityCompleted, Activity: a.ID, Name: a.Name}))
		}
		if a.Completion && a.Graded {
			passed = append(passed, text(badges.Rule{Kind: badges.ActivityPassed, Activity: a.ID, Name: a.Name}))
		}
		if a.Graded {
			graded = append(graded, text(badges.Rule{Kind: badges.ActivityGrade, Activity: a.ID, Name: a.Name}))
		}
	}
	for _, i := range o.LineItems {
		items = append(items, text(badges.Rule{Kind: badges.LineItemGrade, LineItem: i.ID, Name: i.Name}))
	}
	for _, g := range o.Groups {
		groups = append(groups, text(badges.Rule{Kind: badges.GroupMember, Group: g.ID, Name: g.Name}))
	}
	for _, b := range o.Badges {
		badgesEarned = append(badgesEarned, text(badges.Rule{Kind: badges.BadgeHeld, Badge: b.ID, Name: b.Name}))
	}
	for _, id := range slices.Sorted(maps.Keys(o.Others)) {
		name := o.Others[id].Title
		elsewhere = append(
			elsewhere, text(badges.Rule{Kind: badges.CourseCompleted, Course: id, CourseName: name}),
			text(badges.Rule{Kind: badges.CourseGrade, Course: id, CourseName: name}))
	}
	add("teacher.condition_course", course)
	add("teacher.condition_completed", completed)
	add("teacher.condition_passed", passed)
	add("teacher.condition_grade", graded)
	add("teacher.condition_line_item", items)
	add("teacher.condition_group", groups)
	add("teacher.condition_badge", badgesEarned)
	add("teacher.condition_elsewhere", elsewhere)
	add("teacher.condition_gone", goneConditions(list, rule, text))
	return list
}

// goneConditions returns options for the conditions of rule that are not in list.
func goneConditions(list []optionGroup, rule badges.Rule, text func(badges.Rule) option) []option {
	offered := map[string]bool{}
	for _, group := range list {
		for _, o := range group.Options {
			offered[o.Value] = true
		}
	}
	var options []option
	for _, c := range rule.Conditions() {
		if o := text(c); !c.IsGroup() && !c.IsByHand() && !offered[o.Value] {
			offered[o.Value] = true
			options = append(options, o)
		}
	}
	return options
}

// conditionText returns the text of a condition without its percentage, which is in a field
// beside it.
func conditionText(r badges.Rule, locale templates.Locale) string {
	key := "option." + string(r.Kind)
	if r.Course != "" {
		key += "_elsewhere"
	}
	return strings.TrimSpace(locale.T(key, map[string]any{"Name": r.Name, "Course": r.CourseName}))
}

// offeredNames returns names by condition value, and the titles of other courses by
// their id.
func offeredNames(o *badges.Outline) map[string]string {
	names := map[string]string{}
	name := func(r badges.Rule, name string) { names[conditionValue(r)] = name }
	for _, a := range o.Activities {
		for _, kind := range []badges.RuleKind{badges.ActivityCompleted, badges.ActivityPassed, badges.ActivityGrade} {
			name(badges.Rule{Kind: kind, Activity: a.ID}, a.Name)
		}
	}
	for _, i := range o.LineItems {
		name(badges.Rule{Kind: badges.LineItemGrade, LineItem: i.ID}, i.Name)
	}
	for _, g := range o.Groups {
		name(badges.Rule{Kind: badges.GroupMember, Group: g.ID}, g.Name)
	}
	for _, b := range o.Badges {
		name(badges.Rule{Kind: badges.BadgeHeld, Badge: b.ID}, b.Name)
	}
	for id, other := range o.Others {
		names[string(id)] = other.Title
	}
	return names
}
