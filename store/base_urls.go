package store

import (
	"context"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
)

// withoutBaseURL selects the awards that were claimed before a claim froze the
// base URL. It is the condition of the index assertions_unfrozen.
const withoutBaseURL = `base_url = '' and (state in ('claimed', 'revoked') or state = 'replaced' and replaced_from = 'claimed')`

// SetBaseURL stores the base URL of a claimed award that has none.
func (tx *Tx) SetBaseURL(ctx context.Context, of badges.AssertionID, baseURL string) error {
	result, err := tx.q.ExecContext(ctx, `update assertions set base_url = $2 where id = $1 and base_url = ''`, of, baseURL)
	return one(result, err, "assertion")
}

// LockWithoutBaseURL lists up to most claimed awards without a base URL, by id.
// Other transactions cannot change them until this one ends, and wait before they
// list any.
func (tx *Tx) LockWithoutBaseURL(ctx context.Context, most int) ([]badges.Assertion, error) {
	if err := tx.dialect.lock(ctx, tx.q, "awards without a base URL"); err != nil {
		return nil, fmt.Errorf("lock awards without a base URL: %w", err)
	}
	rows, err := tx.q.QueryContext(ctx, `select `+assertionColumns+` from assertions where `+withoutBaseURL+` order by id limit $1`+tx.dialect.forUpdate(), most)
	return all(rows, err, onlyAssertion)
}
