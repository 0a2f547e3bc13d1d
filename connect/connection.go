package connect

import (
	"context"
	"slices"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
)

// Connection checks what a platform grants to Insigne over LTI.
type Connection struct {
	store  *store.Store
	tool   *lti.Tool
	scopes []string
}

// NewConnection returns a Connection that checks each of scopes.
func NewConnection(st *store.Store, tool *lti.Tool, scopes []string) Connection {
	return Connection{store: st, tool: tool, scopes: scopes}
}

// Check tries an access token for each scope, the roster and the columns of a course,
// and the clocks. It changes nothing in the platform or here. A refusal by the platform
// is a probe, not an error.
func (c Connection) Check(ctx context.Context, p store.Platform) ([]Probe, error) {
	probes, err := c.tokens(ctx, p.Registration)
	if err != nil {
		return nil, err
	}
	course, services, err := c.openedCourse(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	if course.Context == "" {
		return append(probes, Probe{Kind: ProbeCourse}), nil
	}
	members, err := c.tool.Roster(ctx, p.Registration, services.MembershipsURL)
	roster, err := probeOf(ProbeRoster, len(members), err)
	if err != nil {
		return nil, err
	}
	items, err := c.tool.Grades(p.Registration, services).LineItems(ctx, lti.LineItemFilter{})
	columns, err := probeOf(ProbeColumns, len(items), err)
	if err != nil {
		return nil, err
	}
	clocks, err := c.clocks(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	return append(append(probes, roster, columns), clocks...), nil
}

// tokens requests a token for each scope alone, because a token for several scopes does
// not show which of them are granted.
func (c Connection) tokens(ctx context.Context, reg lti.Registration) ([]Probe, error) {
	probes := make([]Probe, 0, len(c.scopes))
	for _, scope := range c.scopes {
		_, err := c.tool.AccessToken(ctx, reg, scope)
		p, err := probeOf(ProbeToken, 0, err)
		if err != nil {
			return nil, err
		}
		p.Scope = scope
		probes = append(probes, p)
	}
	return probes, nil
}

// openedCourse returns a course of the platform with known services; zero values if
// there is none.
func (c Connection) openedCourse(ctx context.Context, id badges.PlatformID) (badges.Course, lti.Services, error) {
	courses, err := c.store.Courses(ctx, id)
	if err != nil {
		return badges.Course{}, lti.Services{}, err
	}
	for _, course := range courses {
		services, err := c.store.Services(ctx, course.CourseKey)
		if err != nil || services.MembershipsURL != "" || services.LineItemsURL != "" {
			return course, services, err
		}
	}
	return badges.Course{}, lti.Services{}, nil
}

// clocks compares the clocks in the last launch that succeeded; nil if there is none.
func (c Connection) clocks(ctx context.Context, id badges.PlatformID) ([]Probe, error) {
	notes, err := c.store.Launches(ctx, launchesRead)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(notes, func(n store.LaunchNote) bool { return n.Platform == id && n.Reason == "" })
	if i < 0 {
		return nil, nil
	}
	skew := notes[i].Skew.Abs()
	return []Probe{{Kind: ProbeClocks, OK: skew <= tolerableSkew, Count: int(skew / time.Second)}}, nil
}
