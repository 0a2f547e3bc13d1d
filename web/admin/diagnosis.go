package admin

import (
	"net/http"
	"slices"
	"time"

	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/page"
)

// diagnosisData is the administrator's page about refused launches and logins.
type diagnosisData struct {
	Launches []launchRow
	Logins   []connect.RefusedLogin // refused before a launch
}

type launchRow struct {
	store.LaunchNote

	Platform    string // its name; empty if it is not connected
	SkewSeconds int
	Skewed      bool        // the two clocks differ too much
	Fix         connect.Fix // how to correct it
	Services    []string    // offered by the platform in a launch that succeeded; catalogue keys
}

func (h *Handler) diagnosisPage(w http.ResponseWriter, r *http.Request, admin page.AdminSession) error {
	locale := h.Locale(r, nil)
	page.RememberLanguage(w, r, locale)
	launches, err := h.Diagnosis.Launches(r.Context())
	if err != nil {
		return err
	}
	data := diagnosisData{Logins: h.Diagnosis.Logins()}
	for _, l := range launches {
		data.Launches = append(data.Launches, launchRow{
			LaunchNote: l.LaunchNote, Platform: l.PlatformName, SkewSeconds: int(l.Skew / time.Second),
			Skewed: l.Skewed, Fix: l.Fix, Services: servicesOf(l.Scopes),
		})
	}
	return h.Show(w, r, locale, "admin/diagnosis", admin.Page(locale.T("diagnosis.title", nil), data))
}

// servicesOf returns the catalogue keys of the services that scopes give access to.
func servicesOf(scopes []string) []string {
	var keys []string
	for _, service := range []struct{ scope, key string }{
		{lti.ScopeMemberships, "diagnosis.roster"},
		{lti.ScopeLineItem, "diagnosis.columns"},
		{lti.ScopeScore, "diagnosis.scores"},
		{lti.ScopeResult, "diagnosis.results"},
	} {
		if slices.Contains(scopes, service.scope) {
			keys = append(keys, service.key)
		}
	}
	return keys
}
