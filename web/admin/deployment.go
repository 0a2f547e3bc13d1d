package admin

import (
	"context"
	"net/http"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/web/page"
)

// decideDeployment approves or refuses a deployment.
func (h *Handler) decideDeployment(w http.ResponseWriter, r *http.Request, _ page.AdminSession) error {
	p, err := h.pathPlatform(r)
	if err != nil {
		return err
	}
	err = h.Deployments.Decide(r.Context(), p.ID, lti.DeploymentID(r.PostFormValue("deployment")), r.PostFormValue("decision") == "approve")
	if err != nil {
		return err
	}
	return page.SeeOther(w, r, "/admin/platforms/"+string(p.ID)+"#deployments")
}

// arrivalData says whether anybody has opened Insigne from a platform.
type arrivalData struct {
	Arrived bool
	Path    string // address that the page asks again until somebody has
}

// arrival shows the line that turns green after the first launch from a platform.
func (h *Handler) arrival(w http.ResponseWriter, r *http.Request, admin page.AdminSession) error {
	p, err := h.pathPlatform(r)
	if err != nil {
		return err
	}
	data, err := h.arrivalOf(r.Context(), p.ID)
	if err != nil {
		return err
	}
	return h.Show(w, r, h.Locale(r, nil), "admin/fragment/arrival", admin.Page(p.Name, data))
}

func (h *Handler) arrivalOf(ctx context.Context, id badges.PlatformID) (arrivalData, error) {
	arrived, err := h.Deployments.Arrived(ctx, id)
	return arrivalData{Arrived: arrived, Path: "/admin/platforms/" + string(id) + "/arrival"}, err
}
