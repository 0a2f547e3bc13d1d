package admin

import (
	"net/http"
	"strings"

	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/page"
)

func (h *Handler) checkService(w http.ResponseWriter, r *http.Request, _ page.AdminSession) error {
	p, err := h.pathPlatform(r)
	if err != nil {
		return err
	}
	if err := h.Services.Check(r.Context(), p.ID); err != nil {
		return err
	}
	return page.SeeOther(w, r, "/admin/platforms/"+string(p.ID)+"#service")
}

// checkView shows the result of a check in the reader's language.
type checkView struct {
	Site, Release string
	Course        string // the course that was tried; empty if none
	Lines         []checkLine
}

type checkLine struct {
	OK   bool
	Text string
	Code string // the web-service function
	Fix  string
}

func viewCheck(check *connect.ServiceCheck, locale templates.Locale) *checkView {
	if check == nil {
		return nil
	}
	view := &checkView{Site: check.Site, Release: check.Release, Course: check.Course}
	reported := false // the cost of a missing report is the same for all of them: say it once
	for _, f := range check.Found {
		cost := f.Cost()
		if cost == connect.CostReport && reported {
			cost = connect.CostUnsaid
		}
		reported = reported || cost == connect.CostReport
		view.Lines = append(view.Lines, viewFinding(f, cost, locale))
	}
	switch {
	case check.NoCourse():
		view.Lines = append(view.Lines, checkLine{OK: true, Text: locale.T("admin.check_untried", nil), Fix: locale.T("admin.check_untried_fix", nil)})
	case len(check.Found) == 0:
		view.Lines = []checkLine{{OK: true, Text: locale.T("admin.check_ok", nil)}}
	}
	return view
}

// viewFinding returns a line that says what is missing, what Insigne cannot do without
// it, and how to correct it.
func viewFinding(f connect.Finding, cost connect.Cost, locale templates.Locale) checkLine {
	line := checkLine{Text: locale.T(f.Key(), nil), Code: f.Function, Fix: strings.Join(f.Missing, ", ")}
	switch f.Problem {
	case moodle.ProblemFunctionMissing:
		line.Fix = locale.T(f.FixKey(), nil)
	case moodle.ProblemCapabilityMissing:
		line.Fix += " — " + locale.T(f.FixKey(), nil)
	default: // the sentence of the other findings says everything
	}
	if f.Report != "" {
		line.Text, line.Code = locale.T("admin.check_report", map[string]any{"Name": f.Report})+" "+line.Text, ""
	}
	if key := cost.Key(); key != "" {
		line.Text += " " + locale.T(key, nil)
	}
	return line
}
