package keyring

import (
	"slices"
	"time"
)

// Purpose is what the keys of a set sign.
type Purpose string

// The purposes.
const (
	LTI Purpose = "lti" // messages and requests to platforms

	// Purposes of an issuing organisation.
	IssuerProof      Purpose = "issuer_proof"      // proofs embedded in credentials
	IssuerToken      Purpose = "issuer_token"      // Open Badges 2.0 assertions and credentials as JWTs
	IssuerDisclosure Purpose = "issuer_disclosure" // credentials with selective disclosure (SD-JWT)
)

// Policy is the lifetime of the keys of a purpose.
type Policy struct {
	Purpose   Purpose
	Algorithm Algorithm
	Period    time.Duration // how long a key signs; it is published for the same time before
	Retention time.Duration // how long a key is kept after it stopped signing; zero: for ever
}

const day = 24 * time.Hour

// ForLTI returns the policy of the keys that platforms verify. What they sign
// is valid for minutes. A platform reads the key set again when it meets an
// unknown key, if not before.
func ForLTI() Policy {
	return Policy{Purpose: LTI, Algorithm: RS256, Period: 90 * day, Retention: 7 * day}
}

// ForIssuer returns the policies of an issuer's keys: it has a set for each. The
// keys are never deleted, because a badge must remain verifiable.
func ForIssuer() []Policy {
	const year = 365 * day
	return []Policy{
		{Purpose: IssuerProof, Algorithm: EdDSA, Period: year},
		{Purpose: IssuerToken, Algorithm: RS256, Period: year},
		{Purpose: IssuerDisclosure, Algorithm: ES256, Period: year},
	}
}

// Due returns the changes that are due at now. rows are in the order of
// [Rows.SigningKeys].
func (p Policy) Due(rows []Row, now time.Time) Plan {
	var due Plan
	states := statesAt(rows, now)
	for i, k := range rows {
		if k.State == Next && states[i] != Next {
			due.Promote = append(due.Promote, k)
		}
		if states[i] != Previous {
			continue
		}
		if k.State != Previous {
			due.Retire = append(due.Retire, k)
		}
		if p.ended(rows[i-1].SignsFrom, now) {
			due.Delete = append(due.Delete, k)
		}
	}
	if !slices.Contains(states, Current) {
		due.Create = append(due.Create, now)
	}
	if !slices.Contains(states, Next) {
		due.Create = append(due.Create, now.Add(p.Period))
	}
	return due
}

// ended reports whether a key that stopped signing at a time has been kept long
// enough.
func (p Policy) ended(stopped, now time.Time) bool {
	return p.Retention > 0 && stopped.Add(p.Retention).Before(now)
}

// Use returns the changes that are due at now if the key with this id, a next
// one, begins to sign now. The plan is empty if that key is not a next one any
// more.
func (p Policy) Use(id string, rows []Row, now time.Time) Plan {
	i := slices.IndexFunc(rows, func(k Row) bool { return k.ID == id })
	if i < 0 || statesAt(rows, now)[i] != Next {
		return Plan{}
	}
	if i+1 < len(rows) {
		// The key must begin later than the one that signed before it, even
		// if the clock went back.
		now = latest(now, rows[i+1].SignsFrom.Add(time.Microsecond))
	}
	rows = slices.Clone(rows)
	rows[i].SignsFrom = now
	return p.Due(rows, now)
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
