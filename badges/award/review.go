package award

import (
	"context"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
)

// Review is the result of checking the evidence of a badge's awards.
type Review struct {
	Course badges.CourseKey
	Badge  badges.BadgeID
	Lost   []badges.AssertionID // have lost their evidence
	Back   []badges.AssertionID // have their evidence again

	// Withdraw is the reason with which the policy withdraws the pending awards
	// of Lost. If it is empty, the teacher decides.
	Withdraw string

	// Again are the new contents of awards that the policy withdrew and that
	// learners earn again, under the ids of those awards.
	Again []badges.Assertion
}

// Review records the result of a check. The policy withdraws awards, or makes
// them again. It changes no award about which the learner or a teacher has
// decided since.
func (w Awards) Review(ctx context.Context, tx *store.Tx, r Review) error {
	l, err := w.openMany(ctx, tx, r.Course, r.Badge)
	if err != nil {
		return err
	}
	if err := l.noteLost(ctx, r.Lost); err != nil {
		return err
	}
	if r.Withdraw != "" {
		if err := l.withdraw(ctx, r.Lost, r.Withdraw); err != nil {
			return err
		}
	}
	if err := l.noteBack(ctx, r.Back); err != nil {
		return err
	}
	versions := versions{tx: tx}
	for _, a := range r.Again {
		if err := l.awardAgain(ctx, &versions, a); err != nil {
			return err
		}
	}
	return nil
}

// errUnchanged tells each to leave an award out.
var errUnchanged = fault.New(fault.Conflict, "problem.conflict")

func (l ledger) noteLost(ctx context.Context, ids []badges.AssertionID) error {
	_, err := l.each(ctx, ids, func(a badges.Assertion) (Change, error) {
		after, lost := a.LoseEvidence(l.tx.Now())
		if !lost {
			return Change{}, errUnchanged
		}
		return Change{Kind: EvidenceLost, Before: a, After: after, Actor: badges.ByRule}, nil
	})
	return err
}

func (l ledger) noteBack(ctx context.Context, ids []badges.AssertionID) error {
	_, err := l.each(ctx, ids, func(a badges.Assertion) (Change, error) {
		after, back := a.RegainEvidence()
		if !back {
			return Change{}, errUnchanged
		}
		return Change{Kind: EvidenceBack, Before: a, After: after, Actor: badges.ByRule}, nil
	})
	return err
}

// withdraw withdraws pending awards that have lost their evidence, as the
// policy says.
func (l ledger) withdraw(ctx context.Context, ids []badges.AssertionID, reason string) error {
	_, err := l.each(ctx, ids, func(a badges.Assertion) (Change, error) {
		after, err := a.TakenBackByPolicy(l.tx.Now(), reason)
		return Change{Kind: Withdrawn, Before: a, After: after, Actor: badges.ByRule, Reason: reason}, err
	})
	return err
}

// awardAgain makes an award again that the policy withdrew, with what its
// learner earns now. The learner gets a notice if the withdrawn award had one.
// It does nothing if the policy did not withdraw the award, or the learner has
// a higher step.
func (l ledger) awardAgain(ctx context.Context, versions *versions, earned badges.Assertion) error {
	replaced, err := l.hasHigher(ctx, earned, badges.TheRule)
	if err != nil || replaced {
		return err
	}
	if earned, err = versions.begin(ctx, earned); err != nil {
		return err
	}
	before, err := l.tx.LockAssertion(ctx, earned.ID)
	if err != nil {
		return err
	}
	after, err := before.AwardedAgain(earned)
	if fault.Is(err, fault.Conflict) {
		return nil // a teacher or another run came first
	}
	if err != nil {
		return err
	}
	notices, err := l.tx.NoticesOf(ctx, before.ID)
	if err != nil {
		return err
	}
	if err := l.tx.ForgetNotices(ctx, before.ID); err != nil {
		return err
	}
	kind := Awarded
	if len(notices) == 0 {
		kind = AwardedSilently
	}
	return l.change(ctx, Change{Kind: kindOf(after, kind), Before: before, After: after, Actor: after.AwardedBy()})
}

// Keep records the teacher's decision that an award stays without its evidence.
// It fails with fault.NotFound for an award of another badge, and with
// fault.Conflict if the learner does not have the award any more.
func (w Awards) Keep(ctx context.Context, tx *store.Tx, course badges.CourseKey, badge badges.BadgeID, id badges.AssertionID, by badges.UserID) error {
	l, before, err := w.openOf(ctx, tx, course, badge, id)
	if err != nil {
		return err
	}
	after, err := before.Keep(tx.Now())
	if err != nil || after.KeptAt.Equal(before.KeptAt) {
		return err
	}
	return l.change(ctx, Change{Kind: Kept, Before: before, After: after, Actor: string(by)})
}

// TakeBack revokes an award that was claimed and withdraws any other. It fails with
// fault.NotFound for an award of another badge, fault.Invalid if the reason is
// missing, and fault.Conflict if the award was taken back already.
func (w Awards) TakeBack(ctx context.Context, tx *store.Tx, course badges.CourseKey, badge badges.BadgeID, id badges.AssertionID, by badges.UserID, reason string) (badges.Assertion, error) {
	l, before, err := w.openOf(ctx, tx, course, badge, id)
	if err != nil {
		return badges.Assertion{}, err
	}
	after, err := before.TakenBack(tx.Now(), reason)
	if err != nil {
		return badges.Assertion{}, err
	}
	return after, l.change(ctx, takenBack(before, after, by))
}

// openOf is openFor for an award of one badge of a course; fault.NotFound for
// any other.
func (w Awards) openOf(ctx context.Context, tx *store.Tx, course badges.CourseKey, badge badges.BadgeID, id badges.AssertionID) (ledger, badges.Assertion, error) {
	if _, err := tx.Recipient(ctx, course, badge, id); err != nil {
		return ledger{}, badges.Assertion{}, err
	}
	return w.openFor(ctx, tx, id)
}
