package teacher

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/page"
)

// previewCourse is what a preview needs of a course.
type previewCourse struct {
	learners []badges.Member
	findings badges.Findings
	cases    badges.Cases // with the previewed rule
	saved    badges.Cases // with the saved rule
	now      time.Time
}

// previewCourse reads the course in the LMS, or returns the last reading if kept is
// true. It leaves out teachers. It returns the course with the error if the error says
// why nobody can meet the rule.
func (h *Handler) previewCourse(ctx context.Context, who page.Session, of previewRequest, kept bool) (previewCourse, error) {
	reading, err := h.readFor(ctx, who.Course, of, kept)
	if err != nil {
		return previewCourse{}, err
	}
	badge, course := of.previewedBadge(), previewCourse{findings: reading.Findings, now: h.Now()}
	var register badges.Register
	if of.badge != nil {
		if register, err = h.Store.Register(ctx, who.Course, badge.ID); err != nil {
			return previewCourse{}, err
		}
		course.saved = register.Cases(of.badge)
	}
	course.cases = register.Cases(&badge)
	course.learners = slices.DeleteFunc(reading.Members, func(m badges.Member) bool { return m.Teaches })
	if err := h.addOtherCourses(ctx, who, badge.ID, &reading.Outline); err != nil {
		return previewCourse{}, err
	}
	return course, of.rule.CheckAgainst(&reading.Outline)
}

// readFor reads what the rule asks about and stores it, so that the further pages, and
// the learners' own pages, show the same.
func (h *Handler) readFor(ctx context.Context, course badges.CourseKey, of previewRequest, kept bool) (badges.Reading, error) {
	if kept {
		return h.Store.Reading(ctx, course)
	}
	list, err := h.Store.BadgesOf(ctx, course)
	if err != nil {
		return badges.Reading{}, err
	}
	badge := of.previewedBadge()
	subjects := badges.NewRegister(list).Cases(&badge).Subjects()
	if of.badge != nil {
		subjects = append(subjects, of.badge.Current.Rule.Subjects()...)
	}
	reading, err := h.Evidence.Read(ctx, course, subjects)
	if err != nil {
		return badges.Reading{}, err
	}
	if err := h.Store.Tx(ctx, func(tx *store.Tx) error { return tx.SaveReading(ctx, course, reading) }); err != nil {
		return badges.Reading{}, err
	}
	members, err := h.Store.Members(ctx, course)
	if err != nil {
		return badges.Reading{}, err
	}
	listed := make(map[badges.UserID]bool, len(reading.Members))
	for _, m := range reading.Members {
		listed[m.User] = true
	}
	// Stored members also say who taught the course at any time before.
	reading.Members = slices.DeleteFunc(members, func(m badges.Member) bool { return !listed[m.User] })
	return reading, nil
}

// outlooks returns the outlooks of the learners, those closest to the badge first.
func (c previewCourse) outlooks() []badges.Outlook {
	list := make([]badges.Outlook, len(c.learners))
	for i, m := range c.learners {
		list[i] = c.cases.Of(m, c.findings[m.User]).Outlook(c.now)
	}
	slices.SortStableFunc(list, func(a, b badges.Outlook) int {
		return cmp.Or(cmp.Compare(b.Progress(), a.Progress()), strings.Compare(a.Member.Name, b.Member.Name))
	})
	return list
}

// previewChanges has the learners who would be awarded the badge only by the edited
// rule, and those only by the saved one.
type previewChanges struct {
	Gained, Lost           []string
	MoreGained, MoreLost   int // learners that are not listed
	GainedCount, LostCount int
}

// changes compares the previewed rule with the saved rule.
func (c previewCourse) changes() *previewChanges {
	changes := &previewChanges{}
	for _, m := range c.learners {
		earns := func(cases badges.Cases) bool {
			return cases.Of(m, c.findings[m.User]).Outlook(c.now).Standing == badges.Earns
		}
		switch before, after := earns(c.saved), earns(c.cases); {
		case after && !before:
			changes.Gained = append(changes.Gained, m.Name)
		case before && !after:
			changes.Lost = append(changes.Lost, m.Name)
		}
	}
	changes.GainedCount, changes.LostCount = len(changes.Gained), len(changes.Lost)
	changes.MoreGained, changes.MoreLost = max(0, changes.GainedCount-changesToName), max(0, changes.LostCount-changesToName)
	changes.Gained = changes.Gained[:changes.GainedCount-changes.MoreGained]
	changes.Lost = changes.Lost[:changes.LostCount-changes.MoreLost]
	return changes
}
