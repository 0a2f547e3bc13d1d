package badges

import (
	"time"

	"github.com/insigne-badges/insigne/internal/fault"
)

// Retroactive says what learners get who met a badge's rule before it was
// switched on. The teacher chooses, so that nobody gets an unexpected mail.
type Retroactive string

// The choices when a badge is switched on.
const (
	RetroactiveNotify Retroactive = "notify" // an award with a notice
	RetroactiveSilent Retroactive = "silent" // an award without a notice; they find it on their page in the course
	RetroactiveNone   Retroactive = "none"   // nothing by the rule
)

// ParseRetroactive returns the choice that text names; fault.Invalid if there
// is none.
func ParseRetroactive(text string) (Retroactive, error) {
	switch e := Retroactive(text); e {
	case RetroactiveNotify, RetroactiveSilent, RetroactiveNone:
		return e, nil
	}
	return "", fault.New(fault.Invalid, "problem.form_unreadable")
}

// earnedBefore reports whether all facts happened before at; false if the LMS
// does not tell when. LMSs tell whole seconds, and some reports whole minutes,
// rounded down.
func earnedBefore(facts []Fact, at time.Time) bool {
	at = at.Truncate(time.Minute)
	for _, f := range facts {
		if f.At.IsZero() || !f.At.Before(at) {
			return false
		}
	}
	return len(facts) > 0
}
