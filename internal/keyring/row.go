package keyring

import (
	"context"
	"slices"
	"time"
)

// Set names keys that belong together: one of them signs.
type Set struct {
	Purpose Purpose
	Owner   string // an issuer's id; empty where the installation has one set
}

// State says what a key does.
type State string

// The states of a key. A key only moves forward through them.
const (
	None     State = ""         // there is no such key: not yet, or not any more
	Next     State = "next"     // published, signs later
	Current  State = "current"  // signs
	Previous State = "previous" // signed before, still verifies
)

// Row is a key as it is stored.
type Row struct {
	Set

	ID        string
	Algorithm Algorithm
	Private   []byte // PKCS #8, sealed
	SignsFrom time.Time
	State     State // as it was last noted; time may have moved the key on since
}

// begun reports whether a key signs at now, or did before. A key that was seen
// to sign keeps its state when a clock goes back.
func (k Row) begun(now time.Time) bool { return k.State != Next || !k.SignsFrom.After(now) }

// statesAt returns the state of each key at now: the latest that has begun is
// the current one.
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

// Cause says why a key changes.
type Cause string

// The causes.
const (
	BySchedule Cause = "schedule"
	ByRequest  Cause = "request" // an administrator asked for it
)

// Change is one step in the life of a key: it is created (None to Next),
// promoted (Next to Current), retired (Current to Previous) or deleted
// (Previous to None).
type Change struct {
	Row Row   // with its new state
	Old State // the state it had
	By  Cause
}

// Rows keeps keys.
type Rows interface {
	// SigningKeys lists a set by SignsFrom, the latest first; those of the same
	// time by id.
	SigningKeys(ctx context.Context, set Set) ([]Row, error)
	// ChangeSigningKeys writes the changes that decide returns, each with its
	// audit row, in one transaction at now. Nobody else changes the set
	// between the reading of rows and the end of the transaction. decide must
	// be quick: other writers may wait for it.
	ChangeSigningKeys(ctx context.Context, set Set, decide func(rows []Row, now time.Time) []Change) error
}
