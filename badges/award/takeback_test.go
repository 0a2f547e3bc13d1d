package award_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// takeBackAll takes back all awards of a badge, if there are as many as expected.
func takeBackAll(t testing.TB, s *store.Store, w storetest.World, reason string, expected int) (n int, err error) {
	t.Helper()
	err = s.Tx(t.Context(), func(tx *store.Tx) (err error) {
		n, err = awards.TakeBackAll(t.Context(), tx, w.Course, w.Badge.ID, "3", reason, expected)
		return err
	})
	return n, err
}

// TestTakeBackAll takes back awards in every state in one act: each gets its audit row,
// and the list of revoked awards gets one new version. If the number has changed, or
// the reason is missing, nothing happens.
func TestTakeBackAll(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		w := storetest.NewWorld(t, s, "a")
		accept := func(ctx context.Context, tx *store.Tx, a badges.Assertion) error {
			_, err := awards.Claim(ctx, tx, a.ID, true, true)
			return err
		}
		both := func(first, second func(context.Context, *store.Tx, badges.Assertion) error) func(context.Context, *store.Tx, badges.Assertion) error {
			return func(ctx context.Context, tx *store.Tx, a badges.Assertion) error {
				if err := first(ctx, tx, a); err != nil {
					return err
				}
				return second(ctx, tx, a)
			}
		}
		made := map[string]badges.Assertion{}
		for name, act := range map[string]func(context.Context, *store.Tx, badges.Assertion) error{
			"claimed": accept, "claimed too": accept, "private": both(accept, hide), "declined": decline, "revoked": both(accept, takeBack),
			"withdrawn": takeBack, "erased": both(accept, erase), "pending": nil, "withheld": nil,
		} {
			a := w.Assertion(badges.UserID(name))
			if name == "withheld" {
				a.State = badges.Withheld
			}
			awardOne(t, s, a)
			if act != nil {
				tx(t, s, func(ctx context.Context, tx *store.Tx) error { return act(ctx, tx, a) })
			}
			made[name] = a
		}
		states := func() map[string]badges.AssertionState {
			found := map[string]badges.AssertionState{}
			for name, a := range made {
				found[name] = storetest.Assertion(t, s, a.ID).State
			}
			return found
		}
		before, versions := states(), versionsOf(t, s, made["claimed"].ID)
		if n := storetest.Must(s.CountNotTakenBack(t.Context(), w.Course, w.Badge.ID))(t); n != 6 {
			t.Fatalf("%d awards can be taken back, want 6", n)
		}
		for _, wrong := range []struct {
			reason   string
			expected int
			kind     fault.Kind
		}{{"copied", 5, fault.Conflict}, {"copied", 7, fault.Conflict}, {"copied", 0, fault.Conflict}, {" ", 6, fault.Invalid}} {
			if _, err := takeBackAll(t, s, w, wrong.reason, wrong.expected); !fault.Is(err, wrong.kind) {
				t.Errorf("%+v: %v", wrong, err)
			}
			if diff := cmp.Diff(before, states()); diff != "" {
				t.Fatalf("%+v changed something:\n%s", wrong, diff)
			}
		}
		if n, err := takeBackAll(t, s, w, "copied", 6); n != 6 || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
		want := map[string]badges.AssertionState{
			"claimed": badges.Revoked, "claimed too": badges.Revoked, "private": badges.Revoked, "revoked": badges.Revoked, "declined": badges.Withdrawn,
			"pending": badges.Withdrawn, "withheld": badges.Withdrawn, "withdrawn": badges.Withdrawn, "erased": badges.Erased,
		}
		if diff := cmp.Diff(want, states()); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
		after := versionsOf(t, s, made["claimed"].ID)
		if after[badges.ForRevocation] != versions[badges.ForRevocation]+1 || after[badges.ForMessage] != versions[badges.ForMessage] {
			t.Errorf("versions %v, then %v", versions, after)
		}
		for _, name := range []string{"claimed", "claimed too", "private"} {
			a := storetest.Assertion(t, s, made[name].ID)
			if a.Reason != "copied" || !statusOf(t, s, a.ID)[badges.ForRevocation] || a.Public() != (name != "private") {
				t.Errorf("%s: %+v", name, a)
			}
			log := storetest.Must(s.AuditOf(t.Context(), w.Course, string(a.ID)))(t)
			if last := log[len(log)-1]; last.Action != badges.AwardTakenBack || last.Actor != "3" || last.Reason != "copied" {
				t.Errorf("%s: audit %+v", name, last)
			}
		}
		if storetest.Assertion(t, s, made["withheld"].ID).VisibleToLearner() {
			t.Error("the learner of the withheld award can see it")
		}
		if _, err := takeBackAll(t, s, w, "copied", 0); !fault.Is(err, fault.Conflict) {
			t.Errorf("again: %v", err)
		}
	})
}

