package connect

import (
	"context"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
)

// Deployments lists and decides about the places where platforms offer Insigne. Nobody
// can launch from a deployment that is not approved.
type Deployments struct{ store *store.Store }

// NewDeployments returns the Deployments of a store.
func NewDeployments(st *store.Store) Deployments { return Deployments{store: st} }

// Of returns the deployments of a platform, those that wait for a decision first.
func (d Deployments) Of(ctx context.Context, platform badges.PlatformID) ([]store.Deployment, error) {
	return d.store.Deployments(ctx, platform)
}

// Decide approves or refuses a deployment. The error is fault.NotFound if there is no
// such deployment.
func (d Deployments) Decide(ctx context.Context, platform badges.PlatformID, deployment lti.DeploymentID, approve bool) error {
	return d.store.Tx(ctx, func(tx *store.Tx) error { return tx.DecideDeployment(ctx, platform, deployment, approve) })
}

// Arrived reports whether anybody has opened Insigne from a platform. The first launch
// creates a course.
func (d Deployments) Arrived(ctx context.Context, platform badges.PlatformID) (bool, error) {
	courses, err := d.store.Courses(ctx, platform)
	return len(courses) > 0, err
}
