package view

import (
	"time"

	"github.com/insigne-badges/insigne/badges"
)

// Validity says until when an award is valid.
type Validity struct {
	ExpiresAt time.Time // zero: for ever, or not released yet
	Expired   bool
}

// Validity returns until when a is valid.
func (v Views) Validity(a badges.Assertion) Validity {
	return Validity{ExpiresAt: a.ExpiresAt, Expired: a.Expired(v.Now())}
}
