package credential_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/internal/fault"
)

// steps returns the awards of one learner: silver replaced bronze, and gold
// replaced silver.
func steps(gold badges.AssertionState) world {
	w := world{
		assertions: map[badges.AssertionID]badges.Assertion{
			id:       {ID: id, Version: "bronze", State: badges.Replaced, ReplacedFrom: badges.Claimed, ReplacedBy: "silver"},
			"silver": {ID: "silver", Version: "silver", State: badges.Replaced, ReplacedFrom: badges.Pending, ReplacedBy: "gold"},
			"gold":   {ID: "gold", Version: "gold", State: gold},
		},
		versions: map[badges.VersionID]badges.Version{},
		issuers:  map[badges.IssuerID]badges.Issuer{"issuer-1": sample("fr").Issuer},
	}
	for _, name := range []badges.VersionID{"bronze", "silver", "gold"} {
		w.versions[name] = badges.Version{ID: name, Content: badges.Content{Name: string(name), Issuer: "issuer-1"}}
	}
	return w
}

func TestRead(t *testing.T) {
	w := steps(badges.Claimed)
	got, err := credential.Read(t.Context(), w, id)
	want := credential.Award{
		Assertion: w.assertions[id], Version: w.versions["bronze"], Issuer: w.issuers["issuer-1"],
		Replacement: credential.Replacement{Assertion: "gold", Badge: "gold", Public: true},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	got, err = credential.Read(t.Context(), w, "gold")
	want = credential.Award{Assertion: w.assertions["gold"], Version: w.versions["gold"], Issuer: w.issuers["issuer-1"]}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestReadOnlyWhatIsPublic(t *testing.T) {
	for _, state := range []badges.AssertionState{badges.Withheld, badges.Pending, badges.Declined, badges.Withdrawn} {
		if got, err := credential.Read(t.Context(), steps(state), "gold"); !fault.Is(err, fault.NotFound) || got.Assertion.ID != "" {
			t.Errorf("%s: %+v, %v; want NotFound", state, got, err)
		}
	}
	said := map[string]bool{}
	for _, hidden := range []badges.AssertionID{"silver", "unknown"} {
		got, err := credential.Read(t.Context(), steps(badges.Claimed), hidden)
		if !fault.Is(err, fault.NotFound) || got.Assertion.ID != "" {
			t.Errorf("%s: %+v, %v; want NotFound", hidden, got, err)
		}
		if e, ok := errors.AsType[*fault.Error](err); ok {
			said[e.Key()] = true
		}
	}
	if len(said) != 1 {
		t.Errorf("the answers tell an unknown award from one that is not public: %v", said)
	}
}

// TestReplacement checks which award replaced another, for public awards and
// others.
func TestReplacement(t *testing.T) {
	for _, tt := range []struct {
		name string
		of   badges.AssertionID
		gold badges.AssertionState
		want credential.Replacement
	}{
		{"two steps up", id, badges.Claimed, credential.Replacement{Assertion: "gold", Badge: "gold", Public: true}},
		{"of what is not public", "silver", badges.Claimed, credential.Replacement{Assertion: "gold", Badge: "gold", Public: true}},
		{"by what is not public", id, badges.Pending, credential.Replacement{Assertion: "gold", Badge: "gold"}},
		{"of what counts", "gold", badges.Claimed, credential.Replacement{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := steps(tt.gold)
			got, err := credential.ReadReplacement(t.Context(), w, w.assertions[tt.of])
			if err != nil || got != tt.want {
				t.Errorf("%+v, %v; want %+v", got, err, tt.want)
			}
		})
	}
}
