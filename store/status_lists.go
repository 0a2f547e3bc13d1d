package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/insigne-badges/insigne/badges"
)

const statusListColumns = `id, issuer_id, base_url, purpose, version, changed_at`

func scanStatusList(row row) (badges.StatusList, error) {
	var l badges.StatusList
	var changed instant
	err := row.Scan(&l.ID, &l.Issuer, &l.BaseURL, &l.Purpose, &l.Version, &changed)
	l.ChangedAt = changed.Time
	return l, err
}

// StatusList returns a status list.
func (r reads) StatusList(ctx context.Context, id badges.StatusListID) (badges.StatusList, error) {
	l, err := scanStatusList(r.q.QueryRowContext(ctx, `select `+statusListColumns+` from status_lists where id = $1`, id))
	return l, notFound(err, "status list")
}

// StatusLists lists the status lists of an issuer for one base URL, the oldest
// first of each purpose.
func (r reads) StatusLists(ctx context.Context, issuer badges.IssuerID, baseURL string) ([]badges.StatusList, error) {
	rows, err := r.q.QueryContext(ctx, `select `+statusListColumns+` from status_lists
		where issuer_id = $1 and base_url = $2 order by purpose desc, is_full desc, changed_at, id`, issuer, baseURL)
	return all(rows, err, scanStatusList)
}

// StatusBits returns the indices of a list whose bits are set, in order.
func (r reads) StatusBits(ctx context.Context, id badges.StatusListID) ([]int, error) {
	bits, err := r.statusBits(ctx, id)
	return badges.StatusIndices(bits), err
}

// statusBits returns the stored bits of a list; none if no bit was ever set.
func (r reads) statusBits(ctx context.Context, id badges.StatusListID) (bits []byte, err error) {
	err = r.q.QueryRowContext(ctx, `select bits from status_lists where id = $1`, id).Scan(&bits)
	return bits, notFound(err, "status list")
}

// Revocations lists the awards of an issuer and base URL that were revoked or
// replaced after they were claimed, by id. Awards that are not public any more
// are listed too, because signed copies of them exist, but without the reason.
func (r reads) Revocations(ctx context.Context, issuer badges.IssuerID, baseURL string) ([]badges.Revocation, error) {
	rows, err := r.q.QueryContext(ctx, `
		select a.id, a.state, a.replaced_from, a.reason from assertions a
		where a.id in (select e.assertion_id from status_lists l join status_entries e on e.list_id = l.id and e.is_set
			where l.issuer_id = $1 and l.base_url = $2)
		order by a.id`, issuer, baseURL)
	list, err := all(rows, err, func(row row) (badges.Revocation, error) {
		var a badges.Assertion
		if err := row.Scan(&a.ID, &a.State, &a.ReplacedFrom, &a.Reason); err != nil {
			return badges.Revocation{}, err
		}
		found := badges.Revocation{Assertion: a.ID}
		if a.Public() {
			found.Replaced, found.Reason = a.State == badges.Replaced, a.Reason
		}
		return found, nil
	})
	if err != nil {
		return nil, fmt.Errorf("read revocations: %w", err)
	}
	return list, nil
}

// LockStatusLists makes other transactions that draw entries or change bits of an
// issuer's lists wait until this one ends. A transaction that changes the lists
// of several issuers or base URLs must lock all of them first, in order.
func (tx *Tx) LockStatusLists(ctx context.Context, issuer badges.IssuerID, baseURL string) error {
	if err := tx.dialect.lock(ctx, tx.q, "status_lists/"+string(issuer)+"/"+baseURL); err != nil {
		return fmt.Errorf("lock status lists: %w", err)
	}
	return nil
}

// openStatusList returns the list that gets the next entry, and the number of its
// entries. It begins a list if there is none or the last is full.
func (tx *Tx) openStatusList(ctx context.Context, d StatusDraw) (id badges.StatusListID, entries int, err error) {
	_, err = tx.q.ExecContext(ctx, `insert into status_lists (id, issuer_id, base_url, purpose, changed_at) values ($1, $2, $3, $4, $5)
		on conflict (issuer_id, base_url, purpose) where not is_full do nothing`, uuid.NewString(), d.Issuer, d.BaseURL, d.Purpose, tx.now)
	if err != nil {
		return "", 0, fmt.Errorf("begin status list: %w", err)
	}
	err = tx.q.QueryRowContext(ctx, `select id, entries from status_lists
		where issuer_id = $1 and base_url = $2 and purpose = $3 and not is_full`, d.Issuer, d.BaseURL, d.Purpose).Scan(&id, &entries)
	return id, entries, notFound(err, "status list")
}

// writeBits sets or clears bits of a list and gives it its next version, once in
// this transaction.
func (tx *Tx) writeBits(ctx context.Context, id badges.StatusListID, indices []int, set bool) error {
	bits, err := tx.statusBits(ctx, id)
	if err != nil {
		return err
	}
	if len(bits) == 0 {
		bits = badges.StatusBits(nil)
	}
	for _, index := range indices {
		badges.SetStatusBit(bits, index, set)
	}
	step := 1
	if tx.changedLists[id] {
		step = 0
	}
	result, err := tx.q.ExecContext(ctx, `update status_lists set bits = $2, version = version + $3, changed_at = $4 where id = $1`, id, bits, step, tx.now)
	if err := one(result, err, "status list"); err != nil {
		return err
	}
	if tx.changedLists == nil {
		tx.changedLists = map[badges.StatusListID]bool{}
	}
	tx.changedLists[id] = true
	return nil
}
