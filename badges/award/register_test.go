package award_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// TestRegister checks that the cases are the same, whether the register was
// read for everybody, for some badges or for one learner.
func TestRegister(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		m, other := newMedals(t, s), storetest.NewWorld(t, s, "b")
		draft := m.Draft(t, s)
		awarded := func(step int, user badges.UserID) badges.Assertion {
			a := m.of(step)
			a.User = user
			if awardOne(t, s, a) != 1 {
				t.Fatalf("step %d was not awarded to %s", step, user)
			}
			return a
		}
		claim(t, s, awarded(bronze, "6").ID)
		awarded(gold, "6")
		byPolicy, byTeacher := awarded(silver, "7"), awarded(silver, "8")
		awardOne(t, s, other.Assertion("6"))
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			return errors.Join(
				tx.SeeMember(ctx, m.Course, badges.Member{User: "6", Name: "Zoë", Email: "zoe@example.org", Active: true}),
				withdrawByPolicy(ctx, tx, byPolicy),
				takeBack(ctx, tx, byTeacher), tx.PassOver(ctx, m.steps[bronze], []badges.UserID{"9"}),
				tx.SwitchBadge(ctx, m.Course, m.steps[silver].ID, badges.Off, "3"),
			)
		})
		all := storetest.Must(s.Register(t.Context(), m.Course))(t)
		if len(all.Badges) != 4 || all.Badge(draft.ID) == nil || all.Badge(other.Badge.ID) != nil {
			t.Fatalf("the course's badges are %+v", all.Badges)
		}
		for _, step := range m.steps { // silver, which is off, is above bronze
			some := storetest.Must(s.Register(t.Context(), m.Course, step.ID))(t)
			for _, user := range []badges.UserID{"6", "7", "8", "9"} {
				one := storetest.Must(s.RegisterOf(t.Context(), m.Course, user))(t)
				member := badges.Member{User: user}
				want := all.Cases(all.Badge(step.ID)).Of(member, nil)
				if diff := cmp.Diff(want, some.Cases(some.Badge(step.ID)).Of(member, nil)); diff != "" {
					t.Errorf("%s by the register of one badge (-want +got):\n%s", user, diff)
				}
				if diff := cmp.Diff(want, one.Cases(one.Badge(step.ID)).Of(member, nil)); diff != "" {
					t.Errorf("%s by the register of one learner (-want +got):\n%s", user, diff)
				}
			}
		}
		for user, want := range map[badges.UserID]badges.Reason{"6": badges.WhyHasHigher, "7": badges.WhyEvidenceLost, "8": badges.WhyTakenBack} {
			c := all.Cases(all.Badge(m.steps[silver].ID)).Of(badges.Member{User: user}, nil)
			if got := c.BlockedByAwards(badges.TheRule, clock.Now()); got != want {
				t.Errorf("%s does not get silver because of %q, want %q", user, got, want)
			}
		}
		if !all.Cases(all.Badge(m.steps[bronze].ID)).Of(badges.Member{User: "9"}, nil).PassedOver {
			t.Error("9 was not passed over")
		}
	})
}

// TestCaseOf reads one case, with the member.
func TestCaseOf(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w, other := storetest.Lasting(t, s, 1), storetest.NewWorld(t, s, "b")
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.SeeMember(ctx, w.Course, badges.Member{User: "6", Name: "Zoë", Email: "zoe@example.org", Active: true})
		})
		awardOne(t, s, w.Assertion("6"))
		awardOne(t, s, w.Assertion("7")) // who was never seen in the course
		clock.Add(20 * 24 * time.Hour)
		for user, want := range map[badges.UserID]bool{"6": true, "7": false} {
			if c := storetest.Must(s.CaseOf(t.Context(), w.Course, w.Badge.ID, user))(t); c.Again(clock.Now()) != want || c.Last.State != badges.Pending {
				t.Errorf("%s can earn it again = %v: %+v", user, !want, c)
			}
		}
		if _, err := s.CaseOf(t.Context(), w.Course, other.Badge.ID, "6"); !fault.Is(err, fault.NotFound) {
			t.Errorf("another course's badge: %v", err)
		}
	})
}
