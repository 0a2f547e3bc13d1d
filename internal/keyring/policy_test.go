package keyring_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/internal/keyring"
)

var dayZero = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func onDay(n int) time.Time { return dayZero.AddDate(0, 0, n) }

// row returns a key that signs from a day on, with its stored state.
func row(id string, day int, state keyring.State) keyring.Row {
	return keyring.Row{ID: id, SignsFrom: onDay(day), State: state}
}

// rows returns keys in the order of the store: the latest first.
func rows(list ...keyring.Row) []keyring.Row { return list }

// describe returns a plan in words: "promote b, create 180".
func describe(p keyring.Plan) string {
	var steps []string
	for _, list := range []struct {
		verb string
		rows []keyring.Row
	}{{"promote", p.Promote}, {"retire", p.Retire}, {"delete", p.Delete}} {
		for _, k := range list.rows {
			steps = append(steps, list.verb+" "+k.ID)
		}
	}
	for _, from := range p.Create {
		steps = append(steps, fmt.Sprintf("create %v", from.Sub(dayZero).Hours()/24))
	}
	return strings.Join(steps, ", ")
}

// TestDue checks what is due on a day. LTI keys sign for 90 days and are kept
// for a week; issuer keys sign for a year and are kept for ever.
func TestDue(t *testing.T) {
	lti, issuer := keyring.ForLTI(), keyring.ForIssuer()[0]
	for _, tt := range []struct {
		name   string
		policy keyring.Policy
		rows   []keyring.Row
		day    int
		want   string
	}{
		{"the first start", lti, nil, 0, "create 0, create 90"},
		{"nothing", lti, rows(row("b", 90, keyring.Next), row("a", 0, keyring.Current)), 89, ""},
		{"the next key's time has come", lti, rows(row("b", 90, keyring.Next), row("a", 0, keyring.Current)), 90, "promote b, retire a, create 180"},
		{"the same, noted", lti, rows(row("c", 180, keyring.Next), row("b", 90, keyring.Current), row("a", 0, keyring.Previous)), 90, ""},
		{"a week later", lti, rows(row("c", 180, keyring.Next), row("b", 90, keyring.Current), row("a", 0, keyring.Previous)), 97, ""},
		{"more than a week later", lti, rows(row("c", 180, keyring.Next), row("b", 90, keyring.Current), row("a", 0, keyring.Previous)), 98, "delete a"},
		{"the service was off for months", lti, rows(row("b", 90, keyring.Next), row("a", 0, keyring.Current)), 200, "promote b, retire a, delete a, create 290"},
		{"no next key", lti, rows(row("a", 0, keyring.Current)), 1, "create 91"},
		{"nothing but a next key", lti, rows(row("a", 90, keyring.Next)), 1, "create 1"},
		{"a clock that went back", lti, rows(row("c", 180, keyring.Next), row("b", 90, keyring.Current), row("a", 0, keyring.Previous)), 80, ""},
		{"several next keys, as an older version may have left", lti, rows(row("c", 90, keyring.Next), row("b", 90, keyring.Next), row("a", 0, keyring.Current)), 90, "promote c, promote b, retire b, retire a, create 180"},
		{"an issuer's first start", issuer, nil, 0, "create 0, create 365"},
		{"an issuer's next key's time has come", issuer, rows(row("b", 365, keyring.Next), row("a", 0, keyring.Current)), 365, "promote b, retire a, create 730"},
		{"an issuer's old key is kept for ever", issuer, rows(row("c", 730, keyring.Next), row("b", 365, keyring.Current), row("a", 0, keyring.Previous)), 40000, "promote c, retire b, create 40365"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, describe(tt.policy.Due(tt.rows, onDay(tt.day)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestForIssuer checks that every set of an organisation has a purpose and an
// algorithm of its own, and that no key is ever deleted.
func TestForIssuer(t *testing.T) {
	purposes, algorithms := map[keyring.Purpose]bool{keyring.LTI: true}, map[keyring.Algorithm]bool{}
	for _, p := range keyring.ForIssuer() {
		if purposes[p.Purpose] || algorithms[p.Algorithm] || p.Period != 365*24*time.Hour || p.Retention != 0 {
			t.Errorf("policy %+v", p)
		}
		purposes[p.Purpose], algorithms[p.Algorithm] = true, true
	}
	if len(algorithms) != 3 {
		t.Errorf("algorithms %v", algorithms)
	}
}

func TestUse(t *testing.T) {
	lti := keyring.ForLTI()
	three := rows(row("c", 180, keyring.Next), row("b", 90, keyring.Current), row("a", 88, keyring.Previous))
	for _, tt := range []struct {
		name string
		id   string
		rows []keyring.Row
		day  int
		want string
	}{
		{"the next key", "c", three, 91, "promote c, retire b, create 181"},
		{"one that signs already", "b", three, 91, ""},
		{"one that signed before", "a", three, 91, ""},
		{"one whose time has come meanwhile", "c", three, 180, ""},
		{"one that is gone", "x", three, 91, ""},
		{"none", "x", nil, 91, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, describe(lti.Use(tt.id, tt.rows, onDay(tt.day)))); diff != "" {
				t.Error(diff)
			}
		})
	}
	if three[0].SignsFrom != onDay(180) {
		t.Error("the caller's rows were changed")
	}
	t.Run("right after another", func(t *testing.T) { // the last one begins later, although no time has passed
		now := onDay(90)
		plan := lti.Use("c", three, now)
		if len(plan.Promote) != 1 || !plan.Promote[0].SignsFrom.After(now) {
			t.Errorf("plan %+v, want c promoted after b", plan)
		}
	})
}
