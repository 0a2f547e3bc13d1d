package badges_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/testlength"
)

// An award with a validity of two months, seen at noon.
var (
	lasts   = noon.AddDate(0, 0, -5)  // awarded a few days ago
	nearEnd = noon.AddDate(0, 0, -50) // awarded so long ago that it can be earned again
	over    = noon.AddDate(0, 0, -70) // awarded so long ago that it has expired
)

// award returns a newest award with a validity of two months.
func award(state badges.AssertionState, at time.Time) badges.Holding {
	return badges.Holding{Assertion: "a", State: state, AwardedAt: at, ExpiresAt: at.AddDate(0, 2, 0), EvidenceUntil: at}
}

// forever returns a newest award without end.
func forever(state badges.AssertionState) badges.Holding {
	return badges.Holding{Assertion: "a", State: state, AwardedAt: lasts, EvidenceUntil: lasts}
}

// fell returns an award that the policy withdrew.
func fell() badges.Holding {
	h := forever(badges.Withdrawn)
	h.EvidenceLostAt = noon
	return h
}

// The rules of these tests: 80 percent, or the course completed before a day.
var (
	eighty = graded("1", 80)
	intime = badges.Rule{Kind: badges.CourseCompleted, Until: noon}
	learns = badges.Member{User: "6", Name: "Zoë", Email: "zoe@example.org", Active: true}
)

// graded80 returns evidence of a grade at a time.
func graded80(percent float64, at time.Time) badges.Evidence {
	return badges.Evidence{subject(eighty): {Read: true, Grade: &badges.Grade{Raw: percent, Max: 100}, At: at}}
}

var (
	met     = graded80(90, noon.Add(-time.Hour))
	metOnce = graded80(90, over.Add(-time.Hour)) // before any award
	unmet   = graded80(10, noon.Add(-time.Hour))
	close80 = graded80(70, noon.Add(-time.Hour))
)

// without returns a member whom change makes unable to get a badge.
func without(change func(*badges.Member)) badges.Member {
	m := learns
	change(&m)
	return m
}

var (
	teaches   = without(func(m *badges.Member) { m.Teaches = true })
	suspended = without(func(m *badges.Member) { m.Active = false })
	noEmail   = without(func(m *badges.Member) { m.Email = "" })
)

