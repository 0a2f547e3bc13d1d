package badges

import (
	"time"

	"github.com/insigne-badges/insigne/internal/fault"
)

// Retroactive says what becomes of learners who met a badge's rule before it was
// switched on: no mail ought to surprise anybody.
type Retroactive string

// The choices when a badge is switched on.
const (
	RetroactiveNotify Retroactive = "notify" // they get it, and are told
	RetroactiveSilent Retroactive = "silent" // they get it, and find it on their page in the course
	RetroactiveNone   Retroactive = "none"   // they do not get it by the rule
)

// ParseRetroactive reads a choice; fault.Invalid for anything else.
func ParseRetroactive(text string) (Retroactive, error) {
	switch e := Retroactive(text); e {
	case RetroactiveNotify, RetroactiveSilent, RetroactiveNone:
		return e, nil
	}
	return "", fault.New(fault.Invalid, "problem.form_unreadable")
}

// earnedBefore reports whether everything that earned a badge happened before a
// time; false where the LMS does not say when. LMSs tell whole seconds, some
// reports whole minutes, rounded down.
func earnedBefore(facts []Fact, at time.Time) bool {
	at = at.Truncate(time.Minute)
	for _, f := range facts {
		if f.At.IsZero() || !f.At.Before(at) {
			return false
		}
	}
	return len(facts) > 0
}
