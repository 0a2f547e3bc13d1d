package evidence

import (
	"context"
	"net/http"
	"sync"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/fault"
	"github.com/insigne-badges/insigne/moodle"
)

// Services tells where a platform's web services are.
type Services interface {
	Service(ctx context.Context, platform badges.PlatformID) (badges.Service, error)
}

// Sites holds one Moodle client for each platform, so that the limit of
// parallel calls to a site holds whoever calls.
type Sites struct {
	services Services
	http     *http.Client

	mu      sync.Mutex
	clients map[badges.PlatformID]site
}

type site struct {
	service badges.Service
	client  *moodle.Client
}

// NewSites takes the HTTP client that decides which networks may be reached.
func NewSites(services Services, http *http.Client) *Sites {
	return &Sites{services: services, http: http, clients: map[badges.PlatformID]site{}}
}

// Client returns the platform's client. It is made anew when the administrator
// changes the address or the token. The error is fault.Conflict
// "problem.no_service" while they are not set.
func (s *Sites) Client(ctx context.Context, platform badges.PlatformID) (*moodle.Client, error) {
	service, err := s.services.Service(ctx, platform)
	if err != nil {
		return nil, err
	}
	if !service.Ready() {
		return nil, fault.New(fault.Conflict, "problem.no_service")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if known, ok := s.clients[platform]; ok && known.service == service {
		return known.client, nil
	}
	client, err := moodle.New(moodle.Config{BaseURL: service.URL, Token: string(service.Token), HTTP: s.http})
	if err != nil {
		return nil, err
	}
	s.clients[platform] = site{service: service, client: client}
	return client, nil
}