// TestOutlook tries every state of the newest award, and everything else that
// decides. The learner meets the rule unless the case says otherwise.
func TestOutlook(t *testing.T) {
	jury := *badgeOf(eighty)
	jury.Jury = true
	lost := *badgeOf(intime)
	lostEvidence := badges.Evidence{subject(intime): {Read: true}}
	byHand := *badgeOf(badges.Rule{Kind: badges.ByHand})
	earns := []badges.Case{{Badge: badgeOf(eighty), Member: learns, Evidence: met}}
	earnsHeld := []badges.Case{{Badge: &jury, Member: learns, Evidence: met}}
	misses := []badges.Case{{Badge: badgeOf(graded("1", 95)), Member: learns, Evidence: met}}
	higher := func(h badges.Holding) badges.Higher { return badges.Higher{h} }
	type want struct {
		standing badges.Standing
		why      badges.Reason
	}
	for name, tt := range map[string]struct {
		badge badges.Badge
		c     badges.Case
		want  want
	}{
		// Never awarded.
		"meets the rule":             {c: badges.Case{}, want: want{badges.Earns, ""}},
		"is close":                   {c: badges.Case{Evidence: close80}, want: want{badges.Close, ""}},
		"is not there yet":           {c: badges.Case{Evidence: unmet}, want: want{badges.NotYet, ""}},
		"is not known of":            {c: badges.Case{Evidence: badges.Evidence{}}, want: want{badges.Undecided, ""}},
		"is too late":                {badge: lost, c: badges.Case{Evidence: lostEvidence}, want: want{badges.Cannot, badges.WhyTooLate}},
		"teaches":                    {c: badges.Case{Member: teaches}, want: want{badges.Cannot, badges.WhyTeaches}},
		"is suspended":               {c: badges.Case{Member: suspended}, want: want{badges.Cannot, badges.WhySuspended}},
		"has no address":             {c: badges.Case{Member: noEmail}, want: want{badges.Earns, ""}},
		"was passed over":            {c: badges.Case{PassedOver: true}, want: want{badges.Cannot, badges.WhyPassedOver}},
		"was passed over, does less": {c: badges.Case{PassedOver: true, Evidence: unmet}, want: want{badges.Cannot, badges.WhyPassedOver}},
		"was passed over, left":      {c: badges.Case{PassedOver: true, Member: suspended}, want: want{badges.Cannot, badges.WhySuspended}},
		"only by hand":               {badge: byHand, want: want{badges.NotYet, ""}},

		// Awards without end.
		"withheld":                 {c: badges.Case{Last: forever(badges.Withheld)}, want: want{badges.Holds, badges.WhyHas}},
		"pending":                  {c: badges.Case{Last: forever(badges.Pending)}, want: want{badges.Holds, badges.WhyHas}},
		"claimed":                  {c: badges.Case{Last: forever(badges.Claimed)}, want: want{badges.Holds, badges.WhyHas}},
		"claimed, unmet since":     {c: badges.Case{Last: forever(badges.Claimed), Evidence: unmet}, want: want{badges.Holds, badges.WhyHas}},
		"claimed, suspended since": {c: badges.Case{Last: forever(badges.Claimed), Member: suspended}, want: want{badges.Holds, badges.WhyHas}},
		"claimed, by hand":         {badge: byHand, c: badges.Case{Last: forever(badges.Claimed)}, want: want{badges.Holds, badges.WhyHas}},
		"by hand, passed over":     {c: badges.Case{Last: forever(badges.Claimed), PassedOver: true}, want: want{badges.Holds, badges.WhyHas}},
		"private":                  {c: badges.Case{Last: forever(badges.Private)}, want: want{badges.Holds, badges.WhyHas}},
		"had it erased":            {c: badges.Case{Erased: true}, want: want{badges.Cannot, badges.WhyErased}},
		"had it erased, has it":    {c: badges.Case{Erased: true, Last: forever(badges.Pending)}, want: want{badges.Holds, badges.WhyHas}},
		"declined":                 {c: badges.Case{Last: forever(badges.Declined)}, want: want{badges.Cannot, badges.WhyDeclined}},
		"taken back, pending":      {c: badges.Case{Last: forever(badges.Withdrawn)}, want: want{badges.Cannot, badges.WhyTakenBack}},
		"taken back, claimed":      {c: badges.Case{Last: forever(badges.Revoked)}, want: want{badges.Cannot, badges.WhyTakenBack}},
		"withdrawn by the policy":  {c: badges.Case{Last: fell()}, want: want{badges.Cannot, badges.WhyEvidenceLost}},

		// Awards that end.
		"lasts":                        {c: badges.Case{Last: award(badges.Claimed, lasts)}, want: want{badges.Holds, badges.WhyHas}},
		"near its end, done again":     {c: badges.Case{Last: award(badges.Claimed, nearEnd)}, want: want{badges.Earns, ""}},
		"near its end, done before":    {c: badges.Case{Last: award(badges.Claimed, nearEnd), Evidence: metOnce}, want: want{badges.Holds, ""}},
		"near its end, not known of":   {c: badges.Case{Last: award(badges.Pending, nearEnd), Evidence: badges.Evidence{}}, want: want{badges.Holds, ""}},
		"near its end, suspended":      {c: badges.Case{Last: award(badges.Claimed, nearEnd), Member: suspended}, want: want{badges.Holds, badges.WhySuspended}},
		"near its end, passed over":    {c: badges.Case{Last: award(badges.Claimed, nearEnd), PassedOver: true}, want: want{badges.Holds, badges.WhyPassedOver}},
		"near its end, too late":       {badge: lost, c: badges.Case{Last: award(badges.Claimed, nearEnd), Evidence: lostEvidence}, want: want{badges.Holds, badges.WhyTooLate}},
		"over, done again":             {c: badges.Case{Last: award(badges.Claimed, over)}, want: want{badges.Earns, ""}},
		"over, done before":            {c: badges.Case{Last: award(badges.Claimed, over), Evidence: metOnce}, want: want{badges.NotYet, ""}},
		"over, never claimed":          {c: badges.Case{Last: award(badges.Pending, over)}, want: want{badges.Earns, ""}},
		"over, suspended":              {c: badges.Case{Last: award(badges.Claimed, over), Member: suspended}, want: want{badges.Cannot, badges.WhySuspended}},
		"over, passed over":            {c: badges.Case{Last: award(badges.Claimed, over), PassedOver: true}, want: want{badges.Cannot, badges.WhyPassedOver}},
		"over, but declined":           {c: badges.Case{Last: award(badges.Declined, over)}, want: want{badges.Cannot, badges.WhyDeclined}},
		"over, but taken back":         {c: badges.Case{Last: award(badges.Revoked, over)}, want: want{badges.Cannot, badges.WhyTakenBack}},
		"replaced, the higher is over": {c: badges.Case{Last: forever(badges.Replaced), Higher: higher(award(badges.Claimed, over))}, want: want{badges.Earns, ""}},

		// Higher steps that were awarded.
		"higher pending":               {c: badges.Case{Higher: higher(forever(badges.Pending))}, want: want{badges.Above, badges.WhyHasHigher}},
		"higher claimed, less done":    {c: badges.Case{Higher: higher(forever(badges.Claimed)), Evidence: unmet}, want: want{badges.Above, badges.WhyHasHigher}},
		"higher claimed, suspended":    {c: badges.Case{Higher: higher(forever(badges.Claimed)), Member: suspended}, want: want{badges.Above, badges.WhyHasHigher}},
		"higher claimed, lower too":    {c: badges.Case{Higher: higher(forever(badges.Pending)), Last: forever(badges.Claimed)}, want: want{badges.Holds, badges.WhyHasHigher}},
		"higher claimed, replaced":     {c: badges.Case{Higher: higher(forever(badges.Claimed)), Last: forever(badges.Replaced)}, want: want{badges.Above, badges.WhyHasHigher}},
		"higher claimed, lower over":   {c: badges.Case{Higher: higher(forever(badges.Claimed)), Last: award(badges.Claimed, over)}, want: want{badges.Above, badges.WhyHasHigher}},
		"higher claimed, declined":     {c: badges.Case{Higher: higher(forever(badges.Claimed)), Last: forever(badges.Declined)}, want: want{badges.Above, badges.WhyHasHigher}},
		"higher declined":              {c: badges.Case{Higher: higher(forever(badges.Declined))}, want: want{badges.Cannot, badges.WhyDeclinedHigher}},
		"higher declined, taken back":  {c: badges.Case{Higher: higher(forever(badges.Declined)), Last: forever(badges.Revoked)}, want: want{badges.Cannot, badges.WhyTakenBack}},
		"higher declined, lower has":   {c: badges.Case{Higher: higher(forever(badges.Declined)), Last: forever(badges.Pending)}, want: want{badges.Holds, badges.WhyHas}},
		"higher declined, long ago":    {c: badges.Case{Higher: higher(award(badges.Declined, over))}, want: want{badges.Earns, ""}},
		"higher taken back":            {c: badges.Case{Higher: higher(forever(badges.Revoked))}, want: want{badges.Earns, ""}},
		"higher withdrawn":             {c: badges.Case{Higher: higher(fell())}, want: want{badges.Earns, ""}},
		"higher over, done again":      {c: badges.Case{Higher: higher(award(badges.Claimed, over))}, want: want{badges.Earns, ""}},
		"higher over, done before":     {c: badges.Case{Higher: higher(award(badges.Claimed, over)), Evidence: metOnce}, want: want{badges.NotYet, ""}},
		"higher waits":                 {c: badges.Case{Higher: higher(forever(badges.Withheld))}, want: want{badges.Earns, ""}},
		"higher waits, lower would":    {badge: jury, c: badges.Case{Higher: higher(forever(badges.Withheld))}, want: want{badges.Above, badges.WhyHasHigher}},
		"one of two higher is claimed": {c: badges.Case{Higher: badges.Higher{award(badges.Claimed, over), forever(badges.Claimed)}}, want: want{badges.Above, badges.WhyHasHigher}},

		// Higher steps that would be awarded now.
		"earns a higher one":            {c: badges.Case{Above: earns}, want: want{badges.Above, ""}},
		"earns a higher one alone":      {c: badges.Case{Above: earns, Evidence: unmet}, want: want{badges.NotYet, ""}},
		"misses the higher one":         {c: badges.Case{Above: misses}, want: want{badges.Earns, ""}},
		"earns a higher one that waits": {c: badges.Case{Above: earnsHeld}, want: want{badges.Earns, ""}},
		"both would wait":               {badge: jury, c: badges.Case{Above: earnsHeld}, want: want{badges.Above, ""}},
		"again, and a higher one":       {c: badges.Case{Above: earns, Last: award(badges.Claimed, nearEnd)}, want: want{badges.Holds, ""}},
	} {
		t.Run(name, func(t *testing.T) {
			c := tt.c
			if c.Badge = &tt.badge; c.Badge.State == "" {
				c.Badge = badgeOf(eighty)
			}
			if c.Member.User == "" {
				c.Member = learns
			}
			if c.Evidence == nil {
				c.Evidence = met
			}
			o := c.Outlook(noon)
			if diff := cmp.Diff(tt.want, want{o.Standing, o.Why}, cmp.AllowUnexported(want{})); diff != "" {
				t.Errorf("outlook (-want +got):\n%s", diff)
			}
			if o.Progress() < 0 || o.Standing == badges.Earns && o.Progress() != 1 {
				t.Errorf("%s with progress %v", o.Standing, o.Progress())
			}
		})
	}
}

