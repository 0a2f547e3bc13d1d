package keyring

import (
	"slices"
	"time"
)

// Purpose says what the keys of a set sign.
type Purpose string

// The purposes.
const (
	LTI    Purpose = "lti"    // messages and requests to platforms
	Issuer Purpose = "issuer" // credentials of an issuing organisation
)

// Policy says how the keys of a purpose live.
type Policy struct {
	Purpose   Purpose
	Algorithm Algorithm
	Period    time.Duration // a key signs for so long, after it was published for as long
	Retention time.Duration // a key is kept for so long after it stopped signing; zero means for ever
}

const day = 24 * time.Hour

// ForLTI returns the policy of the keys that platforms verify. What they sign
// is valid for minutes, and a platform reads the key set again at the latest
// when it meets an unknown key.
func ForLTI() Policy {
	return Policy{Purpose: LTI, Algorithm: RS256, Period: 90 * day, Retention: 7 * day}
}

// ForIssuer returns the policy of an issuer's keys. They are never deleted: a
// badge must verify as long as somebody has it.
func ForIssuer() Policy {
	return Policy{Purpose: Issuer, Algorithm: EdDSA, Period: 365 * day}
}

// Due returns what is due at now for a set of keys, in the order of
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

// Use returns what is due at now if the next key with this id begins to sign
// now. The plan is empty if the key is not a next one (any more).
func (p Policy) Use(id string, rows []Row, now time.Time) Plan {
	i := slices.IndexFunc(rows, func(k Row) bool { return k.ID == id })
	if i < 0 || statesAt(rows, now)[i] != Next {
		return Plan{}
	}
	if i+1 < len(rows) {
		// The key that signed before began earlier, whatever the clocks say.
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
