package badges_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
)

func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 10, 30, 0, 0, time.UTC)
}

func TestEnds(t *testing.T) {
	for _, tt := range []struct {
		months   int
		from     time.Time
		ends     time.Time
		reminder time.Time
	}{
		{0, date(2026, 1, 31), time.Time{}, time.Time{}},
		{1, date(2026, 1, 31), date(2026, 2, 28), date(2026, 2, 14)}, // half of 28 days
		{1, date(2028, 1, 31), date(2028, 2, 29), date(2028, 2, 14).Add(12 * time.Hour)},
		{1, date(2026, 3, 31), date(2026, 4, 30), date(2026, 4, 15)},
		{12, date(2028, 2, 29), date(2029, 2, 28), date(2029, 1, 29)}, // 30 days before
		{2, date(2026, 12, 31), date(2027, 2, 28), date(2027, 1, 29).Add(12 * time.Hour)},
		{6, date(2026, 1, 15), date(2026, 7, 15), date(2026, 6, 15)},
		{120, date(2026, 8, 31), date(2036, 8, 31), date(2036, 8, 1)},
	} {
		c := badges.Content{ValidMonths: tt.months}
		ends := c.Ends(tt.from)
		if !ends.Equal(tt.ends) {
			t.Errorf("%d months from %s end on %s, want %s", tt.months, tt.from, ends, tt.ends)
		}
		if got := badges.RenewableFrom(tt.from, ends); !got.Equal(tt.reminder) {
			t.Errorf("%d months from %s: renewable from %s, want %s", tt.months, tt.from, got, tt.reminder)
		}
	}
}

// TestReminderComesInTime tries every validity: a reminder comes in the second
// half, at most 30 days before the end, and before the end.
func TestReminderComesInTime(t *testing.T) {
	for months := 1; months <= badges.MaxValidMonths; months++ {
		for day := range 400 {
			from := noon.AddDate(0, 0, day)
			c := badges.Content{ValidMonths: months}
			ends := c.Ends(from)
			reminder := badges.RenewableFrom(from, ends)
			if reminder.Sub(from) < ends.Sub(from)/2 || ends.Sub(reminder) > 30*24*time.Hour || !reminder.Before(ends) {
				t.Fatalf("%d months from %s: until %s, reminder %s", months, from, ends, reminder)
			}
			if y, m := from.Year(), int(from.Month())+months; ends.Year() != y+(m-1)/12 || int(ends.Month()) != (m-1)%12+1 {
				t.Fatalf("%d months from %s end in another month: %s", months, from, ends)
			}
		}
	}
}

func TestValidMonthsBounded(t *testing.T) {
	for months, valid := range map[int]bool{-1: false, 0: true, 1: true, 120: true, 121: false} {
		c := badges.Content{Name: "N", Description: "D", Language: "fr", Picture: "p", Issuer: "i", Rule: badges.Rule{Kind: badges.CourseCompleted}, ValidMonths: months}
		if err := c.Validate(); (err == nil) != valid || err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("%d months: %v", months, err)
		}
	}
}

// TestAgain tries every state at several times in the life of an award.
func TestAgain(t *testing.T) {
	awarded, ends := date(2026, 1, 1), date(2026, 7, 1)
	early, late, over := date(2026, 3, 1), date(2026, 6, 15), date(2026, 7, 1)
	type answer struct{ Rule, Hand bool }
	never, both, hand := answer{}, answer{true, true}, answer{Hand: true}
	for state, want := range map[badges.AssertionState][3]answer{ // early, late, over
		badges.Withheld:  {never, never, never},
		badges.Pending:   {never, both, both},
		badges.Claimed:   {never, both, both},
		badges.Private:   {never, both, both},
		badges.Erased:    {never, never, never},
		badges.Declined:  {never, never, hand},
		badges.Withdrawn: {hand, hand, hand},
		badges.Revoked:   {hand, hand, hand},
	} {
		h := badges.Holding{State: state, AwardedAt: awarded, ExpiresAt: ends}
		for i, now := range []time.Time{early, late, over} {
			if got := (answer{h.AgainByRule(now), h.AgainByHand(now)}); got != want[i] {
				t.Errorf("%s at %s: %+v, want %+v", state, now.Format(time.DateOnly), got, want[i])
			}
		}
		h.ExpiresAt = time.Time{}
		if h.AgainByRule(over.AddDate(50, 0, 0)) {
			t.Errorf("%s without end may be earned again", state)
		}
	}
}

func TestEvidenceUntil(t *testing.T) {
	a := badges.Assertion{Facts: []badges.Fact{{At: noon.Add(-time.Hour)}, {At: noon.Add(3 * time.Minute)}, {}}}
	if got := a.EvidenceUntil(noon); !got.Equal(noon.Add(3 * time.Minute)) {
		t.Errorf("until %s: what a clock ahead of ours wrote would count twice", got)
	}
}

