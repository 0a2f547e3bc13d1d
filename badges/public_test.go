package badges_test

import (
	"testing"

	"github.com/insigne-badges/insigne/badges"
)

// TestWhatIsPublic checks for every state what everybody can see, with and
// without the learner's consent.
func TestWhatIsPublic(t *testing.T) {
	for _, tt := range []struct {
		state, from         badges.AssertionState
		public, void, facts bool
	}{
		{state: badges.Withheld, facts: true},
		{state: badges.Pending, facts: true},
		{state: badges.Declined, facts: true},
		{state: badges.Withdrawn, facts: true},
		{state: badges.Claimed, public: true, facts: true},
		{state: badges.Private, facts: true},
		{state: badges.Revoked, public: true, void: true},
		{state: badges.Revoked, from: badges.Claimed, public: true, void: true},
		{state: badges.Revoked, from: badges.Private},
		{state: badges.Erased, facts: true},
		{state: badges.Replaced, from: badges.Private, facts: true},
		{state: badges.Replaced, from: badges.Withheld, facts: true},
		{state: badges.Replaced, from: badges.Pending, facts: true},
		{state: badges.Replaced, from: badges.Claimed, public: true, void: true, facts: true},
	} {
		t.Run(string(tt.state+" "+tt.from), func(t *testing.T) {
			a := badges.Assertion{
				State: tt.state, ReplacedFrom: tt.from, ShowName: true, ShowFacts: true,
				Recipient: badges.Recipient{Name: "Zoë"}, Facts: []badges.Fact{{Kind: badges.ByHand, Given: &badges.GivenEvidence{Text: "seen"}}},
			}
			if a.Public() != tt.public || a.Void() != tt.void {
				t.Errorf("public %v, void %v; want %v, %v", a.Public(), a.Void(), tt.public, tt.void)
			}
			if got := !a.PublicGiven().IsZero(); got != tt.facts {
				t.Errorf("a teacher's evidence is shown: %v, want %v", got, tt.facts)
			}
			if got := len(a.PublicFacts()) > 0; got != tt.facts || a.PublicName() != "Zoë" {
				t.Errorf("facts are shown: %v, name %q; want %v and the name", got, a.PublicName(), tt.facts)
			}
			a.ShowName, a.ShowFacts = false, false
			if a.PublicFacts() != nil || a.PublicName() != "" {
				t.Errorf("without consent: facts %v, name %q", a.PublicFacts(), a.PublicName())
			}
		})
	}
}
