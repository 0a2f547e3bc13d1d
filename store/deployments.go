package store

import (
	"context"
	"fmt"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/lti"
)

// Deployment is an LTI deployment: one place in a platform where the tool is
// installed.
type Deployment struct {
	ID       lti.DeploymentID
	Approved bool
	Refused  bool // if neither is set, an administrator has to decide
	SeenAt   time.Time
}

// DeploymentApproved implements lti.Registrations. It writes only when it sees
// a deployment for the first time.
func (s *Store) DeploymentApproved(ctx context.Context, registration lti.RegistrationID, deployment lti.DeploymentID) (bool, error) {
	var approved bool
	err := notFound(s.q.QueryRowContext(ctx,
		`select approved from deployments where platform_id = $1 and deployment_id = $2`, registration, deployment).Scan(&approved), "deployment")
	if !fault.Is(err, fault.NotFound) {
		return approved, err
	}
	return false, s.Tx(ctx, func(tx *Tx) error {
		_, err := tx.q.ExecContext(ctx, `
			insert into deployments (platform_id, deployment_id, approved, seen_at) values ($1, $2, false, $3)
			on conflict (platform_id, deployment_id) do nothing`, registration, deployment, tx.now)
		return err
	})
}

// Deployments lists the deployments of a platform, first those that an
// administrator has to decide about.
func (r reads) Deployments(ctx context.Context, platform badges.PlatformID) ([]Deployment, error) {
	rows, err := r.q.QueryContext(ctx, `
		select deployment_id, approved, refused, seen_at from deployments where platform_id = $1
		order by approved, refused, seen_at, deployment_id`, platform)
	list, err := all(rows, err, func(row row) (Deployment, error) {
		var d Deployment
		return d, row.Scan(&d.ID, &d.Approved, &d.Refused, &d.SeenAt)
	})
	if err != nil {
		return nil, fmt.Errorf("read deployments: %w", err)
	}
	return list, nil
}

// state returns the decision about d for the audit log.
func (d Deployment) state() string {
	switch {
	case d.Approved:
		return "approved"
	case d.Refused:
		return "refused"
	}
	return "pending"
}

// DecideDeployment approves or refuses a deployment; fault.NotFound if no
// launch named it yet.
func (tx *Tx) DecideDeployment(ctx context.Context, platform badges.PlatformID, deployment lti.DeploymentID, approve bool) error {
	return tx.decideDeployment(ctx, platform, Deployment{ID: deployment, Approved: approve, Refused: !approve}, badges.ByAdmin, "")
}

// approveWith approves the deployment that a registration names, even if no
// launch named it yet.
func (tx *Tx) approveWith(ctx context.Context, platform badges.PlatformID, deployment lti.DeploymentID, by string) error {
	_, err := tx.q.ExecContext(ctx, `
		insert into deployments (platform_id, deployment_id, approved, seen_at) values ($1, $2, false, $3)
		on conflict (platform_id, deployment_id) do nothing`, platform, deployment, tx.now)
	if err != nil {
		return fmt.Errorf("write deployment: %w", err)
	}
	return tx.decideDeployment(ctx, platform, Deployment{ID: deployment, Approved: true}, by, "registration")
}

func (tx *Tx) decideDeployment(ctx context.Context, platform badges.PlatformID, decided Deployment, by, reason string) error {
	var before Deployment
	// This update changes nothing. It locks the row, so that the second of two
	// simultaneous decisions sees the first.
	err := tx.q.QueryRowContext(ctx, `update deployments set seen_at = seen_at where platform_id = $1 and deployment_id = $2 returning approved, refused`,
		platform, decided.ID).Scan(&before.Approved, &before.Refused)
	if err != nil || before.state() == decided.state() {
		return notFound(err, "deployment")
	}
	result, err := tx.q.ExecContext(ctx, `update deployments set approved = $3, refused = $4 where platform_id = $1 and deployment_id = $2`,
		platform, decided.ID, decided.Approved, decided.Refused)
	if err := one(result, err, "deployment"); err != nil {
		return err
	}
	return tx.Audit(ctx, badges.AuditEntry{
		Course: badges.CourseKey{Platform: platform}, Actor: by, Action: badges.DeploymentDecided, Object: string(decided.ID),
		Old: before.state(), New: decided.state(), Reason: reason,
	})
}