// TestRetroactive tries every choice of the teacher for a learner who met the
// rule before the badge was switched on.
func TestRetroactive(t *testing.T) {
	before, after := graded80(90, noon.AddDate(0, 0, -20)), graded80(90, noon.AddDate(0, 0, -1))
	unknown := graded80(90, time.Time{})
	switched := noon.AddDate(0, 0, -10)
	for name, tt := range map[string]struct {
		state    badges.BadgeState
		choice   badges.Retroactive
		done     bool
		last     badges.Holding
		evidence badges.Evidence
		standing badges.Standing
		want     badges.Retroactive
	}{
		"notify":                     {badges.On, badges.RetroactiveNotify, false, badges.Holding{}, before, badges.Earns, badges.RetroactiveNotify},
		"silent":                     {badges.On, badges.RetroactiveSilent, false, badges.Holding{}, before, badges.Earns, badges.RetroactiveSilent},
		"silent, done":               {badges.On, badges.RetroactiveSilent, true, badges.Holding{}, before, badges.Earns, badges.RetroactiveSilent},
		"silent, done since":         {badges.On, badges.RetroactiveSilent, true, badges.Holding{}, after, badges.Earns, badges.RetroactiveNotify},
		"none":                       {badges.On, badges.RetroactiveNone, false, badges.Holding{}, before, badges.Cannot, badges.RetroactiveNone},
		"none, before the first run": {badges.On, badges.RetroactiveNone, false, badges.Holding{}, unknown, badges.Cannot, badges.RetroactiveNone},
		"none, done":                 {badges.On, badges.RetroactiveNone, true, badges.Holding{}, before, badges.Cannot, badges.RetroactiveNone},
		"none, done since":           {badges.On, badges.RetroactiveNone, true, badges.Holding{}, after, badges.Earns, badges.RetroactiveNotify},
		"none, nobody knows when":    {badges.On, badges.RetroactiveNone, true, badges.Holding{}, unknown, badges.Earns, badges.RetroactiveNotify},
		"none, awarded before":       {badges.On, badges.RetroactiveNone, false, award(badges.Claimed, over), before, badges.Earns, badges.RetroactiveNotify},
		"none, does not meet it":     {badges.On, badges.RetroactiveNone, false, badges.Holding{}, unmet, badges.NotYet, badges.RetroactiveNotify},
		"a draft":                    {badges.Draft, badges.RetroactiveNone, false, badges.Holding{}, before, badges.Earns, badges.RetroactiveNotify},
	} {
		b := badgeOf(eighty)
		b.State, b.Retroactive, b.SwitchedAt = tt.state, tt.choice, switched
		if tt.done {
			b.RetroactiveDoneAt = noon.AddDate(0, 0, -9)
		}
		o := badges.Case{Badge: b, Member: learns, Evidence: tt.evidence, Last: tt.last}.Outlook(noon)
		if o.Standing != tt.standing || o.Retroactive != tt.want {
			t.Errorf("%s: %s %s, want %s %s", name, o.Standing, o.Retroactive, tt.standing, tt.want)
		}
	}
}

