package learner

import (
	"context"
	"slices"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/view"
)

// progressBadge is a badge that a learner does not have, with their progress towards
// it.
type progressBadge struct {
	Badge    view.Badge
	Percent  int
	Criteria []view.Criterion
	Why      string    // why the learner cannot earn it; empty when they can
	Since    time.Time // what was done before this does not count, because the learner had the badge or a higher step; zero: everything counts
	Then     []string  // names of the following steps
	Jury     bool      // a teacher decides who gets it

	badge  badges.BadgeID
	ladder ladder
	height int
}

// progress returns the badges that the learner can earn, also again, and those that
// they cannot earn, with the reasons. It uses the last reading and returns its time.
func (h *Handler) progress(ctx context.Context, course badges.CourseKey, about subject, locale templates.Locale) ([]progressBadge, time.Time, error) {
	register, err := h.Store.RegisterOf(ctx, course, about.User)
	if err != nil {
		return nil, time.Time{}, err
	}
	member, err := h.Store.Member(ctx, course, about.User)
	if err != nil {
		return nil, time.Time{}, err
	}
	observed, readAt, err := h.Store.Evidence(ctx, course, about.User)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, time.Time{}, err
	}
	var list []progressBadge
	for i := range register.Badges {
		b := &register.Badges[i]
		steps := register.Steps.Ladder(b.ID)
		if b.State != badges.On || about.Only != "" && !slices.Contains(steps, about.Only) {
			continue
		}
		o := register.Cases(b).Of(member, observed).AsLearner().Outlook(h.Now())
		if !showsProgress(&o) {
			continue
		}
		badge, err := h.Views.BadgeVersion(ctx, b.Current, locale)
		if err != nil {
			return nil, time.Time{}, err
		}
		p := progressBadge{
			Badge: badge, Percent: int(o.Progress() * 100), Criteria: view.OpenCriteria(&o, locale), Since: o.EvidenceAfter, Jury: b.Jury,
			badge: b.ID, ladder: ladder{course, steps[0]}, height: slices.Index(steps, b.ID),
		}
		if o.Standing == badges.Cannot {
			p.Why = locale.T(whyKey(o.Why, about.Own), nil)
		}
		list = append(list, p)
	}
	list = nextSteps(list)
	slices.SortStableFunc(list, func(a, b progressBadge) int { return b.Percent - a.Percent })
	return list, readAt, nil
}

// separateClosed separates the badges that can be earned from the others.
func separateClosed(list []progressBadge) (open, closed []progressBadge) {
	for _, p := range list {
		if p.Why == "" {
			open = append(open, p)
		} else {
			closed = append(closed, p)
		}
	}
	return open, closed
}

// showsProgress reports whether a learner's page shows the progress towards a badge. It does
// not if the award on the same page says enough: the learner has the badge, declined
// it, or it was revoked. It does not show a step if the learner has a higher one.
func showsProgress(o *badges.Outlook) bool {
	switch o.Standing {
	case badges.Above:
		return false
	case badges.Holds:
		return o.Why == "" && o.Explanation.Verdict != badges.Met
	case badges.Cannot:
		return o.Why != badges.WhyDeclined && (o.Why != badges.WhyTakenBack || o.Last.State != badges.Revoked)
	case badges.Earns, badges.Close, badges.NotYet, badges.Undecided:
	}
	return true
}

// whyKey returns the catalogue key of a reason, as it is said to the learner (own) or
// to others.
func whyKey(why badges.Reason, own bool) string {
	if own {
		return "cannot_you." + string(why)
	}
	return why.Key()
}
