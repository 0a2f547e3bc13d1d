package keyring

import (
	"context"
	"slices"
	"time"
)

// Set identifies keys that belong together; one of them signs.
type Set struct {
	Purpose Purpose
	Owner   string // an issuer's id; empty for a set of the whole installation
}

// State is the state of a key.
type State string

// The states of a key. A key only moves forward through them.
const (
	None     State = ""         // the key does not exist, not yet or not any more
	Next     State = "next"     // published; will sign later
	Current  State = "current"  // signs
	Previous State = "previous" // has signed; still verifies
)

// Row is a key as it is stored.
type Row struct {
	Set

	ID        string
	Algorithm Algorithm
	Private   []byte // PKCS #8, sealed
	SignsFrom time.Time
	State     State // the stored state; the key may have moved on since
}

// begun reports whether a key signs at now or has signed. A key that has signed
// keeps its state even if a clock goes back.
func (k Row) begun(now time.Time) bool { return k.State != Next || !k.SignsFrom.After(now) }

// statesAt returns the state of each key at now. The current key is the latest
// one that has begun.
func statesAt(rows []Row, now time.Time) []State {
	states := make([]State, len(rows))
	begun := Current
	for i, k := range rows {
		if !k.begun(now) {
			states[i] = Next
			continue
		}
		states[i], begun = begun, Previous
	}
	return states
}

// next returns the id of the first key to sign after now.
func next(rows []Row, now time.Time) (id string, ok bool) {
	states := statesAt(rows, now)
	for i, k := range slices.Backward(rows) {
		if states[i] == Next {
			return k.ID, true
		}
	}
	return "", false
}

// Cause is the reason for a change.
type Cause string

// The causes.
const (
	BySchedule Cause = "schedule"
	ByRequest  Cause = "request" // an administrator requested it
)

// Change is one step in the life of a key: it is created (None to Next),
// promoted (Next to Current), retired (Current to Previous) or deleted
// (Previous to None).
type Change struct {
	Row Row   // with its new state
	Old State // the state it had
	By  Cause
}

// Rows stores keys.
type Rows interface {
	// SigningKeys lists the keys of a set by SignsFrom, the latest first; keys
	// with the same time by id.
	SigningKeys(ctx context.Context, set Set) ([]Row, error)
	// ChangeSigningKeys writes the changes that decide returns, each with its
	// audit entry, in one transaction at now. Nobody else changes the set until
	// the transaction ends. decide must be quick, because other writers may
	// wait for it.
	ChangeSigningKeys(ctx context.Context, set Set, decide func(rows []Row, now time.Time) []Change) error
}
