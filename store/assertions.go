package store

import (
	"context"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
)

const assertionColumns = `id, platform_id, context_id, badge_id, version_id, user_id, state, base_url, name, email, language, salt, show_name, show_facts, facts,
	awarded_at, expires_at, remind_at, decided_at, revoked_at, reason, released_at, fell_at, kept_at,
	previous_id, next_id, evidence_after, evidence_until, replaced_by, replaced_at, replaced_from`

// scanAssertion scans assertionColumns, then more.
func scanAssertion(row row, more ...any) (badges.Assertion, error) {
	var a badges.Assertion
	var facts string
	var awarded, expires, remind, decided, revoked, released, fell, kept, after, used, replaced instant
	err := row.Scan(append([]any{
		&a.ID, &a.Course.Platform, &a.Course.Context, &a.Badge, &a.Version, &a.User, &a.State, &a.BaseURL,
		&a.Recipient.Name, &a.Recipient.Email, &a.Recipient.Language, &a.Salt, &a.ShowName, &a.ShowFacts, &facts,
		&awarded, &expires, &remind, &decided, &revoked, &a.Reason, &released, &fell, &kept,
		&a.Previous, &a.Next, &after, &used, &a.ReplacedBy, &replaced, &a.ReplacedFrom,
	}, more...)...)
	if err != nil {
		return badges.Assertion{}, err
	}
	a.AwardedAt, a.ExpiresAt, a.RemindAt, a.DecidedAt, a.RevokedAt = awarded.Time, expires.Time, remind.Time, decided.Time, revoked.Time
	a.ReleasedAt, a.EvidenceLostAt, a.KeptAt, a.ReplacedAt = released.Time, fell.Time, kept.Time, replaced.Time
	a.EvidenceAfter, a.EvidenceUsed = after.Time, used.Time
	if a.EvidenceUsed.IsZero() { // awarded before this column existed
		a.EvidenceUsed = a.AwardedAt
	}
	a.Facts, err = decodeFacts(facts)
	return a, err
}

func onlyAssertion(row row) (badges.Assertion, error) { return scanAssertion(row) }

// Assertion returns an assertion by its id, which nobody can guess. The caller
// decides by its state what to show.
func (r reads) Assertion(ctx context.Context, id badges.AssertionID) (badges.Assertion, error) {
	a, err := scanAssertion(r.q.QueryRowContext(ctx, `select `+assertionColumns+` from assertions where id = $1`, id))
	return a, notFound(err, "assertion")
}

// AssertionsOf lists the awards of a learner in a course, the newest first,
// including previous awards of the same badge. It leaves out awards that the
// learner cannot see.
func (r reads) AssertionsOf(ctx context.Context, key badges.CourseKey, user badges.UserID) ([]badges.Assertion, error) {
	rows, err := r.q.QueryContext(ctx, `select `+assertionColumns+` from assertions
		where platform_id = $1 and context_id = $2 and user_id = $3 and state <> 'withheld' and replaced_from <> 'withheld' order by awarded_at desc, id`, key.Platform, key.Context, user)
	return all(rows, err, onlyAssertion)
}

// AssertionsOfPerson lists the awards of a person in all courses of a platform,
// the newest first. It leaves out awards that the person cannot see.
func (r reads) AssertionsOfPerson(ctx context.Context, platform badges.PlatformID, user badges.UserID) ([]badges.Assertion, error) {
	rows, err := r.q.QueryContext(ctx, `select `+assertionColumns+` from assertions where platform_id = $1 and user_id = $2 and state <> 'withheld' and replaced_from <> 'withheld' order by awarded_at desc, id`, platform, user)
	return all(rows, err, onlyAssertion)
}

// AssertionsOfBadge lists all awards of a badge that are not erased, the newest
// first.
func (r reads) AssertionsOfBadge(ctx context.Context, key badges.CourseKey, badge badges.BadgeID) ([]badges.Assertion, error) {
	rows, err := r.q.QueryContext(ctx, `select `+assertionColumns+` from assertions
		where platform_id = $1 and context_id = $2 and badge_id = $3 and state <> 'erased' order by awarded_at desc, name, id`, key.Platform, key.Context, badge)
	return all(rows, err, onlyAssertion)
}

