package badges

import (
	"maps"
	"time"

	"github.com/insigne-badges/insigne/internal/fault"
)

// MaxValidMonths bounds how long the awards of a badge are valid.
const MaxValidMonths = 120

// remindBefore is how long before the end of an award its learner is told, and
// can earn it again; not before half of its time is over.
const remindBefore = 30 * 24 * time.Hour

// Ends returns when an award ends that is valid from a time on: on the same day
// so many months later, or on the last of a month that has no such day. Zero:
// never.
func (c *Content) Ends(from time.Time) time.Time {
	if c.ValidMonths == 0 {
		return time.Time{}
	}
	from = from.UTC()
	ends := from.AddDate(0, c.ValidMonths, 0)
	if ends.Day() != from.Day() { // the 31st of a shorter month runs into the next
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

// RenewableFrom returns from when on an award that lasts from awarded to ends
// can be earned again, which is also when its learner is reminded; zero: never.
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

// Remindable reports whether a is public and will end. Its learner has to be told,
// unless they know of a newer award.
func (a Assertion) Remindable(now time.Time) bool {
	return a.State == Claimed && !a.ExpiresAt.IsZero() && !a.Expired(now)
}

func expired(ends, now time.Time) bool { return !ends.IsZero() && !now.Before(ends) }

// EvidenceUntil returns until when everything that happened is used up by a,
// awarded at a time: what a rests on does not earn the next award. The clock of
// the LMS may be ahead.
func (a Assertion) EvidenceUntil(awarded time.Time) time.Time {
	until := awarded
	for _, f := range a.Facts {
		if f.At.After(until) {
			until = f.At
		}
	}
	return until
}

// after returns what e tells of the time after t, as if nothing had happened
// before: completions and grades count only with a later moment. Groups and badges,
// which are states and not events, stay, and so does everything unknown. The zero
// time leaves e unchanged.
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

// happens reports whether s is an event, rather than a state that holds.
func (s Subject) happens() bool { return s.Kind != GroupMember && s.Kind != BadgeHeld }

// heldAt returns e with the badges held that were held at a time and have
// expired since: that a badge ends by itself takes no award back that asked
// for it.
func (e Evidence) heldAt(t time.Time) Evidence {
	then := e
	for s, o := range e {
		if !o.Ended.After(t) {
			continue
		}
		o.Done = true
		then = maps.Clone(then) // e stays as it is; there is one such badge at most times
		then[s] = o
	}
	return then
}

// open reports whether somebody who begins now can still meet r: not everything
// it asks for had to happen before a time that is over.
func (r *Rule) open(now time.Time) bool {
	nothing := Evidence{}
	for _, s := range r.Subjects() {
		nothing[s] = Observation{Read: true}
	}
	x := r.Evaluate(nothing)
	return !x.Lost(now)
}
