package badges_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// TestAssertionLife tries every act of the learner in every state.
func TestAssertionLife(t *testing.T) {
	for _, tt := range []struct {
		from             badges.AssertionState
		claimed, refused badges.AssertionState // empty: refused with Conflict
		hidden, shown    badges.AssertionState
	}{
		{badges.Withheld, "", "", "", ""},
		{badges.Pending, badges.Claimed, badges.Declined, "", ""},
		{badges.Claimed, badges.Claimed, "", badges.Private, badges.Claimed},
		{badges.Private, badges.Private, "", badges.Private, badges.Claimed},
		{badges.Declined, badges.Claimed, badges.Declined, "", ""},
		{badges.Withdrawn, "", "", "", ""},
		{badges.Revoked, "", "", "", ""},
		{badges.Replaced, "", "", "", ""},
		{badges.Erased, "", "", "", ""},
	} {
		t.Run(string(tt.from), func(t *testing.T) {
			a := badges.Assertion{ID: "a", State: tt.from, User: "6", Recipient: badges.Recipient{Name: "Zoë", Email: "zoe@example.org"}, BaseURL: "https://x.example"}
			claimed, err := a.Claim(noon, true, false)
			wantState(t, "Claim", claimed, err, tt.from, tt.claimed)
			declined, err := a.Decline(noon)
			wantState(t, "Decline", declined, err, tt.from, tt.refused)
			hidden, err := a.MakePrivate()
			wantState(t, "MakePrivate", hidden, err, tt.from, tt.hidden)
			shown, err := a.MakePublic()
			wantState(t, "MakePublic", shown, err, tt.from, tt.shown)
			gone := badges.Erased
			if tt.from == badges.Erased {
				gone = ""
			}
			erased, err := a.Erase()
			wantState(t, "Erase", erased, err, tt.from, gone)
			if gone != "" && (erased.User != "a" || erased.Recipient != (badges.Recipient{}) || erased.BaseURL != "https://x.example") {
				t.Errorf("left of it: %+v", erased)
			}
		})
	}
}

// TestHiddenStaysHidden checks that a private award that is revoked or replaced, in any
// order, is never public, and is private again when it is restored.
func TestHiddenStaysHidden(t *testing.T) {
	private := badges.Assertion{State: badges.Private, ReplacedFrom: ""}
	revoked, err := private.TakenBack(noon, "copied")
	if err != nil || revoked.State != badges.Revoked || revoked.Public() || !revoked.VisibleToLearner() || !revoked.WasClaimed() {
		t.Errorf("revoked: %+v, %v", revoked, err)
	}
	replaced := private.ReplacedWith("gold", noon)
	if replaced.Public() || !replaced.VisibleToLearner() || !replaced.WasClaimed() {
		t.Errorf("replaced: %+v", replaced)
	}
	if back := replaced.Restored(); back.State != badges.Private || back.Public() {
		t.Errorf("restored: %+v", back)
	}
	both, err := replaced.TakenBack(noon, "copied")
	if err != nil || both.State != badges.Revoked || both.Public() {
		t.Errorf("replaced and revoked: %+v, %v", both, err)
	}
	for _, a := range []badges.Assertion{revoked, replaced, both} {
		if shown, err := a.MakePublic(); !fault.Is(err, fault.Conflict) || shown.Public() {
			t.Errorf("%s is public again: %v", a.State, err)
		}
	}
}

func wantState(t *testing.T, act string, got badges.Assertion, err error, from, want badges.AssertionState) {
	t.Helper()
	if want == "" {
		if !fault.Is(err, fault.Conflict) || got.State != from {
			t.Errorf("%s = %s, %v; want unchanged and Conflict", act, got.State, err)
		}
		return
	}
	if err != nil || got.State != want {
		t.Errorf("%s = %s, %v; want %s", act, got.State, err, want)
	}
}

func TestNothingIsPublicBeforeTheClaim(t *testing.T) {
	a := badges.Assertion{State: badges.Pending, Recipient: badges.Recipient{Name: "Zoë Ångström", Email: "zoe@example.org"}}
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
	evidence[subject(completed("1"))] = badges.Observation{Read: true}
	want := []badges.Fact{{
		Kind: badges.ActivityGrade, Activity: "2", Name: "activity 2",
		Threshold: 80, Percent: 85, Grade: &badges.Grade{Raw: 17, Max: 20},
	}}
	if diff := cmp.Diff(want, explained(rule, evidence).Facts()); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
}
