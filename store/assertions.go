package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/fault"
)

const assertionColumns = `id, platform_id, context_id, badge_id, version_id, user_id, state, name, email, language, salt, show_name, facts,
	awarded_at, decided_at, revoked_at, reason`

// scanAssertion reads assertionColumns and whatever follows them.
func scanAssertion(row row, more ...any) (badges.Assertion, error) {
	var a badges.Assertion
	var facts string
	var awarded, decided, revoked instant
	err := row.Scan(append([]any{
		&a.ID, &a.Course.Platform, &a.Course.Context, &a.Badge, &a.Version, &a.User, &a.State,
		&a.Recipient.Name, &a.Recipient.Email, &a.Recipient.Language, &a.Salt, &a.ShowName, &facts, &awarded, &decided, &revoked, &a.Reason,
	}, more...)...)
	if err != nil {
		return badges.Assertion{}, err
	}
	a.AwardedAt, a.DecidedAt, a.RevokedAt = awarded.Time, decided.Time, revoked.Time
	if err := json.Unmarshal([]byte(facts), &a.Facts); err != nil {
		return badges.Assertion{}, fmt.Errorf("read facts: %w", err)
	}
	return a, nil
}

func onlyAssertion(row row) (badges.Assertion, error) { return scanAssertion(row) }

// Assertion returns an assertion by its id alone, which nobody can guess. The
// caller decides by its state what may be shown.
func (r reads) Assertion(ctx context.Context, id badges.AssertionID) (badges.Assertion, error) {
	a, err := scanAssertion(r.q.QueryRowContext(ctx, `select `+assertionColumns+` from assertions where id = $1`, id))
	return a, notFound(err, "assertion")
}

// AssertionsOf lists what a learner earned in a course, the newest first, but
// not what is held back.
func (r reads) AssertionsOf(ctx context.Context, key badges.CourseKey, user badges.UserID) ([]badges.Assertion, error) {
	rows, err := r.q.QueryContext(ctx, `select `+assertionColumns+` from assertions
		where platform_id = $1 and context_id = $2 and user_id = $3 and state <> 'held' order by awarded_at desc, id`, key.Platform, key.Context, user)
	return all(rows, err, onlyAssertion)
}

// AssertionsOfPerson lists what a person earned in any course of a platform, the
// newest first, but not what is held back.
func (r reads) AssertionsOfPerson(ctx context.Context, platform badges.PlatformID, user badges.UserID) ([]badges.Assertion, error) {
	rows, err := r.q.QueryContext(ctx, `select `+assertionColumns+` from assertions where platform_id = $1 and user_id = $2 and state <> 'held' order by awarded_at desc, id`, platform, user)
	return all(rows, err, onlyAssertion)
}

// AssertionsOfBadge lists who earned a badge, the newest first.
func (r reads) AssertionsOfBadge(ctx context.Context, key badges.CourseKey, badge badges.BadgeID) ([]badges.Assertion, error) {
	rows, err := r.q.QueryContext(ctx, `select `+assertionColumns+` from assertions
		where platform_id = $1 and context_id = $2 and badge_id = $3 order by awarded_at desc, name, id`, key.Platform, key.Context, badge)
	return all(rows, err, onlyAssertion)
}

// HoldersSince implements evidence.Memory: who holds a badge, in any of its
// lives but withdrawn or revoked, and when they were awarded it.
func (r reads) HoldersSince(ctx context.Context, platform badges.PlatformID, badge badges.BadgeID) (map[badges.UserID]time.Time, error) {
	type holding struct {
		user badges.UserID
		at   instant
	}
	rows, err := r.q.QueryContext(ctx, `select user_id, awarded_at from assertions where platform_id = $1 and badge_id = $2 and state not in ($3, $4, $5)`,
		platform, badge, badges.Withdrawn, badges.Revoked, badges.Held)
	list, err := all(rows, err, func(row row) (holding, error) {
		var h holding
		err := row.Scan(&h.user, &h.at)
		return h, err
	})
	if err != nil {
		return nil, err
	}
	since := make(map[badges.UserID]time.Time, len(list))
	for _, h := range list {
		since[h.user] = h.at.Time
	}
	return since, nil
}

