package connect_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
)

// TestDeployments decides about deployments.
func TestDeployments(t *testing.T) {
	w := newWorld(t)
	deployments := connect.NewDeployments(w.store)
	here, there := w.connected("https://lms.example"), w.connected("https://other.example")
	approved := func(platform badges.PlatformID, d lti.DeploymentID) bool {
		t.Helper()
		yes, err := w.store.DeploymentApproved(t.Context(), lti.RegistrationID(platform), d)
		w.must(err)
		return yes
	}
	if approved(here, "d1") { // a launch asks for it, which lists it
		t.Error("approved before anybody decided")
	}
	list, err := deployments.Of(t.Context(), here)
	w.must(err)
	if diff := cmp.Diff([]store.Deployment{{ID: "d1", SeenAt: begin}}, list); diff != "" {
		t.Errorf("deployments (-want +got):\n%s", diff)
	}
	for name, tt := range map[string]struct {
		platform   badges.PlatformID
		deployment lti.DeploymentID
	}{"never seen": {here, "d2"}, "of another platform": {there, "d1"}, "of no platform": {"x", "d1"}} {
		if err := deployments.Decide(t.Context(), tt.platform, tt.deployment, true); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v, want not found", name, err)
		}
	}
	if approved(here, "d1") || approved(there, "d1") {
		t.Error("approved by a decision about another")
	}
	w.must(deployments.Decide(t.Context(), here, "d1", true))
	if !approved(here, "d1") || approved(there, "d1") {
		t.Error("not approved here, or there as well")
	}
	w.must(deployments.Decide(t.Context(), here, "d1", false))
	if approved(here, "d1") {
		t.Error("still approved")
	}
	if diff := cmp.Diff([]string{"admin platform_added", "admin deployment_decided", "admin deployment_decided"}, w.acts(here)); diff != "" {
		t.Errorf("audit log (-want +got):\n%s", diff)
	}
}

// TestArrived checks that the first launch from a platform is noticed.
func TestArrived(t *testing.T) {
	w := newWorld(t)
	deployments := connect.NewDeployments(w.store)
	here, there := w.connected("https://lms.example"), w.connected("https://other.example")
	arrived := func(want ...bool) {
		t.Helper()
		for i, platform := range []badges.PlatformID{here, there} {
			if got, err := deployments.Arrived(t.Context(), platform); err != nil || got != want[i] {
				t.Errorf("platform %d: %v, %v; want %v", i, got, err, want[i])
			}
		}
	}
	arrived(false, false)
	w.tx(func(tx *store.Tx) error {
		return tx.Arrive(t.Context(), store.Arrival{Course: badges.Course{CourseKey: badges.CourseKey{Platform: here, Context: "1"}}, Member: badges.Member{User: "u"}})
	})
	arrived(true, false)
}
