package store_test

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// Secrets that acts pass to the store, and the only address that the log may
// contain.
const (
	auditedToken  = "canary-token-of-the-service"
	auditedHash   = "canary-hash-of-a-link"
	auditedSender = "badges@u.example"
)

// auditWorld is a world with the ids that acts leave for other acts and for
// their expected entries.
type auditWorld struct {
	world
	ids map[string]string // by its {word} in an entry
}

// entry is a row of the audit log; {words} stand for ids of the world.
type entry struct {
	Where  string // platform and context
	Actor  string
	Action badges.Action
	Object string
	Old    string
	New    string
	Reason string
}

const (
	course       = "{platform}/2"
	platform     = "{platform}/"
	installation = "/"
)

// change is the part of an act that runs in a transaction.
type change func(context.Context, *store.Tx, auditWorld) error

// act is one way to cause an audited action.
type act struct {
	name  string
	first change // prepares the world
	do    change
	want  []entry
	again bool // a repetition is a new event with an entry of its own
}

// acts lists all ways to cause an audited action.
func acts() []act {
	return slices.Concat(badgeActs(), settingActs(), stepActs(), noticeActs(), linkActs(), platformActs(), serviceActs())
}

// elsewhere lists the actions whose entries are checked in tests of other
// packages.
func elsewhere() []badges.Action {
	return slices.Concat(
		// badges/award: TestConsequences.
		[]badges.Action{
			badges.AssertionAwarded, badges.AssertionClaimed, badges.AssertionDeclined, badges.ConsentChanged,
			badges.EvidenceLost, badges.EvidenceBack, badges.AwardKept, badges.AwardTakenBack,
			badges.AwardsReleased, badges.ReleaseUndone, badges.AwardDelivered, badges.AwardReplaced, badges.AwardRestored,
			badges.AwardMadePrivate, badges.AwardMadePublic, badges.AwardErased,
			badges.AddressGiven, badges.AddressConfirmed, badges.AddressTold,
		},
		// badges/award: TestSecondTeacher.
		[]badges.Action{badges.AwardProposed, badges.AwardConfirmed, badges.AwardRefused, badges.ProposalTakenBack},
		// internal/keyring: TestRotate, TestUseNext.
		[]badges.Action{badges.KeyCreated, badges.KeyPromoted, badges.KeyRetired, badges.KeyDeleted},
	)
}

// TestEveryActIsAudited does every act and checks its entries: who did it, to
// what, the values before and after, and why. An act that changes nothing,
// because it was done before, writes no entry. No entry contains a secret or a
// person's address.
func TestEveryActIsAudited(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, a := range acts() {
			t.Run(a.name, func(t *testing.T) {
				w := a.prepare(t, s)
				got := a.entries(t, s, w)
				if diff := cmp.Diff(w.filled(a.want), got); diff != "" {
					t.Errorf("entries (-want +got):\n%s", diff)
				}
				if a.again {
					return
				}
				if more := a.entries(t, s, w); len(more) > 0 {
					t.Errorf("done again: %+v", more)
				}
			})
		}
		for _, e := range auditLog(t, s) {
			text := fmt.Sprint(e)
			for _, secret := range []string{auditedToken, auditedHash, fmt.Sprintf("%x", auditedHash)} {
				if strings.Contains(text, secret) {
					t.Errorf("the log has %q: %s", secret, text)
				}
			}
			if strings.Contains(strings.ReplaceAll(text, auditedSender, ""), "@") {
				t.Errorf("the log has an address: %s", text)
			}
		}
	})
}

// TestActsAtOnce does every act several times at the same moment: one of them
// changes something, and only that one has an entry.
func TestActsAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, a := range acts() {
			if a.again {
				continue
			}
			t.Run(a.name, func(t *testing.T) {
				w := a.prepare(t, s)
				before := auditLog(t, s)
				var group sync.WaitGroup
				for range 4 {
					side := auditWorld{w.world, maps.Clone(w.ids)}
					group.Go(func() { a.carryOut(t, s, side) })
				}
				group.Wait()
				if got := addedTo(before, auditLog(t, s)); len(got) != len(a.want) {
					t.Errorf("%d entries, want %d: %+v", len(got), len(a.want), got)
				}
			})
		}
	})
}

