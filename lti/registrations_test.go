package lti_test

import (
	"context"
	"slices"
	"sync"

	"github.com/insigne-badges/insigne/lti"
)

// memory keeps what the tool needs kept.
type memory struct {
	mu            sync.Mutex
	registrations []lti.Registration
	used          map[string]lti.Launch     // by login
	deployments   map[lti.DeploymentID]bool // approved; every one seen is noted
	keys          []lti.SigningKey
}

func (m *memory) RegistrationsOf(_ context.Context, issuer, clientID string) ([]lti.Registration, error) {
	return slices.DeleteFunc(slices.Clone(m.registrations), func(r lti.Registration) bool {
		return r.Issuer != issuer || (clientID != "" && r.ClientID != clientID)
	}), nil
}

func (m *memory) Registration(_ context.Context, id lti.RegistrationID) (lti.Registration, error) {
	for _, r := range m.registrations {
		if r.ID == id {
			return r, nil
		}
	}
	return lti.Registration{}, lti.ErrNotFound
}

func (m *memory) DeploymentApproved(_ context.Context, _ lti.RegistrationID, id lti.DeploymentID) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	approved := m.deployments[id]
	m.deployments[id] = approved
	return approved, nil
}

func (m *memory) UseLogin(_ context.Context, id string, launch lti.Launch) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, used := m.used[id]; used {
		return lti.ErrUsed
	}
	m.used[id] = launch
	return nil
}

func (m *memory) SigningKeys(context.Context) ([]lti.SigningKey, error) { return m.keys, nil }
