package award

import (
	"context"
	"io"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
)

// Awards changes the state of assertions. Use New: the zero value cannot claim.
type Awards struct {
	baseURL string
	random  io.Reader
	hooks   []Hook
}

// Hook is called before a transaction commits, with its changes in order. It
// must not wait for the network. It may enqueue jobs, which exist only if the
// transaction commits. If it returns an error, everything is rolled back.
type Hook func(ctx context.Context, tx *store.Tx, changes []Change) error

// New returns Awards for an installation with the public address baseURL, such as
// https://badges.example.org, which a claim freezes. random draws the indices in
// status lists; nobody can guess what it returns. The hooks are called after the
// consequences of the transitions are written.
func New(baseURL string, random io.Reader, hooks ...Hook) Awards {
	return Awards{baseURL: baseURL, random: random, hooks: hooks}
}

// ledger changes awards of one badge in one transaction.
type ledger struct {
	tx     *store.Tx
	random io.Reader
	hooks  []Hook
	course badges.CourseKey
	badge  badges.BadgeID
	steps  badges.Steps // of the course
}

// open prepares to change one award of a badge. If the badge is a step, it
// locks the ladder first: its awards replace each other.
func (w Awards) open(ctx context.Context, tx *store.Tx, course badges.CourseKey, badge badges.BadgeID) (ledger, error) {
	steps, err := tx.Steps(ctx, course)
	if err != nil {
		return ledger{}, err
	}
	if rungs := steps.Ladder(badge); len(rungs) > 1 {
		err = tx.LockBadge(ctx, course, rungs[0])
	}
	return ledger{tx: tx, random: w.random, hooks: w.hooks, course: course, badge: badge, steps: steps}, err
}

// openMany prepares to change several awards of a badge. It locks the badge
// too; otherwise two transactions that write several awards could wait for each
// other.
func (w Awards) openMany(ctx context.Context, tx *store.Tx, course badges.CourseKey, badge badges.BadgeID) (ledger, error) {
	l, err := w.open(ctx, tx, course, badge)
	if err != nil {
		return ledger{}, err
	}
	return l, tx.LockBadge(ctx, course, badge)
}

// openFor prepares to change one award and returns it in its present state.
func (w Awards) openFor(ctx context.Context, tx *store.Tx, id badges.AssertionID) (ledger, badges.Assertion, error) {
	a, err := tx.Assertion(ctx, id)
	if err != nil {
		return ledger{}, badges.Assertion{}, err
	}
	l, err := w.open(ctx, tx, a.Course, a.Badge)
	if err != nil {
		return ledger{}, badges.Assertion{}, err
	}
	a, err = tx.LockAssertion(ctx, id)
	return l, a, err
}
