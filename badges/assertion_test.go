package badges_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/fault"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// The life of an assertion: every state against every act of the learner.
func TestAssertionLife(t *testing.T) {
	tests := []struct {
		from             badges.AssertionState
		claimed, refused badges.AssertionState // empty: refused with Conflict
	}{
		{badges.Pending, badges.Claimed, badges.Declined},
		{badges.Claimed, badges.Claimed, ""},
		{badges.Declined, badges.Claimed, badges.Declined},
		{badges.Withdrawn, "", ""},
		{badges.Revoked, "", ""},
	}
	for _, tt := range tests {
		t.Run(string(tt.from), func(t *testing.T) {
			a := badges.Assertion{State: tt.from}
			claimed, err := a.Claim(noon, true, false)
			wantState(t, "Claim", claimed, err, tt.from, tt.claimed)
			declined, err := a.Decline(noon)
			wantState(t, "Decline", declined, err, tt.from, tt.refused)
		})
	}
}

func wantState(t *testing.T, act string, got badges.Assertion, err error, from, want badges.AssertionState) {
	t.Helper()
	if want == "" {
		if fault.KindOf(err) != fault.Conflict || got.State != from {
			t.Errorf("%s = %s, %v; want unchanged and Conflict", act, got.State, err)
		}
		return
	}
	if err != nil || got.State != want {
		t.Errorf("%s = %s, %v; want %s", act, got.State, err, want)
	}
}

func TestNothingIsPublicBeforeTheClaim(t *testing.T) {
	a := badges.Assertion{State: badges.Pending, Recipient: badges.Recipient{Name: "Zoë Ångström"}}
	if a.Public() {
		t.Error("a pending assertion is public")
	}
	quiet, err := a.Claim(noon, false, false)
	if err != nil {
		t.Fatal(err)
	}
	if !quiet.Public() || quiet.PublicName() != "" {
		t.Errorf("claimed without consent: public %v, name %q; want true and no name", quiet.Public(), quiet.PublicName())
	}
	named, err := quiet.Claim(noon.Add(time.Hour), true, false)
	if err != nil {
		t.Fatal(err)
	}
	if named.PublicName() != "Zoë Ångström" || !named.DecidedAt.Equal(noon) {
		t.Errorf("consent given later: name %q, decided %v; want the name and the first decision's time", named.PublicName(), named.DecidedAt)
	}
}

func TestFactsFreezeOnlyWhatWasMet(t *testing.T) {
	rule := group(badges.Any, completed("1"), graded("2", 80))
	evidence := withGrade("2", &badges.Grade{Raw: 17, Max: 20})
	evidence[subject(completed("1"))] = badges.Observation{Known: true}
	want := []badges.Fact{{
		Kind: badges.ActivityGrade, Activity: "2", Name: "activity 2",
		Threshold: 80, Percent: 85, Grade: &badges.Grade{Raw: 17, Max: 20},
	}}
	if diff := cmp.Diff(want, explained(rule, evidence).Facts()); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
}

func TestClaimLinks(t *testing.T) {
	links := badges.NewClaimLinks([]byte("0123456789abcdef0123456789abcdef"))
	const id = badges.AssertionID("0b7c2c9e-3b0a-4a53-9b7f-1f3c56f2a001")
	token, err := links.Token(id)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := links.Parse(token); err != nil || got != id {
		t.Fatalf("Parse(Token(id)) = %v, %v; want %v", got, err, id)
	}
	other := badges.NewClaimLinks([]byte("another key, another installation"))
	if _, err := other.Parse(token); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a token of another key: %v, want NotFound", err)
	}
	for i := range token {
		forged := []byte(token)
		forged[i] ^= 1
		if got, err := links.Parse(string(forged)); err == nil {
			t.Errorf("token with character %d changed names %v, want an error", i, got)
		}
	}
	for _, bad := range []string{"", "x", token + "A", token[:42]} {
		if _, err := links.Parse(bad); fault.KindOf(err) != fault.NotFound {
			t.Errorf("Parse(%q) = %v, want NotFound", bad, err)
		}
	}
}
