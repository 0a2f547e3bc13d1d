package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/templates"
)

// serviceCheck is a check of a platform's web services, as it is kept.
type serviceCheck struct {
	Site    string    `json:"site,omitempty"`
	Release string    `json:"release,omitempty"`
	Found   []finding `json:"found,omitempty"` // empty: all is well
}

// finding is one thing to mend.
type finding struct {
	Problem  string   `json:"problem"` // moodle's word
	Function string   `json:"function,omitempty"`
	Missing  []string `json:"missing,omitempty"` // capabilities, or names of activities
	Blocking bool     `json:"blocking,omitempty"`
}

// SetService stores how to read a platform and checks it at once. Only a
// failure of the store is an error; what the check found is kept for the page.
func (s *Server) SetService(ctx context.Context, id badges.PlatformID, service badges.Service) error {
	err := s.Store.Tx(ctx, func(tx *store.Tx) error { return tx.SetService(ctx, id, service) })
	if err != nil {
		return err
	}
	return s.runCheck(ctx, id)
}

func (s *Server) checkService(w http.ResponseWriter, r *http.Request, _ adminSession) error {
	p, err := s.pathPlatform(r)
	if err != nil {
		return err
	}
	if err := s.runCheck(r.Context(), p.ID); err != nil {
		return err
	}
	return seeOther(w, r, "/admin/platforms/"+string(p.ID)+"#service")
}

// runCheck tries everything Insigne needs, on a course it knows if there is
// one, and keeps the result.
func (s *Server) runCheck(ctx context.Context, id badges.PlatformID) error {
	courses, err := s.Store.Courses(ctx, id)
	if err != nil {
		return err
	}
	var course moodle.CourseID
	if len(courses) > 0 {
		course = moodle.CourseID(courses[0].Context)
	}
	var check serviceCheck
	client, err := s.Sites.Client(ctx, id)
	if err == nil {
		var report moodle.Report
		report, err = client.Check(ctx, course)
		check = keepCheck(report)
	}
	if reason := moodle.ReasonOf(err); reason != "" {
		check.Found = append(check.Found, finding{Problem: string(reason), Blocking: true})
	} else if err != nil {
		return err
	}
	text, err := json.Marshal(check)
	if err != nil {
		return fmt.Errorf("encode check: %w", err)
	}
	return s.Store.Tx(ctx, func(tx *store.Tx) error { return tx.SetServiceCheck(ctx, id, text) })
}

func keepCheck(report moodle.Report) serviceCheck {
	check := serviceCheck{Site: report.Site, Release: report.Release}
	for _, f := range report.Findings {
		check.Found = append(check.Found, finding{
			Problem: string(f.Problem), Function: f.Function,
			Missing: append(append([]string{}, f.Capabilities...), f.Activities...), Blocking: f.Blocking,
		})
	}
	return check
}

// checkView is a check in the reader's language.
type checkView struct {
	Site, Release string
	Lines         []checkLine
}

type checkLine struct {
	OK   bool
	Text string
	Code string // the function
	Fix  string
}

func viewCheck(kept json.RawMessage, locale templates.Locale) (*checkView, error) {
	if len(kept) == 0 {
		return nil, nil //nolint:nilnil // no check yet is no error, and nil is how the page knows
	}
	var check serviceCheck
	if err := json.Unmarshal(kept, &check); err != nil {
		return nil, fmt.Errorf("read check: %w", err)
	}
	view := &checkView{Site: check.Site, Release: check.Release}
	if len(check.Found) == 0 {
		view.Lines = []checkLine{{OK: true, Text: locale.T("admin.check_ok", nil)}}
	}
	for _, f := range check.Found {
		line := checkLine{Text: locale.T("problem.moodle."+f.Problem, nil), Code: f.Function, Fix: strings.Join(f.Missing, ", ")}
		switch moodle.Problem(f.Problem) {
		case moodle.ProblemFunctionMissing:
			line.Text, line.Fix = locale.T("admin.check_function_missing", nil), locale.T("admin.check_function_fix", nil)
		case moodle.ProblemCapabilityMissing:
			line.Text = locale.T("admin.check_capability_missing", nil)
			line.Fix += " — " + locale.T("admin.check_capability_fix", nil)
		default: // the other findings say it all in their sentence
		}
		view.Lines = append(view.Lines, line)
	}
	return view, nil
}