// TestAfterByKind checks for every kind of condition whether an observation
// counts again: before the last award, at that time, after it, or without a
// time.
func TestAfterByKind(t *testing.T) {
	for _, rule := range asked {
		rule.From, rule.Until = time.Time{}, time.Time{}
		state := rule.Kind == badges.GroupMember || rule.Kind == badges.BadgeHeld
		for name, tt := range map[string]struct {
			at   time.Time
			want bool
		}{
			"before": {noon.Add(-time.Second), state}, "at": {noon, state}, "after": {noon.Add(time.Second), true}, "unknown moment": {time.Time{}, state},
		} {
			e := badges.Evidence{rule.Subject(): {Read: true, Done: true, Passed: true, Grade: &badges.Grade{Raw: 20, Max: 20}, At: tt.at}}
			if got := explained(rule, e.After(noon)).Verdict == badges.Met; got != tt.want {
				t.Errorf("%s %s: counts = %v, want %v", rule.Kind, name, got, tt.want)
			}
			if explained(rule, e).Verdict != badges.Met {
				t.Errorf("%s %s: the evidence itself changed", rule.Kind, name)
			}
		}
	}
}

// TestAfterOnlyTakesAway compares with the plain evaluation, on random rules
// and evidence: what is met after a time is met without it too; a later time
// never helps; and if everything happened after the time, nothing changes.
func TestAfterOnlyTakesAway(t *testing.T) {
	eachRule(t, func(t *testing.T, r *rand.Rand, rule badges.Rule) {
		e := randomEvidence(r, rule, 0.9)
		plain := explained(rule, e).Verdict
		if got := explained(rule, e.After(time.Time{})).Verdict; got != plain {
			t.Errorf("%v without a moment, %v plainly", got, plain)
		}
		before := plain
		for day := -16; day <= 16; day += 4 {
			now := explained(rule, e.After(noon.AddDate(0, 0, day))).Verdict
			if now == badges.Met && before != badges.Met {
				t.Errorf("met by what happened after day %d, %v by more", day, before)
			}
			before = now
		}
		for s, o := range e {
			if o.At.IsZero() {
				o.At = noon
				e[s] = o
			}
		}
		if diff := cmp.Diff(e, e.After(noon.AddDate(0, 0, -20))); diff != "" {
			t.Errorf("what happened later was changed:\n%s", diff)
		}
	})
}

// TestStillEarnedAfterExpiry checks an award whose rule asks for another badge.
// If that badge expires later, the award is still earned; if it was taken back
// or had expired before, it is not.
func TestStillEarnedAfterExpiry(t *testing.T) {
	rule := badges.Rule{Kind: badges.BadgeHeld, Badge: "x"}
	award := badges.Assertion{AwardedAt: noon, Facts: []badges.Fact{{Kind: badges.BadgeHeld}}}
	for name, tt := range map[string]struct {
		o    badges.Observation
		want badges.Verdict
	}{
		"held":          {badges.Observation{Read: true, Done: true}, badges.Met},
		"expired since": {badges.Observation{Read: true, Ended: noon.Add(time.Hour)}, badges.Met},
		"taken back":    {badges.Observation{Read: true}, badges.Unmet},
		"ended before":  {badges.Observation{Read: true, Ended: noon.Add(-time.Hour)}, badges.Unmet},
	} {
		e := badges.Evidence{rule.Subject(): tt.o}
		if got := award.StillEarned(&rule, e); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
		if d := outlook(rule, badges.Member{User: "1", Email: "a@x.org", Active: true}, e); (d.Standing == badges.Earns) != tt.o.Done {
			t.Errorf("%s: %s", name, d.Standing)
		}
		if diff := cmp.Diff(badges.Evidence{rule.Subject(): tt.o}, e); diff != "" {
			t.Errorf("%s: the evidence was changed", name)
		}
	}
}

// TestStillEarnedByItsOwnEvidence reviews the second award of a badge: evidence
// of the first does not count for it.
func TestStillEarnedByItsOwnEvidence(t *testing.T) {
	rule := graded("1", 50)
	second := badges.Assertion{AwardedAt: noon.Add(time.Hour), EvidenceAfter: noon}
	e := withGrade("1", &badges.Grade{Raw: 20, Max: 20})
	for at, want := range map[time.Time]badges.Verdict{noon.Add(-time.Minute): badges.Unmet, noon.Add(time.Minute): badges.Met} {
		o := e[subject(rule)]
		o.At = at
		if got := second.StillEarned(&rule, badges.Evidence{subject(rule): o}); got != want {
			t.Errorf("graded at %s: %v, want %v", at, got, want)
		}
	}
}

func TestOpen(t *testing.T) {
	over, later := badges.Rule{Kind: badges.CourseCompleted, Until: noon}, badges.Rule{Kind: badges.CourseCompleted, Until: noon.Add(time.Hour)}
	for name, tt := range map[string]struct {
		rule badges.Rule
		want bool
	}{
		"without a window": {completed("1"), true},
		"its time is over": {over, false},
		"not over yet":     {later, true},
		"another way":      {group(badges.Any, over, completed("1")), true},
		"all are needed":   {group(badges.All, over, completed("1")), false},
		"by hand":          {badges.Rule{Kind: badges.ByHand}, true},
	} {
		if got := tt.rule.Open(noon); got != tt.want {
			t.Errorf("%s: open = %v, want %v", name, got, tt.want)
		}
	}
}