// TestPassedOverHigher checks that a learner who is passed over for a higher
// step gets the lower one.
func TestPassedOverHigher(t *testing.T) {
	gold := badgeOf(eighty)
	gold.Retroactive = badges.RetroactiveNone
	c := badges.Case{Badge: badgeOf(eighty), Member: learns, Evidence: met, Above: []badges.Case{{Badge: gold, Member: learns, Evidence: met}}}
	if o := c.Outlook(noon); o.Standing != badges.Earns {
		t.Errorf("about to be passed over for the higher step: %s", o.Standing)
	}
	c.Above[0] = badges.Case{Badge: badgeOf(eighty), Member: learns, Evidence: met, PassedOver: true}
	if o := c.Outlook(noon); o.Standing != badges.Earns {
		t.Errorf("passed over for the higher step: %s", o.Standing)
	}
}

// TestBlocked compares what the rule and what a teacher can still award.
func TestBlocked(t *testing.T) {
	for name, tt := range map[string]struct {
		c          badges.Case
		rule, hand badges.Reason
	}{
		"never awarded":           {badges.Case{}, "", ""},
		"withheld":                {badges.Case{Last: forever(badges.Withheld)}, badges.WhyHas, badges.WhyHas},
		"claimed":                 {badges.Case{Last: forever(badges.Claimed)}, badges.WhyHas, badges.WhyHas},
		"near its end":            {badges.Case{Last: award(badges.Pending, nearEnd)}, "", ""},
		"over":                    {badges.Case{Last: award(badges.Claimed, over)}, "", ""},
		"declined":                {badges.Case{Last: forever(badges.Declined)}, badges.WhyDeclined, badges.WhyDeclined},
		"declined, over":          {badges.Case{Last: award(badges.Declined, over)}, badges.WhyDeclined, ""},
		"taken back":              {badges.Case{Last: forever(badges.Revoked)}, badges.WhyTakenBack, ""},
		"withdrawn by the policy": {badges.Case{Last: fell()}, badges.WhyEvidenceLost, ""},
		"replaced":                {badges.Case{Last: forever(badges.Replaced)}, "", ""},
		"higher claimed":          {badges.Case{Higher: badges.Higher{forever(badges.Claimed)}}, badges.WhyHasHigher, badges.WhyHasHigher},
		"higher and claimed":      {badges.Case{Higher: badges.Higher{forever(badges.Claimed)}, Last: forever(badges.Claimed)}, badges.WhyHasHigher, badges.WhyHasHigher},
		"higher over":             {badges.Case{Higher: badges.Higher{award(badges.Claimed, over)}}, "", ""},
		"higher declined":         {badges.Case{Higher: badges.Higher{forever(badges.Declined)}}, badges.WhyDeclinedHigher, ""},
		"higher waits":            {badges.Case{Higher: badges.Higher{forever(badges.Withheld)}}, "", ""},
		"passed over":             {badges.Case{PassedOver: true}, badges.WhyPassedOver, ""},
		"teaches":                 {badges.Case{Member: teaches}, badges.WhyTeaches, badges.WhyTeaches},
		"suspended":               {badges.Case{Member: suspended}, badges.WhySuspended, badges.WhySuspended},
		"no address":              {badges.Case{Member: noEmail}, "", ""},
	} {
		tt.c.Badge = badgeOf(eighty)
		if tt.c.Member.User == "" {
			tt.c.Member = learns
		}
		if rule, hand := tt.c.Blocked(badges.TheRule, noon), tt.c.Blocked(badges.ATeacher, noon); rule != tt.rule || hand != tt.hand {
			t.Errorf("%s: closed to the rule %q, to a teacher %q; want %q, %q", name, rule, hand, tt.rule, tt.hand)
		}
	}
}