// ReplacedBy lists the awards of a's learner that a replaced, the oldest first.
func (r reads) ReplacedBy(ctx context.Context, a badges.Assertion) ([]badges.Assertion, error) {
	rows, err := r.q.QueryContext(ctx, `select `+assertionColumns+` from assertions
		where platform_id = $1 and context_id = $2 and user_id = $3 and replaced_by = $4 and state = 'replaced' order by awarded_at, id`,
		a.Course.Platform, a.Course.Context, a.User, a.ID)
	return all(rows, err, onlyAssertion)
}

// LockAssertion returns an assertion, which other transactions cannot change
// until this one ends. A transaction that changes several assertions must lock
// them in the order of their ids, or lock the badge first; otherwise two
// transactions could wait for each other.
func (tx *Tx) LockAssertion(ctx context.Context, id badges.AssertionID) (badges.Assertion, error) {
	a, err := scanAssertion(tx.q.QueryRowContext(ctx, `select `+assertionColumns+` from assertions where id = $1`+tx.dialect.forUpdate(), id))
	return a, notFound(err, "assertion")
}

// InsertAssertion writes an assertion and reports whether it did. It writes
// none if the learner has an award of the badge that no other follows: a unique
// index allows one newest award.
func (tx *Tx) InsertAssertion(ctx context.Context, a badges.Assertion) (written bool, err error) {
	facts, err := encodeFacts(a.Facts)
	if err != nil {
		return false, err
	}
	result, err := tx.q.ExecContext(ctx, `
		insert into assertions (id, platform_id, context_id, badge_id, version_id, user_id, state, name, search_name, email, language, salt, show_name, facts,
			awarded_at, expires_at, remind_at, previous_id, evidence_after, evidence_until)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, false, $13, $14, $15, $16, $17, $18, $19)
		on conflict (badge_id, user_id) where next_id = '' do nothing`,
		a.ID, a.Course.Platform, a.Course.Context, a.Badge, a.Version, a.User, a.State,
		a.Recipient.Name, searchName(a.Recipient.Name), a.Recipient.Email, a.Recipient.Language, a.Salt, facts,
		moment(a.AwardedAt), moment(a.ExpiresAt), moment(a.RemindAt), a.Previous, moment(a.EvidenceAfter), moment(a.EvidenceUsed))
	if err != nil {
		return false, fmt.Errorf("write assertion %s: %w", a.ID, err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return false, fmt.Errorf("write assertion %s: %w", a.ID, err)
	}
	return n > 0, nil
}

// Move replaces before, an assertion as it was read, by after. It fails with
// fault.Conflict if another transaction has changed its state or the award that
// follows it. It does not write the columns that never change: the learner, the
// badge, the salt and the previous award.
func (tx *Tx) Move(ctx context.Context, before, after badges.Assertion) error {
	facts, err := encodeFacts(after.Facts)
	if err != nil {
		return err
	}
	result, err := tx.q.ExecContext(ctx, `
		update assertions set state = $4, version_id = $5, name = $6, search_name = $7, email = $8, language = $9, show_name = $10, show_facts = $11, facts = $12,
			awarded_at = $13, expires_at = $14, remind_at = $15, decided_at = $16, revoked_at = $17, reason = $18, released_at = $19, fell_at = $20, kept_at = $21,
			next_id = $22, evidence_until = $23, replaced_by = $24, replaced_at = $25, replaced_from = $26, base_url = $27
		where id = $1 and state = $2 and next_id = $3`,
		before.ID, before.State, before.Next,
		after.State, after.Version, after.Recipient.Name, searchName(after.Recipient.Name), after.Recipient.Email, after.Recipient.Language,
		after.ShowName, after.ShowFacts, facts, moment(after.AwardedAt), moment(after.ExpiresAt), moment(after.RemindAt), moment(after.DecidedAt),
		moment(after.RevokedAt), after.Reason, moment(after.ReleasedAt), moment(after.EvidenceLostAt), moment(after.KeptAt),
		after.Next, moment(after.EvidenceUsed), after.ReplacedBy, moment(after.ReplacedAt), after.ReplacedFrom, after.BaseURL)
	err = one(result, err, "assertion")
	if fault.Is(err, fault.NotFound) {
		return fault.Wrap(err, fault.Conflict, "problem.conflict")
	}
	return err
}