// manyClaimed makes claimed awards of the world's badge, without the consequences of
// awarding them.
func manyClaimed(tb testing.TB, s *store.Store, w storetest.World, n int) {
	tb.Helper()
	for from := 0; from < n; from += 1000 {
		storetest.Tx(tb, s, func(ctx context.Context, tx *store.Tx) error {
			for i := from; i < min(from+1000, n); i++ {
				a := w.Assertion(badges.UserID(fmt.Sprint("learner ", i)))
				a.State, a.AwardedAt = badges.Claimed, tx.Now()
				if _, err := tx.InsertAssertion(ctx, a); err != nil {
					return err
				}
			}
			return nil
		})
	}
	for {
		var frozen int
		storetest.Tx(tb, s, func(ctx context.Context, tx *store.Tx) (err error) {
			frozen, err = awards.FreezeClaimed(ctx, tx, 1000)
			return err
		})
		if frozen == 0 {
			return
		}
	}
}

// TestTakeBackMany revokes many awards in one act: the list gets one new version, with
// every bit set. BenchmarkTakeBackAll does it with ten thousand.
func TestTakeBackMany(t *testing.T) {
	const many = 1500
	s := storetest.SQLite(t)
	w := storetest.NewWorld(t, s, "a")
	manyClaimed(t, s, w, many)
	lists := storetest.Must(s.StatusLists(t.Context(), w.Issuer, baseURL))(t)
	if len(lists) != 2 || lists[0].Version != 1 {
		t.Fatalf("%+v", lists)
	}
	if n, err := takeBackAll(t, s, w, "copied", many); n != many || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	if got := storetest.Must(s.StatusList(t.Context(), lists[0].ID))(t); got.Version != 2 {
		t.Errorf("version %d, want 2", got.Version)
	}
	if got := storetest.Must(s.StatusList(t.Context(), lists[1].ID))(t); got.Version != 1 {
		t.Errorf("messages: version %d, want 1", got.Version)
	}
	if set := storetest.Must(s.StatusBits(t.Context(), lists[0].ID))(t); len(set) != many {
		t.Errorf("%d bits are set, want %d", len(set), many)
	}
}

// BenchmarkTakeBackAll revokes ten thousand claimed awards in one transaction, on SQLite
// with durable commits.
//
//	go test ./badges/award -run '^$' -bench TakeBackAll -benchtime 3x
func BenchmarkTakeBackAll(b *testing.B) {
	const many = 10_000
	for range b.N {
		b.StopTimer()
		s := storetest.SQLite(b)
		w := storetest.NewWorld(b, s, "a")
		manyClaimed(b, s, w, many)
		first := w.Assertion("the first") // so that the statements are compiled, as they are in a running service
		if awardOne(b, s, first) != 1 {
			b.Fatal("not awarded")
		}
		storetest.Tx(b, s, func(ctx context.Context, tx *store.Tx) error {
			if _, err := awards.Claim(ctx, tx, first.ID, true, true); err != nil {
				return err
			}
			return takeBack(ctx, tx, first)
		})
		b.StartTimer()
		if n, err := takeBackAll(b, s, w, "copied", many); n != many || err != nil {
			b.Fatal(n, err)
		}
		if list := storetest.Must(s.StatusLists(b.Context(), w.Issuer, baseURL))(b)[0]; list.Version != 3 { // the first award made the second
			b.Fatalf("version %d, want 3", list.Version)
		}
	}
	b.ReportMetric(float64(many*b.N)/b.Elapsed().Seconds(), "awards/s")
}
