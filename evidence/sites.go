package evidence

import (
	"context"
	"sync"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/moodle"
)

// Services returns the address and token of a platform's web services.
type Services interface {
	Service(ctx context.Context, platform badges.PlatformID) (badges.Service, error)
}

// Sites has one Moodle client for each platform, so that all callers share its limit of
// parallel calls and its pause after failures.
type Sites struct {
	services Services
	calling  moodle.Config

	mu    sync.Mutex
	sites map[badges.PlatformID]*site
}

// site is a Moodle site with its client.
type site struct {
	service badges.Service
	client  *moodle.Client
	now     func() time.Time

	mu      sync.Mutex
	report  moodle.ReportID // the report from which completions are read; empty: none
	checked time.Time       // when the report was chosen
}

// NewSites returns the sites of services. calling configures their clients; it needs no
// address and no token.
func NewSites(services Services, calling moodle.Config) *Sites {
	if calling.Now == nil {
		calling.Now = time.Now
	}
	return &Sites{services: services, calling: calling, sites: map[badges.PlatformID]*site{}}
}

// Client returns the platform's client. After the administrator changed the address or
// the token, it returns a new one. The error is fault.Conflict "problem.no_service" if
// they are not set.
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

// reportKept is how long a choice of a report is used, also the result that no report
// is suitable.
const reportKept = time.Hour

// completionReport reads the completions of a course from a suitable report; ok is
// false if there is none, so that learners must be asked about one by one. If the
// chosen report cannot be used any more, or not for this course, it tries the others.
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

// chooseReport reads all reports completely and keeps the one with the most rows. It
// does not read them since a time, because without new completions all reports are
// empty. It prefers a report that also shows who did not complete the course: then
// nobody has to be asked about.
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
	if _, chosen := s.chosenReport(); ok || !chosen { // otherwise the choice still serves other courses
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

// chosenReport returns the report in use, empty if none is suitable. chosen is false if
// no report was chosen within reportKept.
func (s *site) chosenReport() (report moodle.ReportID, chosen bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.report, !s.checked.IsZero() && s.now().Sub(s.checked) < reportKept
}

// reports lists the reports from which completions could be read.
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
