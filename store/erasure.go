package store

import (
	"context"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
)

// Erase replaces before by after, what remains of it. It removes its notices and
// its score, and takes it out of its chain: nothing refers to it afterwards
// except its entries in the status lists and in the audit log. It fails with
// fault.Conflict if another transaction has changed before.
func (tx *Tx) Erase(ctx context.Context, before, after badges.Assertion) error {
	facts, err := encodeFacts(nil)
	if err != nil {
		return err
	}
	result, err := tx.q.ExecContext(ctx, `
		update assertions set state = $4, user_id = $5, facts = $6, name = '', search_name = '', email = '', language = '', salt = '', show_name = false, show_facts = false,
			expires_at = null, remind_at = null, decided_at = null, revoked_at = null, reason = '', released_at = null, fell_at = null, kept_at = null,
			previous_id = '', next_id = '', evidence_after = null, evidence_until = null, replaced_by = '', replaced_at = null, replaced_from = ''
		where id = $1 and state = $2 and next_id = $3`,
		before.ID, before.State, before.Next, after.State, after.User, facts)
	err = one(result, err, "assertion")
	if fault.Is(err, fault.NotFound) {
		return fault.Wrap(err, fault.Conflict, "problem.conflict")
	}
	if err != nil {
		return err
	}
	for _, q := range []struct {
		query string
		args  []any
	}{
		{`update assertions set next_id = $2 where id = $1`, []any{before.Previous, before.Next}},
		{`update assertions set previous_id = $2 where id = $1`, []any{before.Next, before.Previous}},
		{`delete from notices where assertion_id = $1`, []any{before.ID}},
		{`delete from scores where assertion_id = $1`, []any{before.ID}},
		{`delete from given_addresses where assertion_id = $1`, []any{before.ID}},
		{`delete from address_mails where assertion_id = $1`, []any{before.ID}},
	} {
		if _, err := tx.q.ExecContext(ctx, q.query, q.args...); err != nil {
			return fmt.Errorf("erase assertion %s: %w", before.ID, err)
		}
	}
	return nil
}

// ForgetHolder removes from the audit log, and from the learner's other awards,
// what tells that an erased award was theirs.
func (tx *Tx) ForgetHolder(ctx context.Context, before badges.Assertion) error {
	for _, q := range []struct {
		query string
		args  []any
	}{
		{
			`update audit set actor = $5 where platform_id = $1 and context_id = $2 and object = $3 and actor = $4`,
			[]any{before.Course.Platform, before.Course.Context, before.ID, before.User, badges.ByHolder},
		},
		{ // what a teacher wrote about the award, and the award's id in the entries about lower steps
			`update audit set reason = '' where platform_id = $1 and context_id = $2 and (object = $3 or reason = $3)`,
			[]any{before.Course.Platform, before.Course.Context, before.ID},
		},
		{
			`update assertions set replaced_by = '' where platform_id = $1 and context_id = $2 and user_id = $3 and replaced_by = $4`,
			[]any{before.Course.Platform, before.Course.Context, before.User, before.ID},
		},
	} {
		if _, err := tx.q.ExecContext(ctx, q.query, q.args...); err != nil {
			return fmt.Errorf("erase assertion %s: %w", before.ID, err)
		}
	}
	return nil
}
