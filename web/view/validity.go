package view

import (
	"time"

	"github.com/insigne-badges/insigne/badges"
)

// Validity says how long an award is valid.
type Validity struct {
	ExpiresAt time.Time // zero: no end, or not released yet
	Expired   bool
}

// Validity returns how long a is valid.
func (v Builder) Validity(a badges.Assertion) Validity {
	return Validity{ExpiresAt: a.ExpiresAt, Expired: a.Expired(v.Now())}
}
