package connect

import (
	"context"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
)

// Deployments are the places where platforms offer Insigne. Nobody can launch
// from one that is not approved.
type Deployments struct{ store *store.Store }

// NewDeployments returns the deployments of a store.
func NewDeployments(st *store.Store) Deployments { return Deployments{store: st} }

// Of lists the deployments of a platform, those to decide on first.
func (d Deployments) Of(ctx context.Context, platform badges.PlatformID) ([]store.Deployment, error) {
	return d.store.Deployments(ctx, platform)
}

// Decide approves or refuses a deployment; fault.NotFound if it was never seen.
func (d Deployments) Decide(ctx context.Context, platform badges.PlatformID, deployment lti.DeploymentID, approve bool) error {
	return d.store.Tx(ctx, func(tx *store.Tx) error { return tx.DecideDeployment(ctx, platform, deployment, approve) })
}

// Arrived reports whether anybody ever opened Insigne from a platform: the first
// launch brings a course.
func (d Deployments) Arrived(ctx context.Context, platform badges.PlatformID) (bool, error) {
	courses, err := d.store.Courses(ctx, platform)
	return len(courses) > 0, err
}
