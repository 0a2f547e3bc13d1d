package award_test

import (
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// medals are three steps of one badge, all switched on.
type medals struct {
	storetest.World
	steps []badges.Badge // bronze, silver, gold
	user  badges.UserID  // the learner of the awards
}

const (
	bronze = iota
	silver
	gold
)

func newMedals(t *testing.T, s *store.Store) medals {
	t.Helper()
	m := medals{World: storetest.NewWorld(t, s, "a"), user: "6"}
	m.steps = []badges.Badge{m.Badge}
	for range 2 {
		m.steps = append(m.steps, m.NextStep(t, s, m.steps[len(m.steps)-1].ID))
	}
	return m
}

// of returns an award of a step to the learner.
func (m medals) of(step int) badges.Assertion {
	a := m.Assertion(m.user)
	a.Badge, a.Version = m.steps[step].ID, m.steps[step].Current.ID
	return a
}

// months sets the validity of a step.
func (m *medals) months(t *testing.T, s *store.Store, step, months int) {
	t.Helper()
	m.steps[step] = m.Months(t, s, m.steps[step], months)
}

// has returns the state of the newest award of each step.
func (m medals) has(t *testing.T, s *store.Store) string {
	t.Helper()
	var states []string
	for _, b := range m.steps {
		h, err := s.Holding(t.Context(), m.Course, b.ID, m.user)
		if fault.Is(err, fault.NotFound) {
			states = append(states, "-")
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		states = append(states, string(h.State))
	}
	return strings.Join(states, " ")
}

// checkPlaces checks that every replaced award, and no other, names an award of
// a higher step, and that at most one public step is valid.
func (m medals) checkPlaces(t *testing.T, s *store.Store, now time.Time) {
	t.Helper()
	list, err := s.AssertionsOf(t.Context(), m.Course, m.user)
	if err != nil {
		t.Fatal(err)
	}
	rank := map[badges.BadgeID]int{}
	for i, b := range m.steps {
		rank[b.ID] = i
	}
	public := 0
	for _, a := range list {
		if a.State == badges.Claimed && !a.Expired(now) {
			public++
		}
		if a.State != badges.Replaced {
			if a.ReplacedFrom != "" && a.State != badges.Revoked && a.State != badges.Withdrawn {
				t.Errorf("%+v is not replaced", a)
			}
			continue
		}
		by := storetest.Assertion(t, s, a.ReplacedBy)
		if rank[by.Badge] <= rank[a.Badge] || a.ReplacedAt.IsZero() || !by.State.InForce() && by.State != badges.Replaced {
			t.Errorf("step %d (was %s) is replaced by step %d, which is %s", rank[a.Badge], a.ReplacedFrom, rank[by.Badge], by.State)
		}
	}
	if public > 1 {
		t.Errorf("%d steps are public and valid", public)
	}
}
