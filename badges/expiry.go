package badges

import (
	"maps"
	"time"

	"github.com/insigne-badges/insigne/internal/fault"
)

// MaxValidMonths is the longest validity of an award.
const MaxValidMonths = 120

// remindBefore is the time before the end of an award when its learner is
// reminded and can earn it again. Both begin in the second half of its validity
// at the earliest.
const remindBefore = 30 * 24 * time.Hour

// Ends returns the end of an award whose validity begins at from: the same day
// of a later month, or the last day of a month that has no such day. The zero
// time means without end.
func (c *Content) Ends(from time.Time) time.Time {
	if c.ValidMonths == 0 {
		return time.Time{}
	}
	from = from.UTC()
	ends := from.AddDate(0, c.ValidMonths, 0)
	if ends.Day() != from.Day() { // the 31st of a shorter month becomes a day of the next month
		ends = ends.AddDate(0, 0, -ends.Day())
	}
	return ends
}

func (c *Content) validateMonths() error {
	if c.ValidMonths < 0 || c.ValidMonths > MaxValidMonths {
		return fault.New(fault.Invalid, "badge.months_out_of_range").With("Most", MaxValidMonths)
	}
	return nil
}

// RenewableFrom returns the time from which an award can be earned again. Its
// learner is reminded then. The zero time means never.
func RenewableFrom(awarded, ends time.Time) time.Time {
	if ends.IsZero() {
		return time.Time{}
	}
	half := awarded.Add(ends.Sub(awarded) / 2)
	if from := ends.Add(-remindBefore); from.After(half) {
		return from
	}
	return half
}

// Expired reports whether a's validity has ended at now.
func (a Assertion) Expired(now time.Time) bool { return expired(a.ExpiresAt, now) }

// Remindable reports whether a is claimed, public or not, and will expire. Its
// learner has to be reminded unless they can see a newer award.
func (a Assertion) Remindable(now time.Time) bool {
	return a.State.Accepted() && !a.ExpiresAt.IsZero() && !a.Expired(now)
}

func expired(ends, now time.Time) bool { return !ends.IsZero() && !now.Before(ends) }

// EvidenceUntil returns the time until which a, made at awarded, uses evidence
// up: the evidence of a does not earn the next award. The clock of the LMS may
// be ahead, so the latest fact counts if it is later.
func (a Assertion) EvidenceUntil(awarded time.Time) time.Time {
	until := awarded
	for _, f := range a.Facts {
		if f.At.After(until) {
			until = f.At
		}
	}
	return until
}

// after returns e as if nothing had happened until t: completions and grades
// count only if they are later. Groups and badges are states, not events, and
// stay. Unknown observations stay too. The zero time leaves e unchanged.
func (e Evidence) after(t time.Time) Evidence {
	if t.IsZero() {
		return e
	}
	later := make(Evidence, len(e))
	for s, o := range e {
		if o.Read && s.happens() && !o.At.After(t) {
			o = Observation{Read: true, Source: o.Source}
		}
		later[s] = o
	}
	return later
}

// happens reports whether s is an event, and not a state that lasts.
func (s Subject) happens() bool { return s.Kind != GroupMember && s.Kind != BadgeHeld }

// heldAt returns e with the badges that the learner had at t, even if they have
// expired since: an award that asked for another badge stays when that badge
// expires.
func (e Evidence) heldAt(t time.Time) Evidence {
	then := e
	for s, o := range e {
		if !o.Ended.After(t) {
			continue
		}
		o.Done = true
		then = maps.Clone(then) // e must not change; there is rarely more than one such badge
		then[s] = o
	}
	return then
}

// open reports whether somebody who begins now can still meet r: the time for
// its conditions has not ended.
func (r *Rule) open(now time.Time) bool {
	nothing := Evidence{}
	for _, s := range r.Subjects() {
		nothing[s] = Observation{Read: true}
	}
	x := r.Evaluate(nothing)
	return !x.TooLate(now)
}
