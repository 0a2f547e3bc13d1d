package admin

import (
	"net/http"

	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/page"
)

// testConnection tries what an LMS grants to Insigne and shows the results. It changes
// nothing in the LMS or here.
func (h *Handler) testConnection(w http.ResponseWriter, r *http.Request, admin page.AdminSession) error {
	p, err := h.pathPlatform(r)
	if err != nil {
		return err
	}
	probes, err := h.Connection.Check(r.Context(), p)
	if err != nil {
		return err
	}
	return h.showPlatform(w, r, admin, p, platformData{Connection: viewProbes(probes, h.Locale(r, nil))}, nil)
}

func viewProbes(probes []connect.Probe, locale templates.Locale) []checkLine {
	lines := make([]checkLine, len(probes))
	for i, p := range probes {
		lines[i] = checkLine{OK: p.OK, Text: locale.T(p.Key(), map[string]any{"Count": p.Count}), Code: p.Scope}
		if key := p.FixKey(); key != "" {
			lines[i].Fix = locale.T(key, nil)
		}
	}
	return lines
}
