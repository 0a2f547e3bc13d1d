package badges

import "time"

// These parts of an outlook have tests of their own.

func (h Holding) AgainByRule(now time.Time) bool { return h.again(TheRule, now) }

func (h Holding) AgainByHand(now time.Time) bool { return h.again(ATeacher, now) }

func (h Holding) Covers(lower *Badge, now time.Time) bool {
	return h.covers(lower, TheRule, now) || h.declined(now)
}

func (h Holding) InForce(now time.Time) bool { return h.inForce(now) }

func (h Holding) UsedUp(now time.Time) time.Time { return h.usedUp(now) }

func (e Evidence) After(t time.Time) Evidence { return e.after(t) }

func (r *Rule) Open(now time.Time) bool { return r.open(now) }

var EarnedBefore = earnedBefore
