package webtest

import (
	"context"
	"crypto/rand"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// History is what has happened to an award.
type History string

// The histories that tests use.
const (
	Withheld       History = "withheld"
	Pending        History = "pending"
	Claimed        History = "claimed"
	Private        History = "private"         // claimed, then hidden from the public
	RevokedPrivate History = "revoked private" // revoked while it was private
	Declined       History = "declined"
	Withdrawn      History = "withdrawn"
	Discarded      History = "discarded" // withdrawn while it was withheld
	Revoked        History = "revoked"
	Replaced       History = "replaced"        // claimed, then replaced by a higher step that was claimed too
	ReplacedBefore History = "replaced before" // replaced before it was claimed, by a higher step that is pending
	Erased         History = "erased"          // claimed, then erased by its learner
)

// Histories returns all of them.
func Histories() []History {
	return []History{Withheld, Pending, Claimed, Private, RevokedPrivate, Declined, Withdrawn, Discarded, Revoked, Replaced, ReplacedBefore, Erased}
}

// Public reports whether everybody can see an award with this history.
func (h History) Public() bool { return h == Claimed || h == Revoked || h == Replaced }

// Published reports whether copies of an award with this history can exist.
func (h History) Published() bool {
	return h.Public() || h == Private || h == RevokedPrivate || h == Erased
}

// Reason is the reason that tests give when they take awards back.
const Reason = "Awarded by mistake."

// MakeAward is MakeAwardFor for a learner whose id is the name of the history.
func (s *Site) MakeAward(t *testing.T, history History) badges.Assertion {
	t.Helper()
	return s.MakeAwardFor(t, badges.UserID(history), history)
}

// MakeAwardFor awards the badge of World to a learner and then does what the history says.
func (s *Site) MakeAwardFor(t *testing.T, user badges.UserID, history History) badges.Assertion {
	t.Helper()
	a := s.World.Assertion(user)
	if history == Withheld || history == Discarded {
		a.State = (&badges.Badge{Jury: true}).FirstState()
	}
	s.Award(t, a)
	switch history {
	case Withheld, Pending:
	case Claimed:
		s.Claim(t, a.ID, false, false)
	case Private, RevokedPrivate:
		s.Claim(t, a.ID, true, true)
		s.Act(t, func(ctx context.Context, tx *store.Tx, by award.Awards) error {
			_, err := by.MakePrivate(ctx, tx, a.ID)
			return err
		})
		if history == RevokedPrivate {
			s.TakeBack(t, a)
		}
	case Erased:
		s.Claim(t, a.ID, true, true)
		s.Act(t, func(ctx context.Context, tx *store.Tx, by award.Awards) error { return by.Erase(ctx, tx, a.ID) })
	case Declined:
		s.Act(t, func(ctx context.Context, tx *store.Tx, by award.Awards) error {
			_, err := by.Decline(ctx, tx, a.ID)
			return err
		})
	case Withdrawn, Discarded:
		s.TakeBack(t, a)
	case Revoked:
		s.Claim(t, a.ID, true, true)
		s.TakeBack(t, a)
	case Replaced:
		s.Claim(t, a.ID, true, true)
		s.Claim(t, s.Award(t, s.higher(t, a)).ID, false, false)
	case ReplacedBefore:
		s.Award(t, s.higher(t, a))
	}
	return s.Read(t, a.ID)
}

// higher returns an award, not written yet, of the next step after the badge of a. It
// makes the step if there is none.
func (s *Site) higher(t *testing.T, a badges.Assertion) badges.Assertion {
	t.Helper()
	list, err := s.Store.Badges(t.Context(), a.Course)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(list, func(b store.CountedBadge) bool { return b.StepAfter == a.Badge })
	var step badges.Badge
	if i < 0 {
		step = s.World.NextStep(t, s.Store, a.Badge)
	} else {
		step = list[i].Badge
	}
	next := s.World.Assertion(a.User)
	next.Badge, next.Version = step.ID, step.Current.ID
	return next
}

// Award makes an award. The test fails if it is refused.
func (s *Site) Award(t *testing.T, a badges.Assertion) badges.Assertion {
	t.Helper()
	s.Act(t, func(ctx context.Context, tx *store.Tx, by award.Awards) error {
		_, err := by.Award(ctx, tx, []badges.Assertion{a})
		return err
	})
	return s.Read(t, a.ID)
}

// Claim claims an award as its learner.
func (s *Site) Claim(t *testing.T, id badges.AssertionID, showName, showFacts bool) {
	t.Helper()
	s.Act(t, func(ctx context.Context, tx *store.Tx, by award.Awards) error {
		_, err := by.Claim(ctx, tx, id, showName, showFacts)
		return err
	})
}

// TakeBack takes an award back as a teacher.
func (s *Site) TakeBack(t *testing.T, a badges.Assertion) {
	t.Helper()
	s.Act(t, func(ctx context.Context, tx *store.Tx, by award.Awards) error {
		_, err := by.TakeBack(ctx, tx, a.Course, a.Badge, a.ID, "3", Reason)
		return err
	})
}

// Act changes awards in one transaction. The test fails if that fails.
func (s *Site) Act(t *testing.T, f func(context.Context, *store.Tx, award.Awards) error) {
	t.Helper()
	storetest.Tx(t, s.Store, func(ctx context.Context, tx *store.Tx) error { return f(ctx, tx, award.New(BaseURL, rand.Reader)) })
}

// Read returns the stored award.
func (s *Site) Read(t *testing.T, id badges.AssertionID) badges.Assertion {
	t.Helper()
	a, err := s.Store.Assertion(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// CheckUnchanged checks that f changes neither the award nor its entries in the audit log.
func (s *Site) CheckUnchanged(t *testing.T, id badges.AssertionID, f func()) {
	t.Helper()
	before, acts := s.Read(t, id), s.Acts(t, id)
	f()
	if diff := cmp.Diff(before, s.Read(t, id)); diff != "" {
		t.Errorf("the award changed (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff(acts, s.Acts(t, id)); diff != "" {
		t.Errorf("the audit log changed (-before +after):\n%s", diff)
	}
}

// Acts returns the actions in the audit log of an award, the oldest first.
func (s *Site) Acts(t *testing.T, id badges.AssertionID) []badges.Action {
	t.Helper()
	entries, err := s.Store.AuditOf(t.Context(), s.World.Course, string(id))
	if err != nil {
		t.Fatal(err)
	}
	var acts []badges.Action
	for _, e := range entries {
		acts = append(acts, e.Action)
	}
	return acts
}
