package web

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/templates"
)

// testConnection tries what an LMS grants, and says in plain words what came of
// it. Nothing is changed on either side.
func (s *Server) testConnection(w http.ResponseWriter, r *http.Request, admin adminSession) error {
	p, err := s.pathPlatform(r)
	if err != nil {
		return err
	}
	locale := s.locale(r, nil)
	lines, err := s.connection(r.Context(), p, locale)
	if err != nil {
		return err
	}
	return s.showPlatform(w, r, admin, p, platformData{Connection: lines}, nil)
}

// connection is the report of a test: an access token for each service, the
// roster and columns of a course that was opened, and the clocks.
func (s *Server) connection(ctx context.Context, p store.Platform, locale templates.Locale) ([]checkLine, error) {
	lines := s.tokenLines(ctx, p.Registration, locale)
	course, services, err := s.openedCourse(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	if course.Context == "" {
		lines = append(lines, checkLine{Text: locale.T("connection.no_course", nil), Fix: locale.T("connection.no_course_fix", nil)})
		return lines, nil
	}
	members, err := s.Tool.Roster(ctx, p.Registration, services.MembershipsURL)
	lines = append(lines, reportLine(err, locale, "connection.roster", map[string]any{"Count": len(members)}))
	columns, err := s.Tool.Grades(p.Registration, services).LineItems(ctx, lti.LineItemFilter{})
	lines = append(lines, reportLine(err, locale, "connection.columns", map[string]any{"Count": len(columns)}))
	skew, err := s.clockLine(ctx, p.ID, locale)
	if err != nil {
		return nil, err
	}
	return append(lines, skew...), nil
}

// tokenLines ask for each scope alone: only a token tells what is granted.
func (s *Server) tokenLines(ctx context.Context, reg lti.Registration, locale templates.Locale) []checkLine {
	lines := make([]checkLine, 0, len(s.client().Scopes))
	for _, scope := range s.client().Scopes {
		_, err := s.Tool.AccessToken(ctx, reg, scope)
		line := reportLine(err, locale, "connection.granted", nil)
		line.Code = scope
		lines = append(lines, line)
	}
	return lines
}

func reportLine(err error, locale templates.Locale, key string, args map[string]any) checkLine {
	if err != nil {
		return checkLine{Text: message(err, locale), Fix: locale.T("connection.fix", nil)}
	}
	return checkLine{OK: true, Text: locale.T(key, args)}
}

// openedCourse is a course of the platform whose services are known.
func (s *Server) openedCourse(ctx context.Context, id badges.PlatformID) (badges.Course, lti.Services, error) {
	courses, err := s.Store.Courses(ctx, id)
	if err != nil {
		return badges.Course{}, lti.Services{}, err
	}
	for _, c := range courses {
		services, err := s.Store.Services(ctx, c.CourseKey)
		if err != nil || services.MembershipsURL != "" || services.LineItemsURL != "" {
			return c, services, err
		}
	}
	return badges.Course{}, lti.Services{}, nil
}

// clockLine compares the clocks by the last launch that succeeded.
func (s *Server) clockLine(ctx context.Context, id badges.PlatformID, locale templates.Locale) ([]checkLine, error) {
	notes, err := s.Store.Launches(ctx, launchesShown)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(notes, func(n store.LaunchNote) bool { return n.Platform == id && n.Reason == "" })
	if i < 0 {
		return nil, nil
	}
	line := checkLine{OK: notes[i].Skew.Abs() <= skewWorthTelling, Text: locale.T("connection.clocks", map[string]any{"Count": int(notes[i].Skew.Abs() / time.Second)})}
	if !line.OK {
		line.Fix = locale.T("diagnosis.fix.clocks", nil)
	}
	return []checkLine{line}, nil
}
