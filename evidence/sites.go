package evidence

import (
	"context"
	"sync"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/moodle"
)

// Services tells where a platform's web services are.
type Services interface {
	Service(ctx context.Context, platform badges.PlatformID) (badges.Service, error)
}

// Sites holds one Moodle client for each platform, so that the limit of
// parallel calls to a site holds whoever calls, and so does its rest.
type Sites struct {
	services Services
	calling  moodle.Config

	mu    sync.Mutex
	sites map[badges.PlatformID]*site
}

// site is a Moodle that is read.
type site struct {
	service badges.Service
	client  *moodle.Client
	now     func() time.Time

	mu      sync.Mutex
	report  moodle.ReportID // that tells who completed a course; empty: there is none
	checked time.Time       // when the report was looked for
}

// NewSites takes how sites are called: everything but where they are and with
// what token.
func NewSites(services Services, calling moodle.Config) *Sites {
	if calling.Now == nil {
		calling.Now = time.Now
	}
	return &Sites{services: services, calling: calling, sites: map[badges.PlatformID]*site{}}
}

// Client returns the platform's client. It is made anew when the administrator
// changes the address or the token. The error is fault.Conflict
// "problem.no_service" while they are not set.
func (s *Sites) Client(ctx context.Context, platform badges.PlatformID) (*moodle.Client, error) {
	at, err := s.site(ctx, platform)
	if err != nil {
		return nil, err
	}
	return at.client, nil
}

func (s *Sites) site(ctx context.Context, platform badges.PlatformID) (*site, error) {
	service, err := s.services.Service(ctx, platform)
	if err != nil {
		return nil, err
	}
	if !service.Ready() {
		return nil, fault.New(fault.Conflict, "problem.no_service")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if existing, ok := s.sites[platform]; ok && existing.service == service {
		return existing, nil
	}
	calling := s.calling
	calling.BaseURL, calling.Token = service.URL, string(service.Token)
	client, err := moodle.New(calling)
	if err != nil {
		return nil, err
	}
	made := &site{service: service, client: client, now: s.calling.Now}
	s.sites[platform] = made
	return made, nil
}

// reportKept is how long it is remembered which report serves, and that none
// does.
const reportKept = time.Hour

// completionReport reads who completed a course from a report that can tell. It
// is not ok where none can: then learners are asked about one by one. A report
// that served and no longer does, or not for this course, is no reason to do
// without the others.
func (s *site) completionReport(ctx context.Context, course moodle.CourseID, since time.Time) (rows moodle.CompletionRows, ok bool, err error) {
	report, chosen := s.chosenReport()
	if chosen && report == "" {
		return nil, false, nil
	}
	if chosen {
		rows, err = s.client.CompletionReport(ctx, report, course, since)
		if err == nil || !ofReport(err) {
			return rows, err == nil, err
		}
	}
	return s.chooseReport(ctx, course)
}

// chooseReport reads the reports in full, and remembers the one that tells most:
// read since a moment at which nothing happened, all look alike. One that also
// shows who did not complete the course leaves nobody to ask about.
func (s *site) chooseReport(ctx context.Context, course moodle.CourseID) (rows moodle.CompletionRows, ok bool, err error) {
	reports, err := s.reports(ctx)
	if err != nil {
		return nil, false, err
	}
	var best moodle.ReportID
	for _, report := range reports {
		found, err := s.client.CompletionReport(ctx, report, course, time.Time{})
		if err != nil && !ofReport(err) {
			return nil, false, err
		}
		if err != nil || ok && len(found) <= len(rows) {
			continue
		}
		best, rows, ok = report, found, true
		if showsIncomplete(found) {
			break
		}
	}
	if _, chosen := s.chosenReport(); ok || !chosen { // else one serves other courses
		s.keepReport(best)
	}
	return rows, ok, nil
}

func showsIncomplete(rows moodle.CompletionRows) bool {
	for _, row := range rows {
		if !row.Completed {
			return true
		}
	}
	return false
}

// chosenReport is the report that served last, empty where none did, if that is
// not too long ago.
func (s *site) chosenReport() (report moodle.ReportID, chosen bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.report, !s.checked.IsZero() && s.now().Sub(s.checked) < reportKept
}

// reports lists the reports that may tell who completed a course.
func (s *site) reports(ctx context.Context) ([]moodle.ReportID, error) {
	listed, err := s.client.Reports(ctx)
	if err != nil && !ofReport(err) {
		return nil, err
	}
	var ids []moodle.ReportID
	for _, r := range listed {
		if r.OnParticipants() {
			ids = append(ids, r.ID)
		}
	}
	return ids, nil
}

func (s *site) keepReport(report moodle.ReportID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.report, s.checked = report, s.now()
}
