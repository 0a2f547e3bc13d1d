package badges_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
)

// ladderOf returns a register with three steps and one badge without steps.
func ladderOf(states ...badges.BadgeState) badges.Register {
	list := []badges.Badge{{ID: "alone", State: badges.On, Current: badgeOf(eighty).Current}}
	after := badges.BadgeID("")
	for i, id := range []badges.BadgeID{"bronze", "silver", "gold"} {
		b := badges.Badge{ID: id, State: states[i], StepAfter: after, Current: badgeOf(graded("1", float64(50+20*i))).Current}
		list, after = append(list, b), id
	}
	return badges.NewRegister(list)
}

// TestCasesOf makes the case of one learner.
func TestCasesOf(t *testing.T) {
	r := ladderOf(badges.On, badges.Off, badges.On)
	r.Holders["bronze"] = map[badges.UserID]badges.Holding{"6": forever(badges.Claimed)}
	r.Holders["silver"] = map[badges.UserID]badges.Holding{"6": award(badges.Claimed, over), "7": fell()}
	r.Holders["alone"] = map[badges.UserID]badges.Holding{"6": forever(badges.Revoked)}
	r.PassedOver["gold"] = map[badges.UserID]bool{"6": true}
	bronze := r.Badge("bronze")
	want := badges.Case{
		Badge: bronze, Member: learns, Evidence: met, Last: forever(badges.Claimed), Higher: badges.Higher{award(badges.Claimed, over)},
		Above: []badges.Case{{Badge: r.Badge("gold"), Member: learns, Evidence: met, PassedOver: true}},
	}
	if diff := cmp.Diff(want, r.Cases(bronze).Of(learns, met)); diff != "" {
		t.Errorf("case (-want +got):\n%s", diff)
	}
	alone := r.Cases(r.Badge("alone")).Of(badges.Member{User: "7"}, nil)
	if diff := cmp.Diff(badges.Case{Badge: r.Badge("alone"), Member: badges.Member{User: "7"}}, alone); diff != "" {
		t.Errorf("of somebody who was never awarded anything (-want +got):\n%s", diff)
	}
	if b := r.Badge("elsewhere"); b != nil {
		t.Errorf("another course's badge is %+v", b)
	}
}

// TestStepsThatAwardTogether checks that higher drafts count for a badge that
// may be switched on with them, and do not count when it is on already.
func TestStepsThatAwardTogether(t *testing.T) {
	const draft, on, off = badges.Draft, badges.On, badges.Off
	for name, tt := range map[string]struct {
		states []badges.BadgeState
		want   badges.Standing // of bronze, for somebody with 80 percent
	}{
		"all are on":             {[]badges.BadgeState{on, on, on}, badges.Above},
		"all are drafts":         {[]badges.BadgeState{draft, draft, draft}, badges.Above},
		"the higher is a draft":  {[]badges.BadgeState{on, draft, draft}, badges.Earns},
		"the higher is off":      {[]badges.BadgeState{on, off, on}, badges.Earns},
		"the draft's higher is":  {[]badges.BadgeState{draft, on, draft}, badges.Above},
		"off, with drafts above": {[]badges.BadgeState{off, draft, draft}, badges.Above},
	} {
		r := ladderOf(tt.states...)
		o := r.Cases(r.Badge("bronze")).Of(learns, graded80(80, noon)).Outlook(noon)
		if o.Standing != tt.want {
			t.Errorf("%s: %s, want %s", name, o.Standing, tt.want)
		}
	}
	r := ladderOf(on, on, on)
	r.Badges[2].Current.Rule = badges.Rule{Kind: badges.ByHand}
	cases := r.Cases(r.Badge("bronze"))
	if got := len(cases.Of(learns, nil).Above); got != 1 {
		t.Errorf("%d steps above are awarded by rules, want gold alone", got)
	}
	if got := cases.Subjects(); len(got) != 1 {
		t.Errorf("subjects = %v, want each once", got)
	}
}

// TestEditedRule checks that the cases of a changed copy of a badge use its
// rule.
func TestEditedRule(t *testing.T) {
	r := ladderOf(badges.On, badges.Off, badges.Off)
	r.Holders["bronze"] = map[badges.UserID]badges.Holding{"7": forever(badges.Claimed)}
	edited := *r.Badge("bronze")
	edited.Current.Rule = graded("1", 95)
	for user, want := range map[badges.UserID][2]badges.Standing{"6": {badges.Earns, badges.Close}, "7": {badges.Holds, badges.Holds}} {
		m := learns
		m.User = user
		for i, b := range []*badges.Badge{r.Badge("bronze"), &edited} {
			if o := r.Cases(b).Of(m, met).Outlook(noon); o.Standing != want[i] {
				t.Errorf("%s, rule %d: %s, want %s", user, i, o.Standing, want[i])
			}
		}
	}
}
