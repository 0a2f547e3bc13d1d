package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/fault"
)

// SetEarlier says what becomes of who meets the badge's rule already; the next
// reading does it.
func (tx *Tx) SetEarlier(ctx context.Context, key badges.CourseKey, id badges.BadgeID, earlier badges.Earlier) error {
	result, err := tx.q.ExecContext(ctx, `update badges set earlier = $4, settled_at = null where platform_id = $1 and context_id = $2 and id = $3`,
		key.Platform, key.Context, id, earlier)
	return one(result, err, "badge")
}

// Settle notes that the badge's earlier achievers got what they were to get.
func (tx *Tx) Settle(ctx context.Context, key badges.CourseKey, id badges.BadgeID) error {
	result, err := tx.q.ExecContext(ctx, `update badges set settled_at = $4 where platform_id = $1 and context_id = $2 and id = $3`,
		key.Platform, key.Context, id, tx.now)
	return one(result, err, "badge")
}

// PassOver notes who is not to get a badge by its rule.
func (tx *Tx) PassOver(ctx context.Context, badge badges.Badge, users []badges.UserID) error {
	for _, u := range users {
		_, err := tx.q.ExecContext(ctx, `insert into passed_over (badge_id, user_id, at) values ($1, $2, $3) on conflict (badge_id, user_id) do nothing`,
			badge.ID, u, tx.now)
		if err != nil {
			return fmt.Errorf("write passed over: %w", err)
		}
	}
	if len(users) == 0 {
		return nil
	}
	return tx.Audit(ctx, badges.AuditEntry{Course: badge.Course, Actor: badges.ByRule, Action: badges.PassedOver, Object: string(badge.ID)})
}

// PassedOver says who is not to get a badge by its rule.
func (r reads) PassedOver(ctx context.Context, key badges.CourseKey, badge badges.BadgeID) (map[badges.UserID]bool, error) {
	rows, err := r.q.QueryContext(ctx, `select p.user_id from passed_over p join badges b on b.id = p.badge_id
		where b.platform_id = $1 and b.context_id = $2 and b.id = $3`, key.Platform, key.Context, badge)
	list, err := all(rows, err, func(row row) (badges.UserID, error) {
		var u badges.UserID
		err := row.Scan(&u)
		return u, err
	})
	if err != nil {
		return nil, fmt.Errorf("read passed over: %w", err)
	}
	passed := make(map[badges.UserID]bool, len(list))
	for _, u := range list {
		passed[u] = true
	}
	return passed, nil
}

// SetJury has awards wait for the teacher, or no longer.
func (tx *Tx) SetJury(ctx context.Context, key badges.CourseKey, id badges.BadgeID, on bool, by badges.UserID) error {
	result, err := tx.q.ExecContext(ctx, `update badges set jury = $4 where platform_id = $1 and context_id = $2 and id = $3`,
		key.Platform, key.Context, id, on)
	if err := one(result, err, "badge"); err != nil {
		return err
	}
	return tx.Audit(ctx, badges.AuditEntry{Course: key, Actor: string(by), Action: badges.PolicyChanged, Object: string(id)})
}

// HeldBack lists the awards that wait for the teacher, by name, at most so many.
func (r reads) HeldBack(ctx context.Context, key badges.CourseKey, badge badges.BadgeID, most int) ([]badges.Assertion, error) {
	rows, err := r.q.QueryContext(ctx, `select `+assertionColumns+` from assertions
		where platform_id = $1 and context_id = $2 and badge_id = $3 and state = 'held' order by name, id limit $4`, key.Platform, key.Context, badge, most)
	return all(rows, err, onlyAssertion)
}

// Release makes awards pending that were held back, and has their learners told
// once it cannot be undone any more. Their time begins now, and they take the
// place of lower steps. It returns how many; an award that is not held back any
// more is left out.
func (tx *Tx) Release(ctx context.Context, key badges.CourseKey, badge badges.BadgeID, ids []badges.AssertionID, by badges.UserID) (int, error) {
	var made []badges.AssertionID
	climb, err := tx.climb(ctx, key, badge)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		result, err := tx.q.ExecContext(ctx, `update assertions set state = 'pending', released_at = $5
			where platform_id = $1 and context_id = $2 and badge_id = $3 and id = $4 and state = 'held'`, key.Platform, key.Context, badge, id, tx.now)
		err = one(result, err, "assertion")
		if err != nil && fault.KindOf(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return 0, err
		}
		made = append(made, id)
		a, err := tx.Assertion(ctx, id)
		if err != nil {
			return 0, err
		}
		if err := tx.begin(ctx, id, a.Version); err != nil {
			return 0, err
		}
		if err := tx.Audit(ctx, badges.AuditEntry{Course: key, Actor: string(by), Action: badges.AwardsReleased, Object: string(id)}); err != nil {
			return 0, err
		}
		if a, err = tx.Assertion(ctx, id); err != nil { // with its end
			return 0, err
		}
		if err := climb.replaceBelow(ctx, a); err != nil {
			return 0, err
		}
	}
	return len(made), errors.Join(tx.writeNotices(ctx, made, badges.OfAward, false, tx.now.Add(badges.UndoWindow)), tx.scoreAll(ctx, key, badge, made))
}

// undoable finds what was released a moment ago and nobody was told of.
const undoable = ` from assertions a where a.platform_id = $1 and a.context_id = $2 and a.badge_id = $3 and a.state = 'pending' and a.released_at > $4
	and not exists (select 1 from notices n where n.assertion_id = a.id and n.queued)`

// Undoable counts the releases that can still be undone.
func (r reads) Undoable(ctx context.Context, key badges.CourseKey, badge badges.BadgeID, now time.Time) (int, error) {
	var n int
	err := r.q.QueryRowContext(ctx, `select count(*)`+undoable, key.Platform, key.Context, badge, moment(now.Add(-badges.UndoWindow))).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count releases: %w", err)
	}
	return n, nil
}

// UndoRelease holds back again what was released a moment ago, and gives back
// what that took the place of. It returns how many.
func (tx *Tx) UndoRelease(ctx context.Context, key badges.CourseKey, badge badges.BadgeID, by badges.UserID) (int, error) {
	climb, err := tx.climb(ctx, key, badge)
	if err != nil {
		return 0, err
	}
	rows, err := tx.q.QueryContext(ctx, `select a.id`+undoable, key.Platform, key.Context, badge, moment(tx.now.Add(-badges.UndoWindow)))
	ids, err := all(rows, err, func(row row) (badges.AssertionID, error) {
		var id badges.AssertionID
		err := row.Scan(&id)
		return id, err
	})
	if err != nil {
		return 0, fmt.Errorf("read releases: %w", err)
	}
	for _, id := range ids {
		for _, query := range []string{
			`delete from notices where assertion_id = $1`,
			`update assertions set state = 'held', released_at = null, expires_at = null, remind_at = null where id = $1`,
		} {
			if _, err := tx.q.ExecContext(ctx, query, id); err != nil {
				return 0, fmt.Errorf("undo release: %w", err)
			}
		}
		if err := tx.Audit(ctx, badges.AuditEntry{Course: key, Actor: string(by), Action: badges.ReleaseUndone, Object: string(id)}); err != nil {
			return 0, err
		}
		a, err := tx.Assertion(ctx, id)
		if err != nil {
			return 0, err
		}
		if err := climb.restoreBelow(ctx, a); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}
