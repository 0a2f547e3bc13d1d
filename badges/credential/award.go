package credential

import (
	"context"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
)

// Award is an assertion with everything that its documents contain.
type Award struct {
	Assertion   badges.Assertion
	Version     badges.Version
	Issuer      badges.Issuer
	Replacement Replacement          // zero unless the assertion was replaced
	Status      []badges.StatusEntry // its places in status lists; only with ReadWithStatus
}

// Replacement is the award of a higher step that replaced another.
type Replacement struct {
	Assertion badges.AssertionID
	Badge     string // its name; empty if the public may not see the award
	Public    bool   // the award has a public page
}

// Reader reads the parts of an award. *store.Store implements it.
type Reader interface {
	Assertion(ctx context.Context, id badges.AssertionID) (badges.Assertion, error)
	Version(ctx context.Context, id badges.VersionID) (badges.Version, error)
	Issuer(ctx context.Context, id badges.IssuerID) (badges.Issuer, error)
}

// StatusReader reads also the places of an award in status lists. *store.Store
// implements it.
type StatusReader interface {
	Reader
	StatusEntries(ctx context.Context, id badges.AssertionID) ([]badges.StatusEntry, error)
}

// ReadWithStatus is Read for the documents that name the status lists.
func ReadWithStatus(ctx context.Context, r StatusReader, id badges.AssertionID) (Award, error) {
	award, err := Read(ctx, r, id)
	if err != nil {
		return Award{}, err
	}
	award.Status, err = r.StatusEntries(ctx, id)
	return award, err
}

// Read returns a public award; fault.NotFound if the assertion does not exist
// or is not public, with the same message for both. For an erased award the error
// is fault.Gone.
func Read(ctx context.Context, r Reader, id badges.AssertionID) (Award, error) {
	award, err := ReadHosted(ctx, r, id)
	if err != nil {
		return Award{}, err
	}
	award.Issuer, err = r.Issuer(ctx, award.Version.Issuer)
	return award, err
}

// ReadHosted is Read without the issuer, which the hosted assertion does not
// contain. It asks for a version only if the version was issued from.
func ReadHosted(ctx context.Context, r Reader, id badges.AssertionID) (Award, error) {
	a, err := r.Assertion(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return Award{}, fault.Wrap(err, fault.NotFound, "problem.no_badge")
	}
	if err != nil {
		return Award{}, err
	}
	award := Award{Assertion: a}
	if err := award.public(); err != nil {
		return Award{}, err
	}
	if award.Version, err = r.Version(ctx, a.Version); err != nil {
		return Award{}, err
	}
	award.Replacement, err = ReadReplacement(ctx, r, a)
	if !award.Replacement.Public {
		award.Replacement.Badge = ""
	}
	return award, err
}

// ReadReplacement returns the award that replaced a, public or not; if that was
// replaced too, the last one. It returns the zero Replacement unless a was
// replaced.
func ReadReplacement(ctx context.Context, r Reader, a badges.Assertion) (Replacement, error) {
	if a.State != badges.Replaced {
		return Replacement{}, nil
	}
	by := a
	for by.State == badges.Replaced { // each is of a higher step, so the loop ends
		var err error
		if by, err = r.Assertion(ctx, by.ReplacedBy); err != nil {
			return Replacement{}, err
		}
	}
	v, err := r.Version(ctx, by.Version)
	return Replacement{Assertion: by.ID, Badge: v.Name, Public: by.Public()}, err
}

// public returns fault.NotFound unless the award is public, and fault.Gone if it
// was erased.
func (a Award) public() error {
	if a.Assertion.State == badges.Erased {
		return fault.New(fault.Gone, "problem.erased")
	}
	if !a.Assertion.Public() {
		return fault.New(fault.NotFound, "problem.no_badge")
	}
	return nil
}

// valid returns fault.NotFound unless the award is public, and fault.Gone if it
// was revoked, replaced or erased. An expired award still has its documents: they
// contain the date.
func (a Award) valid() error {
	if err := a.public(); err != nil {
		return err
	}
	if a.Assertion.Void() {
		return fault.New(fault.Gone, "problem.gone")
	}
	return nil
}
