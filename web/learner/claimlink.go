package learner

import (
	"context"
	"net/http"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/internal/fault"
)

// claimLink is what a claim link opens: the link in a notice, or the one in the mail to
// an address that the learner gave.
type claimLink struct {
	award    badges.Assertion
	confirms string // the address that the claim confirms; empty if it confirms none
}

// openLink returns what the token in the path opens. It changes nothing. The error is
// fault.NotFound if Insigne did not make the token, or if another address counts now, and
// fault.Gone if the link has ended.
func (h *Handler) openLink(r *http.Request) (claimLink, error) {
	ctx, token := r.Context(), mux.Vars(r)["token"]
	if link, err := h.Links.ParseAddressLink(token); err == nil {
		return h.openAddressLink(ctx, link)
	}
	id, err := h.Links.ParseClaim(token)
	if err != nil {
		return claimLink{}, err
	}
	a, err := h.Store.Assertion(ctx, id)
	if err == nil && a.State == badges.Erased {
		err = errErased()
	}
	return claimLink{award: a}, err
}

// openAddressLink checks the link against the address that counts: the award's own, or
// the one that the learner gave last. After the claim it opens what a claim link opens.
func (h *Handler) openAddressLink(ctx context.Context, link credential.AddressLink) (claimLink, error) {
	a, err := h.Store.Assertion(ctx, link.Assertion)
	if fault.Is(err, fault.NotFound) {
		return claimLink{}, fault.Wrap(err, fault.NotFound, "claim.unknown")
	}
	if err != nil {
		return claimLink{}, err
	}
	if a.State == badges.Erased {
		return claimLink{}, errErased()
	}
	opened, address := claimLink{award: a}, a.Recipient.Email
	if !a.Recipient.HasAddress() {
		given, err := h.Store.GivenAddress(ctx, a.ID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return claimLink{}, err
		}
		opened.confirms, address = given.Address, given.Address
	}
	switch {
	case !h.Links.Confirms(link, address):
		return claimLink{}, fault.New(fault.NotFound, "address.replaced")
	case !h.Now().Before(link.Ends):
		return claimLink{}, fault.New(fault.Gone, "claim.ended")
	}
	return opened, nil
}

// fillAddress fills in what the claim page says about the address of a, the award of
// the link as its learner sees it.
func (h *Handler) fillAddress(ctx context.Context, link claimLink, a badges.Assertion, data *claimData) error {
	data.Email = a.Recipient.Email
	if !a.AwaitsAddress() {
		return nil
	}
	data.Email, data.Confirms, data.NoAddress = link.confirms, link.confirms != "", link.confirms == ""
	if !data.NoAddress {
		return nil
	}
	course, err := h.Store.Course(ctx, a.Course)
	data.Course = course.Title
	return err
}

// errErased is what every link to an erased award gives.
func errErased() error { return fault.New(fault.Gone, "problem.erased") }
