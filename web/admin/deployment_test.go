package admin_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
)

// deployments returns the deployments of the world's platform, by id.
func (s *site) deployments(t *testing.T) map[lti.DeploymentID]store.Deployment {
	t.Helper()
	list, err := s.Store.Deployments(t.Context(), s.World.Course.Platform)
	must(t, err)
	byID := map[lti.DeploymentID]store.Deployment{}
	for _, d := range list {
		byID[d.ID] = d
	}
	return byID
}

// TestDecideDeployment approves and refuses a known deployment.
func TestDecideDeployment(t *testing.T) {
	s := newSite(t)
	b := s.Administrator(t)
	if approved, err := s.Store.DeploymentApproved(t.Context(), lti.RegistrationID(s.World.Course.Platform), "9"); approved || err != nil {
		t.Fatalf("a new deployment is approved: %t, %v", approved, err)
	}
	shows(t, b.Get(s.path("")), http.StatusOK, "Waits for you")
	for _, tt := range []struct {
		decision string
		approved bool
		says     string
	}{{"approve", true, "Approved"}, {"refuse", false, "Refused"}, {"approve", true, "Approved"}, {"", false, "Refused"}} {
		leadsTo(t, b.Post(s.path("/deployments"), url.Values{"deployment": {"9"}, "decision": {tt.decision}}), s.path("#deployments"))
		if d := s.deployments(t)["9"]; d.Approved != tt.approved || d.Refused == tt.approved {
			t.Errorf("%q: stored %+v", tt.decision, d)
		}
		shows(t, b.Get(s.path("")), http.StatusOK, tt.says)
	}
	if !s.deployments(t)["1"].Approved {
		t.Error("the other deployment is decided too")
	}
}

// TestDecideUnseenDeployment refuses to approve a deployment that the platform never
// named, even if another platform did.
func TestDecideUnseenDeployment(t *testing.T) {
	s := newSite(t)
	other := s.another(t, "https://other.example")
	if _, err := s.Store.DeploymentApproved(t.Context(), lti.RegistrationID(other), "9"); err != nil {
		t.Fatal(err)
	}
	shows(t, s.Administrator(t).Post(s.path("/deployments"), url.Values{"deployment": {"9"}, "decision": {"approve"}}), http.StatusNotFound, "There is nothing at this address.")
	if approved, err := s.Store.DeploymentApproved(t.Context(), lti.RegistrationID(other), "9"); approved || err != nil || len(s.deployments(t)) != 1 {
		t.Errorf("approved %t, %v; %+v", approved, err, s.deployments(t))
	}
}
