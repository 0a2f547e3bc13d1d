package learner

import (
	"context"
	"slices"

	"github.com/insigne-badges/insigne/badges"
)

// ladders caches the steps of each course that a page is about.
type ladders map[badges.CourseKey]badges.Steps

func (h *Handler) stepsIn(ctx context.Context, cache ladders, course badges.CourseKey) (badges.Steps, error) {
	if steps, read := cache[course]; read {
		return steps, nil
	}
	steps, err := h.Store.Steps(ctx, course)
	if err == nil {
		cache[course] = steps
	}
	return steps, err
}

// byLadder joins the steps of each ladder into one entry: the step that counts now,
// with the others in its Steps.
func byLadder(list []earnedBadge) []earnedBadge {
	at := map[ladder]int{}
	var entries []earnedBadge
	for _, e := range list {
		i, seen := at[e.ladder]
		switch {
		case !seen:
			at[e.ladder] = len(entries)
			entries = append(entries, e)
		case e.counts(entries[i]):
			e.Steps = append([]earnedBadge{entries[i]}, entries[i].Steps...)
			e.Steps[0].Steps = nil
			entries[i] = e
		default:
			entries[i].Steps = append(entries[i].Steps, e)
		}
	}
	for i := range entries {
		slices.SortStableFunc(entries[i].Steps, func(a, b earnedBadge) int { return b.height - a.height })
	}
	return entries
}

// ladder identifies a ladder by its lowest step.
type ladder struct {
	course badges.CourseKey
	first  badges.BadgeID
}

// counts reports whether e counts rather than other, another step of its ladder. The
// highest step that is in force counts; if none is in force, the highest.
func (e earnedBadge) counts(other earnedBadge) bool {
	if a, b := e.inForce(), other.inForce(); a != b {
		return a
	}
	return e.height > other.height
}

func (e earnedBadge) inForce() bool {
	return e.State.InForce() && !e.Expired
}

// nextSteps keeps only the lowest step of each ladder in list, and puts the names of
// the others into its Then. It does this for the steps that can be earned, and for
// those that cannot be earned for the same reason.
func nextSteps(list []progressBadge) []progressBadge {
	slices.SortStableFunc(list, func(a, b progressBadge) int { return a.height - b.height })
	type group struct {
		ladder
		why string
	}
	at := map[group]int{}
	var next []progressBadge
	for _, p := range list {
		of := group{p.ladder, p.Why}
		i, seen := at[of]
		if !seen {
			at[of] = len(next)
			next = append(next, p)
			continue
		}
		next[i].Then = append(next[i].Then, p.Badge.Name)
	}
	return next
}

// joinNextSteps puts the step that can be earned next into the Next of the earned step of
// its ladder. It returns the badges for which there is none.
func joinNextSteps(earned []earnedBadge, progress []progressBadge) []progressBadge {
	var rest []progressBadge
	for _, p := range progress {
		i := slices.IndexFunc(earned, func(e earnedBadge) bool {
			return e.ladder == p.ladder && e.badge != p.badge && e.height < p.height && e.inForce()
		})
		if i < 0 || p.Why != "" {
			rest = append(rest, p)
			continue
		}
		earned[i].Next = &p
	}
	return rest
}
