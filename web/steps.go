package web

import (
	"context"
	"strings"

	"github.com/insigne-badges/insigne/badges"
)

// stepLink is another step of a badge.
type stepLink struct {
	Name  string
	Path  string // of the page about it; may be empty
	State badges.BadgeState
	Here  bool // the page is about it
}

// replacement names what took the place of an award: the step that counts now,
// with its public page if it has one. Nil for what is not replaced.
func (s *Server) replacement(ctx context.Context, a badges.Assertion) (*stepLink, error) {
	if a.State != badges.Replaced {
		return nil, nil //nolint:nilnil // nothing took its place
	}
	by := a
	for by.State == badges.Replaced { // upwards, so that it ends
		var err error
		if by, err = s.Store.Assertion(ctx, by.ReplacedBy); err != nil {
			return nil, err
		}
	}
	v, err := s.Store.Version(ctx, by.Version)
	if err != nil {
		return nil, err
	}
	link := &stepLink{Name: v.Name}
	if by.Public() {
		link.Path = s.publicURL(by.ID)
	}
	return link, nil
}

// replacedReason is what machines read at the address of a replaced award, in
// the badge's language.
func (s *Server) replacedReason(ctx context.Context, a badges.Assertion) (string, error) {
	v, err := s.Store.Version(ctx, a.Version)
	if err != nil {
		return "", err
	}
	by, err := s.replacement(ctx, a)
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(s.Templates.Locale(v.Language).T("step.replaced_by", map[string]any{"Badge": by.Name}) + " " + by.Path), nil
}
