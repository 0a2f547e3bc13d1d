package award_test

import (
	"context"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// TestAwardAgain checks that only an award that the policy withdrew is made
// again, once, and with notices only if it had notices before.
func TestAwardAgain(t *testing.T) {
	for name, tt := range map[string]struct {
		withdraw func(context.Context, *store.Tx, badges.Assertion) error
		silent   bool
		again    badges.AssertionState
		state    badges.AssertionState
		notices  int
	}{
		"by the policy":           {withdrawByPolicy, false, badges.Pending, badges.Pending, 2},
		"by the policy, silently": {withdrawByPolicy, true, badges.Pending, badges.Pending, 0},
		"into the jury's hands":   {withdrawByPolicy, false, badges.Withheld, badges.Withheld, 0},
		"by a teacher":            {takeBack, false, badges.Pending, badges.Withdrawn, 2},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				w := storetest.NewWorld(t, s, "a")
				a := w.Assertion("6")
				tx(t, s, func(ctx context.Context, tx *store.Tx) error {
					give := awards.Award
					if tt.silent {
						give = awards.AwardSilently
					}
					if _, err := give(ctx, tx, []badges.Assertion{a}); err != nil {
						return err
					}
					return tt.withdraw(ctx, tx, a)
				})
				if fallen, err := s.WithLostEvidence(t.Context(), w.Course, w.Badge.ID, 10); err != nil || len(fallen) != 0 {
					t.Errorf("the teacher is asked about %v (%v)", fallen, err)
				}
				again := a
				again.State, again.Recipient.Name, again.Facts = tt.again, "Zoë", []badges.Fact{{Kind: badges.CourseCompleted, Source: "again"}}
				for range 2 { // two runs
					tx(t, s, func(ctx context.Context, tx *store.Tx) error { return awardAgain(ctx, tx, again) })
				}
				got, err := s.Assertion(t.Context(), a.ID)
				if err != nil || got.State != tt.state {
					t.Fatalf("the award is %s (%v), want %s", got.State, err, tt.state)
				}
				if got.State != badges.Withdrawn && (got.Reason != "" || !got.RevokedAt.IsZero() || got.Recipient.Name != "Zoë" || got.Facts[0].Source != "again") {
					t.Errorf("the award is %+v, want it as of now", got)
				}
				if notices, err := s.NoticesOf(t.Context(), a.ID); err != nil || len(notices) != tt.notices {
					t.Errorf("%d notices (%v), want %d", len(notices), err, tt.notices)
				}
			})
		})
	}
}

// TestWithdrawPending checks that the policy withdraws only pending awards:
// learners who claimed or declined during the reading keep their decision.
func TestWithdrawPending(t *testing.T) {
	for decided, want := range map[badges.AssertionState]badges.AssertionState{
		badges.Pending: badges.Withdrawn, badges.Claimed: badges.Claimed, badges.Declined: badges.Declined,
	} {
		t.Run(string(decided), func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				w := storetest.NewWorld(t, s, "a")
				a := w.Assertion("6")
				awardOne(t, s, a)
				tx(t, s, func(ctx context.Context, tx *store.Tx) error {
					switch decided { //nolint:exhaustive // the others are not decisions
					case badges.Claimed:
						_, err := awards.Claim(ctx, tx, a.ID, true, false)
						return err
					case badges.Declined:
						_, err := awards.Decline(ctx, tx, a.ID)
						return err
					}
					return nil
				})
				tx(t, s, func(ctx context.Context, tx *store.Tx) error { return withdrawByPolicy(ctx, tx, a) })
				if got, err := s.Assertion(t.Context(), a.ID); err != nil || got.State != want {
					t.Errorf("the award is %s (%v), want %s", got.State, err, want)
				}
			})
		})
	}
}
