package store

import (
	"context"

	"github.com/insigne-badges/insigne/badges"
)

// HoldersSince implements evidence.Store: for each learner who has or had a
// badge or a higher step of it, since when they have it and when it expired.
// Awards that are withheld, withdrawn, revoked or erased do not count.
func (r reads) HoldersSince(ctx context.Context, platform badges.PlatformID, badge badges.BadgeID) (map[badges.UserID]badges.Tenure, error) {
	rows, err := r.q.QueryContext(ctx, `
		with recursive steps(id) as (select $2 union select b.id from badges b join steps s on b.step_after = s.id)
		select id, user_id, awarded_at, expires_at, replaced_by from assertions
		where platform_id = $1 and badge_id in (select id from steps) and state not in ($3, $4, $5, $6) and replaced_from <> $5 order by awarded_at, id`,
		platform, badge, badges.Withdrawn, badges.Revoked, badges.Withheld, badges.Erased)
	now := r.clock()
	list, err := all(rows, err, func(row row) (holding, error) {
		var h holding
		var since, ends instant
		err := row.Scan(&h.id, &h.user, &since, &ends, &h.by)
		h.Since = since.Time
		if !ends.IsZero() && !now.Before(ends.Time) {
			h.Ended = ends.Time
		}
		return h, err
	})
	if err != nil {
		return nil, err
	}
	return tenures(list), nil
}

// holding is one award for tenures.
type holding struct {
	id   badges.AssertionID
	user badges.UserID
	badges.Tenure
	by badges.AssertionID // the award that replaced it
}

// tenures returns the tenure of each learner from their awards of a badge and
// its higher steps, the oldest first. A replaced award lasts as long as the
// award that replaced it.
func tenures(list []holding) map[badges.UserID]badges.Tenure {
	byID := map[badges.AssertionID]holding{}
	for _, h := range list {
		byID[h.id] = h
	}
	found := make(map[badges.UserID]badges.Tenure, len(list))
	for _, h := range list {
		for by := h.by; by != ""; by = byID[by].by { // always to a higher step, so the loop ends
			h.Ended = byID[by].Ended
		}
		before, held := found[h.user]
		if !held || before.Ended.Before(h.Ended) || h.Ended.IsZero() && !before.Ended.IsZero() {
			found[h.user] = h.Tenure
		}
	}
	return found
}
