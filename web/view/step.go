package view

import (
	"context"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
)

// StepLink is a link to a step of a ladder.
type StepLink struct {
	Name  string
	Path  string // of the page about the step; may be empty
	State badges.BadgeState
	Here  bool // the current page is about this step
}

// Replacement returns a link to the step that replaced a and counts now, with its
// public page if it has one. It is nil if a is not replaced.
func (v Builder) Replacement(ctx context.Context, a badges.Assertion) (*StepLink, error) {
	by, err := credential.ReadReplacement(ctx, v.Read, a)
	return v.ReplacementLink(by), err
}

// ReplacementLink returns a link to by; nil for the zero value.
func (v Builder) ReplacementLink(by credential.Replacement) *StepLink {
	switch {
	case by.Assertion == "":
		return nil
	case by.Public:
		return &StepLink{Name: by.Badge, Path: v.Links.Page(by.Assertion)}
	}
	return &StepLink{Name: by.Badge}
}