// Holders says who has an assertion of a badge, in whatever state: nobody is
// awarded twice, also not after declining.
func (r reads) Holders(ctx context.Context, key badges.CourseKey, badge badges.BadgeID) (map[badges.UserID]badges.AssertionState, error) {
	type holding struct {
		user  badges.UserID
		state badges.AssertionState
	}
	rows, err := r.q.QueryContext(ctx, `select user_id, state from assertions where platform_id = $1 and context_id = $2 and badge_id = $3`,
		key.Platform, key.Context, badge)
	list, err := all(rows, err, func(row row) (holding, error) {
		var h holding
		err := row.Scan(&h.user, &h.state)
		return h, err
	})
	if err != nil {
		return nil, err
	}
	holders := make(map[badges.UserID]badges.AssertionState, len(list))
	for _, h := range list {
		holders[h.user] = h.state
	}
	return holders, nil
}

// Award writes assertions of one badge, pending or held back, with their audit
// rows and notices, and returns how many are new: a learner who holds one of the
// badge already gets no other.
func (tx *Tx) Award(ctx context.Context, batch []badges.Assertion) (int, error) {
	return tx.award(ctx, batch, true)
}

// AwardSilently is Award without notices.
func (tx *Tx) AwardSilently(ctx context.Context, batch []badges.Assertion) (int, error) {
	return tx.award(ctx, batch, false)
}

func (tx *Tx) award(ctx context.Context, batch []badges.Assertion, tell bool) (int, error) {
	var made []badges.AssertionID
	for _, a := range batch {
		written, err := tx.addAssertion(ctx, a)
		if err != nil {
			return 0, err
		}
		if !written {
			continue
		}
		made = append(made, a.ID)
		if err := tx.audit(ctx, badges.AuditEntry{Course: a.Course, Actor: a.AwardedBy(), Action: badges.AssertionAwarded, Object: string(a.ID)}); err != nil {
			return 0, err
		}
	}
	if len(made) == 0 {
		return 0, nil
	}
	if batch[0].State == badges.Held {
		return len(made), nil
	}
	if tell {
		if err := tx.addNotices(ctx, made); err != nil {
			return 0, err
		}
	}
	return len(made), tx.scoreAll(ctx, batch[0].Course, batch[0].Badge, made)
}

func (tx *Tx) addAssertion(ctx context.Context, a badges.Assertion) (written bool, err error) {
	facts, err := json.Marshal(a.Facts)
	if err != nil {
		return false, fmt.Errorf("write facts: %w", err)
	}
	result, err := tx.q.ExecContext(ctx, `
		insert into assertions (id, platform_id, context_id, badge_id, version_id, user_id, state, name, email, language, salt, show_name, facts, awarded_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, false, $12, $13)
		on conflict (badge_id, user_id) do nothing`,
		a.ID, a.Course.Platform, a.Course.Context, a.Badge, a.Version, a.User, a.State,
		a.Recipient.Name, a.Recipient.Email, a.Recipient.Language, a.Salt, string(facts), tx.now)
	if err != nil {
		return false, fmt.Errorf("write assertion: %w", err)
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// Claim records the learner's acceptance, and whether the name shows.
func (tx *Tx) Claim(ctx context.Context, id badges.AssertionID, showName bool) (badges.Assertion, error) {
	return tx.decide(ctx, id, badges.AssertionClaimed, func(a badges.Assertion) (badges.Assertion, error) {
		return a.Claim(tx.now, showName)
	})
}

// Decline records the learner's refusal.
func (tx *Tx) Decline(ctx context.Context, id badges.AssertionID) (badges.Assertion, error) {
	return tx.decide(ctx, id, badges.AssertionDeclined, func(a badges.Assertion) (badges.Assertion, error) {
		return a.Decline(tx.now)
	})
}

// decide moves an assertion along; fault.Conflict if it moved meanwhile.
func (tx *Tx) decide(ctx context.Context, id badges.AssertionID, action badges.Action, move func(badges.Assertion) (badges.Assertion, error)) (badges.Assertion, error) {
	before, err := tx.Assertion(ctx, id)
	if err != nil {
		return badges.Assertion{}, err
	}
	after, err := move(before)
	if err != nil {
		return badges.Assertion{}, err
	}
	result, err := tx.q.ExecContext(ctx, `update assertions set state = $2, show_name = $3, decided_at = $4 where id = $1 and state = $5`,
		id, after.State, after.ShowName, moment(after.DecidedAt), before.State)
	if err := one(result, err, "assertion"); err != nil {
		if fault.KindOf(err) == fault.NotFound {
			err = fault.Wrap(err, fault.Conflict, "problem.conflict")
		}
		return badges.Assertion{}, err
	}
	if after.State == before.State {
		return after, nil
	}
	if err := tx.score(ctx, after); err != nil {
		return badges.Assertion{}, err
	}
	return after, tx.audit(ctx, badges.AuditEntry{Course: after.Course, Actor: string(after.User), Action: action, Object: string(id)})
}
