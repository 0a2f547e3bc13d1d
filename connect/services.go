package connect

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/evidence"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/store"
)

// Services saves and checks the address and token of a platform's web services.
type Services struct {
	store *store.Store
	sites *evidence.Sites
}

// NewServices returns a Services that calls platforms through sites.
func NewServices(st *store.Store, sites *evidence.Sites) Services {
	return Services{store: st, sites: sites}
}

// EnteredService returns the service that an administrator typed in. If token is empty,
// it keeps the token of present. The error is fault.Invalid; the service then still has
// what was typed, so that the form can show it again.
func EnteredService(present badges.Service, address, token string) (badges.Service, error) {
	service := badges.Service{URL: strings.TrimRight(strings.TrimSpace(address), "/"), Token: present.Token}
	if token = strings.TrimSpace(token); token != "" {
		service.Token = badges.Secret(token)
	}
	u, err := url.Parse(service.URL)
	switch {
	case err != nil || u.Host == "" || u.User != nil || (u.Scheme != "https" && u.Scheme != "http"):
		return service, fault.New(fault.Invalid, "admin.service_url_invalid")
	case service.Token == "":
		return service, fault.New(fault.Invalid, "admin.token_missing")
	}
	return service, nil
}

// Save stores how to reach a platform's web services and checks them at once. Problems
// that the check finds are not an error: they are stored, see ReadServiceCheck.
func (s Services) Save(ctx context.Context, platform badges.PlatformID, service badges.Service) error {
	err := s.store.Tx(ctx, func(tx *store.Tx) error { return tx.SetService(ctx, platform, service) })
	if err != nil {
		return err
	}
	return s.Check(ctx, platform)
}

// Check tries all calls that Insigne needs and stores the result. For calls about a
// course it uses a course of the platform, if there is one.
func (s Services) Check(ctx context.Context, platform badges.PlatformID) error {
	check, err := s.check(ctx, platform)
	if err != nil {
		return err
	}
	text, err := json.Marshal(check)
	if err != nil {
		return fmt.Errorf("encode check: %w", err)
	}
	return s.store.Tx(ctx, func(tx *store.Tx) error { return tx.SetServiceCheck(ctx, platform, text) })
}

func (s Services) check(ctx context.Context, platform badges.PlatformID) (ServiceCheck, error) {
	courses, err := s.store.Courses(ctx, platform)
	if err != nil {
		return ServiceCheck{}, err
	}
	var course moodle.CourseID
	if len(courses) > 0 {
		course = moodle.CourseID(courses[0].Context)
	}
	var check ServiceCheck
	client, err := s.sites.Client(ctx, platform)
	if err == nil {
		var report moodle.CheckResult
		report, err = client.Check(ctx, course)
		check = newServiceCheck(report)
		if len(courses) > 0 {
			check.Course = courses[0].Title
		}
	}
	if reason := moodle.ReasonOf(err); reason != "" {
		check.Found = append(check.Found, Finding{Problem: moodle.Problem(reason), Blocking: true})
		return check, nil
	}
	return check, err
}
