package jobs

import (
	"slices"
	"time"

	"github.com/insigne-badges/insigne/badges"
)

// highestFirst orders the badges so that the higher steps of a ladder are decided
// first: who gets one of them gets none of the lower.
func (r *run) highestFirst() {
	height := map[badges.BadgeID]int{}
	for _, b := range r.active {
		height[b.ID] = len(r.steps.Below(b.ID))
	}
	slices.SortStableFunc(r.active, func(a, b badges.Badge) int { return height[b.ID] - height[a.ID] })
}

// isCovered reports whether a learner's award of a higher step leaves nothing to
// award of b.
func (r *run) isCovered(b *badges.Badge, user badges.UserID) bool {
	for _, id := range r.above[b.ID] {
		if h, holds := r.holders[id][user]; holds && h.Covers(b, r.began) {
			return true
		}
	}
	return false
}

// evidenceAfter is from when on what happened earns b: not what earned an earlier
// award of it, or of a higher step that is over.
func (r *run) evidenceAfter(b *badges.Badge, user badges.UserID) time.Time {
	after := r.holders[b.ID][user].EvidenceUntil
	for _, id := range r.above[b.ID] {
		after = badges.Later(after, r.holders[id][user].UsedUp(r.began))
	}
	return after
}

// noteDecided has the lower steps know who earns a higher one: they get nothing
// of the lower in this run. That holds also where the higher one was changed
// meanwhile and so not awarded: the next run decides all of them anew.
func (r *run) noteDecided(b *badges.Badge, batch []badges.Assertion) {
	if len(r.steps.Below(b.ID)) == 0 {
		return
	}
	for _, a := range batch {
		r.holders[b.ID][a.User] = badges.Holding{Assertion: a.ID, State: a.State, AwardedAt: r.began, EvidenceUntil: a.EvidenceUntil(r.began)}
	}
}
