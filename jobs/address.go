package jobs

import (
	"context"
	"errors"

	"github.com/riverqueue/river"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
)

// AddressConfirmer mails the link that confirms an address that a learner gave.
type AddressConfirmer struct {
	river.WorkerDefaults[badges.ConfirmAddress]

	Notices *Noticer
}

// errAddressReplaced means that the mail is unnecessary: another address was
// given, the award has one, or the link would have ended.
var errAddressReplaced = errors.New("the address is no longer to be confirmed")

// Work sends one mail. It stores a failure for the learner, who reads it on the
// page where they gave the address, and returns it, so that River tries again
// later.
func (c *AddressConfirmer) Work(ctx context.Context, job *river.Job[badges.ConfirmAddress]) error {
	n := c.Notices
	given, award, err := c.open(ctx, job.Args)
	if errors.Is(err, errAddressReplaced) {
		return river.JobCancel(err)
	}
	if err != nil {
		return err
	}
	if !given.SentAt.IsZero() {
		return nil // a process sent it and was killed before it could mark the job as done
	}
	if err := c.send(ctx, given, award); err != nil {
		return errors.Join(err, c.record(ctx, given, err))
	}
	return n.Store.Tx(ctx, func(tx *store.Tx) error { return tx.AddressMailSent(ctx, given) })
}

// open returns the address and its award; errAddressReplaced if the mail is
// unnecessary.
func (c *AddressConfirmer) open(ctx context.Context, task badges.ConfirmAddress) (badges.GivenAddress, badges.Assertion, error) {
	given, err := c.Notices.Store.GivenAddress(ctx, task.Assertion)
	if fault.Is(err, fault.NotFound) {
		return given, badges.Assertion{}, errAddressReplaced
	}
	if err != nil {
		return given, badges.Assertion{}, err
	}
	a, err := c.Notices.Store.Assertion(ctx, task.Assertion)
	if err != nil {
		return given, a, err
	}
	if !given.GivenAt.Equal(task.GivenAt) || !c.Notices.Now().Before(given.Ends()) || !a.AwaitsAddress() {
		return given, a, errAddressReplaced
	}
	return given, a, nil
}

func (c *AddressConfirmer) send(ctx context.Context, given badges.GivenAddress, a badges.Assertion) error {
	content, err := c.Notices.about(ctx, a)
	if err != nil {
		return err
	}
	if content.ClaimURL, err = c.Notices.Links.ClaimAt(a.ID, given.Address, given.Ends()); err != nil {
		return err
	}
	return c.Notices.Mailer.ConfirmAddress(ctx, content, given)
}

// record stores why the mail was not sent. The log has no address.
func (c *AddressConfirmer) record(ctx context.Context, given badges.GivenAddress, failure error) error {
	key, _ := reason(failure)
	c.Notices.Log.WarnContext(ctx, "confirmation mail not sent", "assertion", given.Assertion, "problem", key, "kind", fault.KindOf(failure))
	return c.Notices.Store.Tx(ctx, func(tx *store.Tx) error { return tx.AddressMailFailed(ctx, given, key) })
}
