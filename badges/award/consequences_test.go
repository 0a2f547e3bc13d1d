package award_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/store/storetest"
)

// outcome lists everything that can follow from a transition of one award.
type outcome struct {
	audit   string // actor, action, old and new value, reason
	lower   string // state of the learner's award of the lower step, with what happened to it
	notices string // notice jobs of the award, by their subject
	scores  int    // score jobs of the award
	status  string // what changed in its entries in the status lists
	public  bool   // anybody can see it
	visible bool   // the learner can see it
}

// TestConsequences checks all consequences of every transition. The award that
// changes is of silver, unless the row says bronze; both badges have a
// gradebook column.
func TestConsequences(t *testing.T) {
	for kind, row := range rows() {
		if row.want == (outcome{}) {
			t.Errorf("%s: the row expects nothing", kind)
		}
	}
	storetest.EachReady(t, func(t *testing.T, address string) {
		w := newScene(t, address)
		for _, kind := range award.Kinds() {
			t.Run(string(kind), func(t *testing.T) {
				row, ok := rows()[kind]
				if !ok {
					t.Fatal("no row says what follows from this transition")
				}
				s := w.with(t, kind)
				for _, act := range row.before {
					act(s)
				}
				got := s.follows(kind, row.bronze, row.act)
				if diff := cmp.Diff(row.want, got, cmp.AllowUnexported(outcome{})); diff != "" {
					t.Errorf("what follows (-want +got):\n%s", diff)
				}
			})
		}
	})
}

// row is one transition: the state before, the act, and what follows.
type row struct {
	before []func(*scene)
	act    func(*scene)
	bronze bool // the award that changes is the lower one
	want   outcome
}

func rows() map[award.Kind]row {
	acts := func(list ...func(*scene)) []func(*scene) { return list }
	return map[award.Kind]row{
		award.Awarded: {acts(bronzePending), silverAwarded, false, outcome{
			"rule assertion_awarded →pending", "replaced; award_replaced", "award, award", 1, "", false, true,
		}},
		award.AwardedSilently: {acts(bronzePending), silverAwardedSilently, false, outcome{
			"rule assertion_awarded →pending", "replaced; award_replaced", "", 1, "", false, true,
		}},
		award.Withheld: {acts(bronzePending), silverWithheld, false, outcome{
			"rule assertion_awarded →withheld", "pending", "", 0, "", false, false,
		}},
		award.Released: {acts(bronzePending, silverWithheld), silverReleased, false, outcome{
			"3 awards_released withheld→withheld, released", "pending", "", 0, "", false, false,
		}},
		award.ReleaseUndone: {acts(bronzePending, silverWithheld, silverReleased, untilTheWindowEnds), silverReleaseUndone, false, outcome{
			"3 release_undone withheld, released→withheld", "pending", "", 0, "", false, false,
		}},
		award.Delivered: {acts(bronzePending, silverWithheld, silverReleased, theWindowEnds), deliveries, false, outcome{
			"rule award_delivered withheld→pending", "replaced; award_replaced", "award, award", 1, "", false, true,
		}},
		award.Claimed: {acts(bronzePending, bronzeClaimed, silverAwarded), silverClaimed, false, outcome{
			"learner assertion_claimed pending→claimed", "replaced; award_replaced", "", 1, "drawn", true, true,
		}},
		award.MadePrivate: {acts(bronzePending, silverAwarded, silverClaimed), silverMadePrivate, false, outcome{
			"learner award_made_private claimed→private", "replaced", "", 1, "", false, true,
		}},
		award.MadePublic: {acts(bronzePending, silverAwarded, silverClaimed, silverMadePrivate), silverMadePublic, false, outcome{
			"learner award_made_public private→claimed", "replaced", "", 1, "", true, true,
		}},
		award.ConsentChanged: {acts(bronzePending, silverAwarded, silverClaimed), silverShowsLess, false, outcome{
			"learner consent_changed name, facts→name", "replaced", "", 0, "", true, true,
		}},
		award.Declined: {acts(bronzePending, silverAwarded), silverDeclined, false, outcome{
			"learner assertion_declined pending→declined", "pending; award_restored", "", 1, "", false, true,
		}},
		award.Withdrawn: {acts(bronzePending, silverAwarded), silverTakenBack, false, outcome{
			"3 award_taken_back pending→withdrawn (by mistake)", "pending; award_restored", "", 1, "", false, true,
		}},
		award.Discarded: {acts(bronzePending, silverWithheld), silverTakenBack, false, outcome{
			"3 award_taken_back withheld→withdrawn (by mistake)", "pending", "", 0, "", false, false,
		}},
		award.Revoked: {acts(bronzePending, bronzeClaimed, silverAwarded, silverClaimed), silverTakenBack, false, outcome{
			"3 award_taken_back claimed→revoked (by mistake)", "claimed; award_restored", "", 1, "revocation set", true, true,
		}},
		award.Replaced: {acts(bronzePending), silverAwarded, true, outcome{
			"rule award_replaced pending→replaced (silver)", "replaced", "", 0, "", false, true,
		}},
		award.Restored: {acts(bronzePending, silverAwarded), silverTakenBack, true, outcome{
			"rule award_restored replaced→pending (silver)", "pending", "award, award", 0, "", false, true,
		}},
		award.Erased: {acts(bronzePending, bronzeClaimed, silverAwarded, silverClaimed), silverErased, false, outcome{
			"holder award_erased claimed→erased", "claimed; award_restored", "", 0, "", false, false,
		}},
		award.EvidenceLost: {acts(bronzePending, silverWithheld, silverReleased, theWindowEnds, deliveries), silverEvidenceLost, false, outcome{
			"rule evidence_fell pending→pending, evidence lost", "replaced", "", 0, "", false, true,
		}},
		award.EvidenceBack: {acts(bronzePending, silverAwarded, silverEvidenceLost), silverEvidenceBack, false, outcome{
			"rule evidence_back pending, evidence lost→pending", "replaced", "", 0, "", false, true,
		}},
		award.Kept: {acts(bronzePending, silverAwarded, silverEvidenceLost), silverKept, false, outcome{
			"3 award_kept pending, evidence lost→pending, kept", "replaced", "", 0, "", false, true,
		}},
		award.Reminded: {acts(bronzePending, silverAwarded, silverClaimed, theEndComesNear), reminders, false, outcome{
			"", "replaced", "end, end", 0, "", true, true,
		}},
		award.AddressGiven: {acts(silverWithoutAddress), silverAddressGiven, false, outcome{
			"learner address_given →", "", "", 0, "", false, true,
		}},
		award.AddressConfirmed: {acts(silverWithoutAddress, silverAddressGiven), silverAddressConfirmed, false, outcome{
			"learner address_confirmed →", "", "", 0, "", false, true,
		}},
		award.AddressTold: {acts(silverWithoutAddress, silverAddressGiven), silverAddressTold, false, outcome{
			"platform address_told →", "", "award, award", 0, "", false, true,
		}},
	}
}

// TestKindsAreComplete checks that Kinds lists every constant of type Kind, so
// that the table above has a row for it.
func TestKindsAreComplete(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "change.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	constants := 0
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			if name, ok := spec.Type.(*ast.Ident); ok && name.Name == "Kind" {
				constants += len(spec.Names)
			}
		}
		return true
	})
	if listed := len(award.Kinds()); listed != constants || constants == 0 {
		t.Errorf("%d transitions are listed, %d declared", listed, constants)
	}
}
