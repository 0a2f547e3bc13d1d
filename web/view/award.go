package view

import (
	"time"

	"github.com/insigne-badges/insigne/badges"
)

// AwardLink is a link to an award, in a list of the awards of one badge to one learner.
type AwardLink struct {
	Validity

	AwardedAt time.Time
	State     badges.AssertionState
	Shown     bool   // the current page shows this award
	Path      string // of the teacher's page or the public page of the award; may be empty
}

// AwardLink returns a link from a to the page at path.
func (v Builder) AwardLink(a badges.Assertion, path string) AwardLink {
	return AwardLink{Validity: v.Validity(a), AwardedAt: a.AwardedAt, State: a.State, Path: path}
}