// TestBlockedDecides checks that nobody earns a badge while it is blocked for
// them, whatever the evidence, and that the right evidence earns it otherwise.
// Nobody can earn it again who cannot earn it.
func TestBlockedDecides(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	states := []badges.AssertionState{"", badges.Withheld, badges.Pending, badges.Claimed, badges.Private, badges.Declined, badges.Withdrawn, badges.Revoked, badges.Replaced}
	holding := func() badges.Holding {
		state := states[r.IntN(len(states))]
		if state == "" {
			return badges.Holding{}
		}
		h := award(state, []time.Time{lasts, nearEnd, over}[r.IntN(3)])
		if r.IntN(2) == 0 {
			h.ExpiresAt = time.Time{}
		}
		if state == badges.Withdrawn && r.IntN(2) == 0 {
			h.EvidenceLostAt = noon
		}
		return h
	}
	for range testlength.Choose(2000, 20_000, 2_000_000) {
		badge := badgeOf(eighty)
		badge.Jury = r.IntN(3) == 0
		c := badges.Case{Badge: badge, Member: []badges.Member{learns, learns, teaches, suspended, noEmail}[r.IntN(5)], Last: holding(), PassedOver: r.IntN(4) == 0, Erased: r.IntN(8) == 0}
		for range r.IntN(3) {
			if h := holding(); h.State != "" {
				c.Higher = append(c.Higher, h)
			}
		}
		closed := c.Blocked(badges.TheRule, noon)
		for _, e := range []badges.Evidence{nil, met, metOnce, unmet, close80} {
			c.Evidence = e
			o := c.Outlook(noon)
			if o.Standing == badges.Earns && closed != "" {
				t.Fatalf("closed, as %s, and earned: %+v", closed, c)
			}
			if o.Standing == badges.Cannot && o.Why == "" {
				t.Fatalf("cannot, and nobody knows why: %+v", c)
			}
		}
		c.Evidence = graded80(90, noon) // after everything
		if o := c.Outlook(noon); (o.Standing == badges.Earns) != (closed == "") {
			t.Fatalf("with everything done it is %s, and closed %q: %+v", o.Standing, closed, c)
		}
		if again := c.Again(noon); again != (closed == "" && c.Last.State != "") {
			t.Fatalf("again = %v, and closed %q: %+v", again, closed, c)
		}
	}
}

