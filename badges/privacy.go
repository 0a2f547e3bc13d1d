package badges

import "github.com/insigne-badges/insigne/internal/fault"

// MakePrivate returns a, a claimed award, as hidden from the public. Copies that
// somebody has downloaded stay valid. It fails with fault.Conflict unless a is
// claimed or already private.
func (a Assertion) MakePrivate() (Assertion, error) {
	switch {
	case a.State == Claimed:
		a.State = Private
	case a.State != Private:
		return a, fault.New(fault.Conflict, "claim.not_hideable")
	}
	return a, nil
}

// MakePublic returns a, a private award, as public again. It fails with
// fault.Conflict unless a is private or already claimed.
func (a Assertion) MakePublic() (Assertion, error) {
	switch {
	case a.State == Private:
		a.State = Claimed
	case a.State != Claimed:
		return a, fault.New(fault.Conflict, "claim.not_hideable")
	}
	return a, nil
}
