package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/fault"
)

const assertionColumns = `id, platform_id, context_id, badge_id, version_id, user_id, state, name, email, language, salt, show_name, show_facts, facts,
	awarded_at, expires_at, decided_at, revoked_at, reason, previous_id, next_id, evidence_after, replaced_by, replaced_at, replaced_from`

// scanAssertion reads assertionColumns and whatever follows them.
func scanAssertion(row row, more ...any) (badges.Assertion, error) {
	var a badges.Assertion
	var facts string
	var awarded, expires, decided, revoked, after, replaced instant
	err := row.Scan(append([]any{
		&a.ID, &a.Course.Platform, &a.Course.Context, &a.Badge, &a.Version, &a.User, &a.State,
		&a.Recipient.Name, &a.Recipient.Email, &a.Recipient.Language, &a.Salt, &a.ShowName, &a.ShowFacts, &facts, &awarded, &expires, &decided, &revoked, &a.Reason,
		&a.Previous, &a.Next, &after, &a.ReplacedBy, &replaced, &a.ReplacedFrom,
	}, more...)...)
	if err != nil {
		return badges.Assertion{}, err
	}
	a.AwardedAt, a.ExpiresAt, a.DecidedAt, a.RevokedAt, a.EvidenceAfter = awarded.Time, expires.Time, decided.Time, revoked.Time, after.Time
	a.ReplacedAt = replaced.Time
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

// AssertionsOf lists what a learner earned in a course, the newest first, with
// earlier awards of the same badge, but not what is held back.
func (r reads) AssertionsOf(ctx context.Context, key badges.CourseKey, user badges.UserID) ([]badges.Assertion, error) {
	rows, err := r.q.QueryContext(ctx, `select `+assertionColumns+` from assertions
		where platform_id = $1 and context_id = $2 and user_id = $3 and state <> 'held' and replaced_from <> 'held' order by awarded_at desc, id`, key.Platform, key.Context, user)
	return all(rows, err, onlyAssertion)
}

// AssertionsOfPerson lists what a person earned in any course of a platform, the
// newest first, but not what is held back.
func (r reads) AssertionsOfPerson(ctx context.Context, platform badges.PlatformID, user badges.UserID) ([]badges.Assertion, error) {
	rows, err := r.q.QueryContext(ctx, `select `+assertionColumns+` from assertions where platform_id = $1 and user_id = $2 and state <> 'held' and replaced_from <> 'held' order by awarded_at desc, id`, platform, user)
	return all(rows, err, onlyAssertion)
}

// AssertionsOfBadge lists every award of a badge, the newest first.
func (r reads) AssertionsOfBadge(ctx context.Context, key badges.CourseKey, badge badges.BadgeID) ([]badges.Assertion, error) {
	rows, err := r.q.QueryContext(ctx, `select `+assertionColumns+` from assertions
		where platform_id = $1 and context_id = $2 and badge_id = $3 order by awarded_at desc, name, id`, key.Platform, key.Context, badge)
	return all(rows, err, onlyAssertion)
}

// Award writes assertions of one badge, pending or held back, with their audit
// rows and notices, and returns how many are new: a learner who holds one of the
// badge already gets no other, unless it names that as its previous one, which
// must allow it; and none who has a higher step. They take the place of lower
// steps. When each ends is frozen, as its version says.
func (tx *Tx) Award(ctx context.Context, batch []badges.Assertion) (int, error) {
	return tx.award(ctx, batch, true)
}

// AwardSilently is Award without notices.
func (tx *Tx) AwardSilently(ctx context.Context, batch []badges.Assertion) (int, error) {
	return tx.award(ctx, batch, false)
}

func (tx *Tx) award(ctx context.Context, batch []badges.Assertion, tell bool) (int, error) {
	if len(batch) == 0 {
		return 0, nil
	}
	var made []badges.AssertionID
	ends := endings{tx: tx}
	climb, err := tx.climb(ctx, batch[0].Course, batch[0].Badge)
	if err != nil {
		return 0, err
	}
	for _, a := range batch {
		_, byHand := a.ByHand()
		covered, err := climb.covered(ctx, a.Course, a.User, byHand)
		if err != nil {
			return 0, err
		}
		if covered {
			continue
		}
		if a.State != badges.Held { // whose time begins when it is released
			if a.ExpiresAt, err = ends.of(ctx, a.Version); err != nil {
				return 0, err
			}
		}
		written, err := tx.addAssertion(ctx, a)
		if err != nil {
			return 0, err
		}
		if !written {
			continue
		}
		made = append(made, a.ID)
		if err := tx.Audit(ctx, badges.AuditEntry{Course: a.Course, Actor: a.AwardedBy(), Action: badges.AssertionAwarded, Object: string(a.ID)}); err != nil {
			return 0, err
		}
		if err := climb.replaceBelow(ctx, a); err != nil {
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

// addAssertion writes an assertion that is its learner's first of the badge, or
// follows the newest one. Nothing is written when another came before: the
// database holds that there is one newest.
func (tx *Tx) addAssertion(ctx context.Context, a badges.Assertion) (written bool, err error) {
	facts, err := json.Marshal(a.Facts)
	if err != nil {
		return false, fmt.Errorf("write facts: %w", err)
	}
	if a.Previous != "" {
		if follows, err := tx.follow(ctx, a); err != nil || !follows {
			return false, err
		}
	}
	result, err := tx.q.ExecContext(ctx, `
		insert into assertions (id, platform_id, context_id, badge_id, version_id, user_id, state, name, search_name, email, language, salt, show_name, facts,
			awarded_at, expires_at, remind_at, previous_id, evidence_after, evidence_until)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, false, $13, $14, $15, $16, $17, $18, $19)
		on conflict (badge_id, user_id) where next_id = '' do nothing`,
		a.ID, a.Course.Platform, a.Course.Context, a.Badge, a.Version, a.User, a.State,
		a.Recipient.Name, searchName(a.Recipient.Name), a.Recipient.Email, a.Recipient.Language, a.Salt, string(facts),
		tx.now, moment(a.ExpiresAt), moment(badges.RenewableFrom(tx.now, a.ExpiresAt)), a.Previous, moment(a.EvidenceAfter), moment(a.EvidenceUntil(tx.now)))
	if err != nil {
		return false, fmt.Errorf("write assertion: %w", err)
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// Claim records the learner's acceptance, and whether the name and the facts
// show. It takes the place of lower steps. It fails with fault.Conflict also for
// what the learner declined and has a higher step of by now.
func (tx *Tx) Claim(ctx context.Context, id badges.AssertionID, showName, showFacts bool) (badges.Assertion, error) {
	return tx.decide(ctx, id, badges.AssertionClaimed, func(climb climb, a badges.Assertion) (badges.Assertion, error) {
		if a.State == badges.Declined {
			covered, err := climb.covered(ctx, a.Course, a.User, true)
			if err != nil {
				return badges.Assertion{}, err
			}
			if covered {
				return badges.Assertion{}, fault.New(fault.Conflict, "claim.replaced")
			}
		}
		return a.Claim(tx.now, showName, showFacts)
	})
}

// Decline records the learner's refusal. What the award took the place of is
// back.
func (tx *Tx) Decline(ctx context.Context, id badges.AssertionID) (badges.Assertion, error) {
	return tx.decide(ctx, id, badges.AssertionDeclined, func(_ climb, a badges.Assertion) (badges.Assertion, error) {
		return a.Decline(tx.now)
	})
}

// decide moves an assertion along; fault.Conflict if it moved meanwhile.
func (tx *Tx) decide(ctx context.Context, id badges.AssertionID, action badges.Action, move func(climb, badges.Assertion) (badges.Assertion, error)) (badges.Assertion, error) {
	before, err := tx.Assertion(ctx, id)
	if err != nil {
		return badges.Assertion{}, err
	}
	climb, err := tx.climb(ctx, before.Course, before.Badge)
	if err != nil {
		return badges.Assertion{}, err
	}
	after, err := move(climb, before)
	if err != nil {
		return badges.Assertion{}, err
	}
	result, err := tx.q.ExecContext(ctx, `update assertions set state = $2, show_name = $3, show_facts = $4, decided_at = $5 where id = $1 and state = $6`,
		id, after.State, after.ShowName, after.ShowFacts, moment(after.DecidedAt), before.State)
	if err := one(result, err, "assertion"); err != nil {
		if fault.KindOf(err) == fault.NotFound {
			err = fault.Wrap(err, fault.Conflict, "problem.conflict")
		}
		return badges.Assertion{}, err
	}
	if after.State == before.State {
		return after, nil
	}
	if after.State == badges.Claimed {
		err = climb.replaceBelow(ctx, after)
	} else {
		err = climb.restoreBelow(ctx, after)
	}
	if err != nil {
		return badges.Assertion{}, err
	}
	if err := tx.score(ctx, after); err != nil {
		return badges.Assertion{}, err
	}
	return after, tx.Audit(ctx, badges.AuditEntry{Course: after.Course, Actor: string(after.User), Action: action, Object: string(id)})
}