// TestAnew lets the policy withdraw an award: its evidence earns it again, and
// the evidence of the award before it does not.
func TestAnew(t *testing.T) {
	c := badges.Case{Badge: badgeOf(eighty), Member: learns, Last: fell(), PassedOver: false}
	c.Badge.Retroactive, c.Badge.SwitchedAt = badges.RetroactiveNone, noon // has no effect on a badge that the learner was awarded already
	withdrawn := badges.Assertion{ID: "a", EvidenceAfter: over}
	for name, tt := range map[string]struct {
		evidence badges.Evidence
		want     badges.Standing
	}{
		"the evidence is back":       {graded80(90, over.Add(time.Hour)), badges.Earns},
		"it earned the award before": {metOnce, badges.NotYet},
		"it is not":                  {unmet, badges.NotYet},
		"nobody knows yet":           {nil, badges.Undecided},
	} {
		c.Evidence = tt.evidence
		if o := c.Anew(withdrawn).Outlook(noon); o.Standing != tt.want {
			t.Errorf("%s: %s %s, want %s", name, o.Standing, o.Why, tt.want)
		}
	}
	c.Evidence, c.Higher = met, badges.Higher{forever(badges.Claimed)}
	if o := c.Anew(withdrawn).Outlook(noon); o.Standing != badges.Above {
		t.Errorf("beside a higher step: %s", o.Standing)
	}
}

// TestAsLearner checks that a learner sees the same outlook, whether or not an
// award of theirs is withheld.
func TestAsLearner(t *testing.T) {
	jury := &badges.Badge{State: badges.On, Jury: true, Current: badges.Version{Content: badges.Content{Rule: badges.Rule{Kind: badges.CourseCompleted}}}}
	learner := badges.Member{User: "6", Email: "z@z.example", Active: true}
	met := badges.Evidence{{Kind: badges.CourseCompleted}: {Read: true, Done: true}}
	before := badges.Case{Badge: jury, Member: learner, Evidence: met}
	itself := before
	itself.Last = forever(badges.Withheld)
	under := before
	under.Higher = badges.Higher{forever(badges.Withheld)}
	want := before.AsLearner().Outlook(noon)
	renewal := forever(badges.Withheld)
	first := award(badges.Claimed, over)
	renewal.Previous = &first
	renewed := before
	renewed.Last = renewal
	if got := renewed.AsLearner().Last; got != first {
		t.Errorf("of a withheld renewal the learner sees %+v, want the award before", got)
	}
	step := *jury
	earns := before
	earns.Above = []badges.Case{{Badge: &step, Member: learner, Evidence: met}}
	withheld := earns
	withheld.Above = []badges.Case{{Badge: &step, Member: learner, Evidence: met, Last: forever(badges.Withheld)}}
	if a, b := earns.AsLearner().Outlook(noon), withheld.AsLearner().Outlook(noon); a.Standing != b.Standing {
		t.Errorf("a higher step is withheld: %s, want %s", b.Standing, a.Standing)
	}
	discarded := before
	discarded.Last = badges.Holding{Assertion: "x", State: badges.Withdrawn, NeverShown: true}
	for name, c := range map[string]badges.Case{"the badge": itself, "a higher step": under, "and was withdrawn": discarded} {
		if got := c.AsLearner().Outlook(noon); got.Standing != want.Standing || got.Progress() != 1 || got.Why != "" {
			t.Errorf("%s is withheld: %s (%s), %v; want %s", name, got.Standing, got.Why, got.Progress(), want.Standing)
		}
		if got := c.Outlook(noon); got.Standing == want.Standing {
			t.Errorf("%s is withheld, and the teachers see %s", name, got.Standing)
		}
	}
}
