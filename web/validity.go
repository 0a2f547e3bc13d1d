package web

import (
	"context"
	"time"

	"github.com/insigne-badges/insigne/badges"
)

// validity is until when an award is valid.
type validity struct {
	ExpiresAt time.Time // zero: for ever, or not released yet
	Expired   bool
}

func (s *Server) validityOf(a badges.Assertion) validity {
	return validity{ExpiresAt: a.ExpiresAt, Expired: a.Expired(s.Now())}
}

// chainLink is one of the awards of a badge to the same learner.
type chainLink struct {
	validity

	AwardedAt time.Time
	State     badges.AssertionState
	Shown     bool   // the page is about it
	Path      string // of the teacher's page of it, or its public page; may be empty
}

// neighbours returns the nearest public awards before and after a public one;
// nil without one. It passes over awards that are not public.
func (s *Server) neighbours(ctx context.Context, a badges.Assertion) (earlier, newer *chainLink, err error) {
	if a.Previous == "" && a.Next == "" {
		return nil, nil, nil
	}
	chain, err := s.Store.Chain(ctx, a.Course, a.Badge, a.User)
	if err != nil {
		return nil, nil, err
	}
	passed := false
	for _, one := range chain { // the newest first
		if one.ID == a.ID {
			passed = true
			continue
		}
		if !one.Public() {
			continue
		}
		link := &chainLink{validity: s.validityOf(one), AwardedAt: one.AwardedAt, State: one.State, Path: s.Links.Page(one.ID)}
		if passed {
			return link, newer, nil
		}
		newer = link
	}
	return nil, newer, nil
}

// renewable reports whether a is the newest award that its learner knows of a badge
// that they can earn again now.
func (s *Server) renewable(ctx context.Context, a badges.Assertion) (bool, error) {
	if a.State == badges.Replaced {
		return false, nil
	}
	c, err := s.Store.CaseOf(ctx, a.Course, a.Badge, a.User)
	if err != nil {
		return false, err
	}
	c = c.AsLearner()
	return c.Last.Assertion == a.ID && c.Again(s.Now()), nil
}
