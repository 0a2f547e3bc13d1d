package award

import (
	"context"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
)

// GiveAddress records the address that the learner by gives for an award without
// one, and enqueues the mail that confirms it. The award itself does not change.
// The address replaces one that was given before, whose mail then confirms
// nothing. It fails with fault.NotFound if by does not see the award as theirs,
// with fault.Conflict if the award awaits no address or too many mails were
// asked for, and with fault.Invalid if the address is not usable.
func (w Awards) GiveAddress(ctx context.Context, tx *store.Tx, id badges.AssertionID, by badges.Learner, address, language string) error {
	l, a, err := w.openFor(ctx, tx, id)
	if err != nil {
		return err
	}
	if !by.Owns(a) {
		return fault.New(fault.NotFound, "problem.not_found")
	}
	given, err := a.WithAddress(address)
	if err != nil {
		return err
	}
	forAward, forPerson, err := tx.CountAddressMails(ctx, a, badges.AddressMailsWindow)
	if err != nil {
		return err
	}
	if forAward >= badges.AddressMailsPerAward || forPerson >= badges.AddressMailsPerPerson {
		return fault.New(fault.Conflict, "address.too_many")
	}
	if err := tx.GiveAddress(ctx, a, given.Recipient.Email, language); err != nil {
		return err
	}
	if err := tx.Enqueue(ctx, badges.ConfirmAddress{Assertion: a.ID, GivenAt: tx.Now()}); err != nil {
		return err
	}
	return l.conclude(ctx, Change{Kind: AddressGiven, Before: a, After: a, Actor: string(a.User)})
}

// ConfirmAddress makes the address that the learner gave the award's address,
// because they opened the link in the mail to it and claim the badge. It fails
// with fault.Conflict unless that address is still the one they gave last, and
// the award awaits one.
func (w Awards) ConfirmAddress(ctx context.Context, tx *store.Tx, id badges.AssertionID, address string) error {
	l, before, err := w.openFor(ctx, tx, id)
	if err != nil {
		return err
	}
	if !before.AwaitsAddress() {
		return fault.New(fault.Conflict, "address.not_needed")
	}
	given, err := tx.GivenAddress(ctx, id)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if err != nil || given.Address != address || !tx.Now().Before(given.Ends()) {
		return fault.New(fault.Conflict, "address.replaced")
	}
	after, err := before.WithAddress(address)
	if err != nil {
		return err
	}
	if err := tx.ForgetAddress(ctx, id); err != nil {
		return err
	}
	return l.change(ctx, Change{Kind: AddressConfirmed, Before: before, After: after, Actor: string(before.User)})
}

// TakeAddresses gives up to most awards of a course without an address the one
// that the LMS tells now, and returns how many. It takes the place of an address
// that the learner gave and has not confirmed. It leaves out addresses that are
// not usable.
func (w Awards) TakeAddresses(ctx context.Context, tx *store.Tx, course badges.CourseKey, most int) (int, error) {
	told, err := tx.ToldAddresses(ctx, course)
	if err != nil {
		return 0, err
	}
	l := ledger{tx: tx, hooks: w.hooks, course: course}
	var changes []Change
	for _, t := range told {
		if len(changes) == most {
			break
		}
		address, err := badges.ParseAddress(t.Address)
		if err != nil {
			continue // the learner can give a better one
		}
		c, err := l.takeAddress(ctx, t.Assertion, address)
		if fault.Is(err, fault.Conflict) {
			continue // another transaction was first
		}
		if err != nil {
			return 0, err
		}
		changes = append(changes, c)
	}
	return len(changes), l.conclude(ctx, changes...)
}

func (l ledger) takeAddress(ctx context.Context, id badges.AssertionID, address string) (Change, error) {
	before, err := l.tx.LockAssertion(ctx, id)
	if err != nil {
		return Change{}, err
	}
	after, err := before.WithAddress(address)
	if err != nil {
		return Change{}, err
	}
	if err := l.tx.ForgetAddress(ctx, id); err != nil {
		return Change{}, err
	}
	return l.move(ctx, Change{Kind: AddressTold, Before: before, After: after, Actor: badges.ByPlatform})
}
