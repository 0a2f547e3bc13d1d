package lti_test

import (
	"context"
	"slices"
	"sync"

	"github.com/insigne-badges/insigne/lti"
)

// fakeStore stores what the tool needs, in memory.
type fakeStore struct {
	mu            sync.Mutex
	registrations []lti.Registration
	used          map[string]lti.Launch     // by login
	deployments   map[lti.DeploymentID]bool // whether approved; contains every deployment that was seen
	keys          []lti.SigningKey
}

func (m *fakeStore) RegistrationsOf(_ context.Context, issuer, clientID string) ([]lti.Registration, error) {
	return slices.DeleteFunc(slices.Clone(m.registrations), func(r lti.Registration) bool {
		return r.Issuer != issuer || (clientID != "" && r.ClientID != clientID)
	}), nil
}

func (m *fakeStore) Registration(_ context.Context, id lti.RegistrationID) (lti.Registration, error) {
	for _, r := range m.registrations {
		if r.ID == id {
			return r, nil
		}
	}
	return lti.Registration{}, lti.ErrNotFound
}

func (m *fakeStore) DeploymentApproved(_ context.Context, _ lti.RegistrationID, id lti.DeploymentID) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	approved := m.deployments[id]
	m.deployments[id] = approved
	return approved, nil
}

func (m *fakeStore) UseLogin(_ context.Context, id string, launch lti.Launch) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, used := m.used[id]; used {
		return lti.ErrUsed
	}
	m.used[id] = launch
	return nil
}

func (m *fakeStore) SigningKeys(context.Context) ([]lti.SigningKey, error) { return m.keys, nil }
