package web

import (
	"context"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
)

// stepLink is another step of a badge.
type stepLink struct {
	Name  string
	Path  string // of the page about it; may be empty
	State badges.BadgeState
	Here  bool // the page is about it
}

// replacement names the step that counts now in the place of an award, with its
// public page if it has one. Nil while the award itself counts.
func (s *Server) replacement(ctx context.Context, a badges.Assertion) (*stepLink, error) {
	by, err := credential.ReadReplacement(ctx, s.Store, a)
	return s.replacementLink(by), err
}

func (s *Server) replacementLink(by credential.Replacement) *stepLink {
	switch {
	case by.Assertion == "":
		return nil
	case by.Public:
		return &stepLink{Name: by.Badge, Path: s.Links.Page(by.Assertion)}
	}
	return &stepLink{Name: by.Badge}
}
