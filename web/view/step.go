package view

import (
	"context"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
)

// StepLink leads to another step of a badge.
type StepLink struct {
	Name  string
	Path  string // of the page about it; may be empty
	State badges.BadgeState
	Here  bool // the page is about it
}

// Replacement returns the step that counts now in the place of a, with its public
// page if it has one; nil if a itself counts.
func (v Views) Replacement(ctx context.Context, a badges.Assertion) (*StepLink, error) {
	by, err := credential.ReadReplacement(ctx, v.Read, a)
	return v.ReplacementLink(by), err
}

// ReplacementLink returns the link to a replacement; nil for the zero value.
func (v Views) ReplacementLink(by credential.Replacement) *StepLink {
	switch {
	case by.Assertion == "":
		return nil
	case by.Public:
		return &StepLink{Name: by.Badge, Path: v.Links.Page(by.Assertion)}
	}
	return &StepLink{Name: by.Badge}
}