// prepare makes a world for one act.
func (a act) prepare(t *testing.T, s *store.Store) auditWorld {
	t.Helper()
	w := auditWorld{newWorld(t, s, a.name), map[string]string{}}
	w.ids["platform"], w.ids["badge"], w.ids["issuer"] = string(w.course.Platform), string(w.badge.ID), string(w.issuer)
	if a.first != nil {
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return a.first(ctx, tx, w) })
	}
	return w
}

// carryOut does the act. There may be nothing to do.
func (a act) carryOut(t *testing.T, s *store.Store, w auditWorld) {
	t.Helper()
	err := s.Tx(t.Context(), func(tx *store.Tx) error { return a.do(t.Context(), tx, w) })
	if err != nil && !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
}

// entries returns the entries that an act adds.
func (a act) entries(t *testing.T, s *store.Store, w auditWorld) []entry {
	t.Helper()
	before := auditLog(t, s)
	a.carryOut(t, s, w)
	return addedTo(before, auditLog(t, s))
}

func addedTo(before, after map[string]entry) []entry {
	added := []entry{}
	for id, e := range after {
		if _, old := before[id]; !old {
			added = append(added, e)
		}
	}
	slices.SortFunc(added, byActionAndObject)
	return added
}

func byActionAndObject(a, b entry) int {
	return strings.Compare(string(a.Action)+a.Object, string(b.Action)+b.Object)
}

// filled returns entries with the ids of the world.
func (w auditWorld) filled(list []entry) []entry {
	var pairs []string
	for word, id := range w.ids {
		pairs = append(pairs, "{"+word+"}", id)
	}
	ids := strings.NewReplacer(pairs...)
	filled := slices.Clone(list)
	for i, e := range filled {
		for _, text := range []*string{&e.Where, &e.Object, &e.Old, &e.New, &e.Reason} {
			*text = ids.Replace(*text)
		}
		filled[i] = e
	}
	slices.SortFunc(filled, byActionAndObject)
	return filled
}

// auditLog returns the whole audit log by id.
func auditLog(t *testing.T, s *store.Store) map[string]entry {
	t.Helper()
	rows := storetest.Must(s.Query(t.Context(), `select id, platform_id, context_id, actor, action, object, old_value, new_value, reason from audit`))(t)
	defer func() { _ = rows.Close() }() // Err below returns the error
	list := map[string]entry{}
	for rows.Next() {
		var e entry
		var id, context string
		if err := rows.Scan(&id, &e.Where, &context, &e.Actor, &e.Action, &e.Object, &e.Old, &e.New, &e.Reason); err != nil {
			t.Fatal(err)
		}
		e.Where += "/" + context
		list[id] = e
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

// TestEveryActionHasAnAct checks that every action is written by an act.
func TestEveryActionHasAnAct(t *testing.T) {
	written := map[badges.Action]bool{}
	for _, a := range acts() {
		for _, e := range a.want {
			written[e.Action] = true
		}
	}
	for _, action := range auditedActions(t) {
		if listed := slices.Contains(elsewhere(), action); written[action] == listed {
			t.Errorf("%s: in the table %t, in the list of what is not %t", action, written[action], listed)
		}
	}
}

// auditedActions returns the constants that package badges declares.
func auditedActions(t *testing.T) []badges.Action {
	t.Helper()
	file := storetest.Must(parser.ParseFile(token.NewFileSet(), "../badges/audit.go", nil, 0))(t)
	var actions []badges.Action
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "Action" {
			value := storetest.Must(strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value))(t)
			actions = append(actions, badges.Action(value))
		}
		return true
	})
	if len(actions) < 38 {
		t.Fatalf("found %d actions: %v", len(actions), actions)
	}
	return actions
}
