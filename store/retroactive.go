package store

import (
	"context"
	"fmt"
	"strconv"

	"github.com/insigne-badges/insigne/badges"
)

// SetRetroactive stores what learners get who meet a badge's rule already, just
// before the badge is switched on. The next reading carries it out. It does
// nothing if the badge is on and the choice is the same.
func (tx *Tx) SetRetroactive(ctx context.Context, key badges.CourseKey, id badges.BadgeID, choice badges.Retroactive, by badges.UserID) error {
	b, err := tx.lockedBadge(ctx, key, id)
	if err != nil || b.State == badges.On && b.Retroactive == choice {
		return err
	}
	result, err := tx.q.ExecContext(ctx, `update badges set earlier = $4, settled_at = null where platform_id = $1 and context_id = $2 and id = $3`,
		key.Platform, key.Context, id, choice)
	if err := one(result, err, "badge"); err != nil {
		return err
	}
	e := badges.AuditEntry{Course: key, Actor: string(by), Action: badges.RetroactiveChosen, Object: string(id), New: string(choice)}
	if b.State != badges.Draft { // a draft has no choice yet
		e.Old = string(b.Retroactive)
	}
	return tx.Audit(ctx, e)
}

// RetroactiveDone stores that a reading has carried out the choice.
func (tx *Tx) RetroactiveDone(ctx context.Context, key badges.CourseKey, id badges.BadgeID) error {
	result, err := tx.q.ExecContext(ctx, `update badges set settled_at = $4 where platform_id = $1 and context_id = $2 and id = $3`,
		key.Platform, key.Context, id, tx.now)
	return one(result, err, "badge")
}

// PassOver stores which learners do not get a badge by its rule, because they
// met the rule before it was switched on.
func (tx *Tx) PassOver(ctx context.Context, badge badges.Badge, users []badges.UserID) error {
	var noted int64
	for _, u := range users {
		result, err := tx.q.ExecContext(ctx, `insert into passed_over (badge_id, user_id, at) values ($1, $2, $3) on conflict (badge_id, user_id) do nothing`,
			badge.ID, u, tx.now)
		if err != nil {
			return fmt.Errorf("write passed over: %w", err)
		}
		n, err := result.RowsAffected()
		if err != nil {
			return fmt.Errorf("write passed over: %w", err)
		}
		noted += n
	}
	if noted == 0 {
		return nil
	}
	return tx.Audit(ctx, badges.AuditEntry{Course: badge.Course, Actor: badges.ByRule, Action: badges.PassedOver, Object: string(badge.ID), New: strconv.FormatInt(noted, 10)})
}

// PassedOver returns the learners whom PassOver stored for a badge.
func (r reads) PassedOver(ctx context.Context, key badges.CourseKey, badge badges.BadgeID) (map[badges.UserID]bool, error) {
	rows, err := r.q.QueryContext(ctx, `select p.user_id from passed_over p join badges b on b.id = p.badge_id
		where b.platform_id = $1 and b.context_id = $2 and b.id = $3`, key.Platform, key.Context, badge)
	list, err := all(rows, err, func(row row) (badges.UserID, error) {
		var u badges.UserID
		err := row.Scan(&u)
		return u, err
	})
	if err != nil {
		return nil, fmt.Errorf("read who was passed over: %w", err)
	}
	passedOver := make(map[badges.UserID]bool, len(list))
	for _, u := range list {
		passedOver[u] = true
	}
	return passedOver, nil
}
