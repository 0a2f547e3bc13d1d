package view

import (
	"time"

	"github.com/insigne-badges/insigne/badges"
)

// AwardLink leads to one of the awards of a badge to the same learner.
type AwardLink struct {
	Validity

	AwardedAt time.Time
	State     badges.AssertionState
	Shown     bool   // the page is about it
	Path      string // of the teacher's page of it, or its public page; may be empty
}

// AwardLink returns a link to the page of a.
func (v Views) AwardLink(a badges.Assertion, path string) AwardLink {
	return AwardLink{Validity: v.Validity(a), AwardedAt: a.AwardedAt, State: a.State, Path: path}
}
