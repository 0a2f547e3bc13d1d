package web

import (
	"context"
	"net/http"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
)

// decideDeployment approves or refuses a place where a platform offers
// Insigne.
func (s *Server) decideDeployment(w http.ResponseWriter, r *http.Request, _ adminSession) error {
	p, err := s.pathPlatform(r)
	if err != nil {
		return err
	}
	err = s.Deployments.Decide(r.Context(), p.ID, lti.DeploymentID(r.PostFormValue("deployment")), r.PostFormValue("decision") == "approve")
	if err != nil {
		return err
	}
	return seeOther(w, r, "/admin/platforms/"+string(p.ID)+"#deployments")
}

// arrivalData says whether a platform was ever opened from.
type arrivalData struct {
	Arrived bool
	Path    string // asked again and again until it was
}

// arrival is the line that turns green with the platform's first launch.
func (s *Server) arrival(w http.ResponseWriter, r *http.Request, admin adminSession) error {
	p, err := s.pathPlatform(r)
	if err != nil {
		return err
	}
	data, err := s.arrivalOf(r.Context(), p.ID)
	if err != nil {
		return err
	}
	return s.render(w, r, s.locale(r, nil), "admin/fragment/arrival", admin.page(p.Name, data))
}

func (s *Server) arrivalOf(ctx context.Context, id badges.PlatformID) (arrivalData, error) {
	arrived, err := s.Deployments.Arrived(ctx, id)
	return arrivalData{Arrived: arrived, Path: "/admin/platforms/" + string(id) + "/arrival"}, err
}
