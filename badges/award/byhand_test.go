package award_test

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

var given = badges.GivenEvidence{Text: "Soutenance", Links: []string{"https://portfolio.example/zoe"}}

// classWorld returns a world whose course has two teachers, and learners of
// every kind.
func classWorld(t *testing.T, s *store.Store, client string) storetest.World {
	t.Helper()
	w := storetest.NewWorld(t, s, client)
	tx(t, s, func(ctx context.Context, tx *store.Tx) error {
		return tx.SaveRoster(ctx, w.Course, []badges.Member{
			{User: "3", Name: "Tomás", Email: "tomas@x.org", Active: true, Teaches: true},
			{User: "4", Name: "Nina", Email: "nina@x.org", Active: true, Teaches: true},
			{User: "6", Name: "Zoë", Email: "zoe@x.org", Language: "fr", Active: true},
			{User: "7", Name: "Sinéad", Email: "sinead@x.org", Active: true},
			{User: "9", Name: "Søren", Email: "soren@x.org"},
			{User: "10", Name: "Hélène", Active: true},
		})
	})
	return w
}

func hand(w storetest.World, by badges.UserID, users ...badges.UserID) badges.HandAward {
	h := badges.HandAward{Course: w.Course, Badge: w.Badge.ID, By: by}
	for _, u := range users {
		h.To = append(h.To, badges.HandRecipient{User: u, Given: given})
	}
	return h
}

// carryOut awards by hand and returns for each learner the outcome or the
// reason.
func carryOut(t *testing.T, s *store.Store, h badges.HandAward) []string {
	t.Helper()
	var said []string
	tx(t, s, func(ctx context.Context, tx *store.Tx) error {
		results, err := awards.ByHand(ctx, tx, h)
		for _, r := range results {
			if r.Why != "" {
				said = append(said, r.Why)
			} else {
				said = append(said, string(r.Outcome))
			}
		}
		return err
	})
	return said
}

// actions returns how often each person did what, by the audit log.
func actions(t *testing.T, s *store.Store, w storetest.World) map[string]int {
	t.Helper()
	audit, err := s.AuditLog(t.Context(), w.Course, 100)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, e := range audit {
		if e.Action != badges.BadgeCreated && e.Action != badges.BadgeSwitchedOn {
			counts[e.Actor+" "+string(e.Action)]++
		}
	}
	return counts
}

func TestAwardByHand(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := classWorld(t, s, "a")
		got := carryOut(t, s, hand(w, "3", "6", "3", "9", "10", "404", "6"))
		want := []string{"awarded", "cannot.teaches", "cannot.suspended", "awarded", "byhand.line_unknown", "cannot.has"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("outcomes (-want +got):\n%s", diff)
		}
		list, err := s.AssertionsOfBadge(t.Context(), w.Course, w.Badge.ID)
		if err != nil || len(list) != 2 || list[0].User != "10" || list[0].Recipient.Email != "" {
			t.Fatalf("assertions = %v, %v; want one without an address, and one with", list, err)
		}
		a := list[1]
		wantFacts := []badges.Fact{{Kind: badges.ByHand, By: "3", At: a.AwardedAt, Source: "teacher", Given: &given}}
		if diff := cmp.Diff(wantFacts, a.Facts); diff != "" {
			t.Errorf("facts (-want +got):\n%s", diff)
		}
		if a.Recipient != (badges.Recipient{Name: "Zoë", Email: "zoe@x.org", Language: "fr"}) || a.State != badges.Pending || a.Salt == "" {
			t.Errorf("assertion = %+v", a)
		}
		notices, err := s.NoticesOf(t.Context(), a.ID)
		if err != nil || len(notices) == 0 {
			t.Errorf("notices = %v, %v", notices, err)
		}
		if diff := cmp.Diff(map[string]int{"3 assertion_awarded": 2}, actions(t, s, w)); diff != "" {
			t.Errorf("audit (-want +got):\n%s", diff)
		}
	})
}

// TestAwardByHandAtOnce lets many teachers award the same badge at the same
// time: one assertion is made, and each gets a result.
func TestAwardByHandAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := classWorld(t, s, "a")
		var awarded, held atomic.Int32
		var group sync.WaitGroup
		for range 10 {
			group.Go(func() {
				err := s.Tx(t.Context(), func(tx *store.Tx) error {
					results, err := awards.ByHand(t.Context(), tx, hand(w, "3", "6"))
					for _, r := range results {
						switch r.Why {
						case "":
							awarded.Add(1)
						case badges.HandHas:
							held.Add(1)
						}
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if awarded.Load() != 1 || held.Load() != 9 {
			t.Errorf("%d awarded, %d told that it is held; want 1 and 9", awarded.Load(), held.Load())
		}
	})
}

func TestAwardByHandRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ours, theirs := classWorld(t, s, "ours"), classWorld(t, s, "theirs")
		try := func(h badges.HandAward) error {
			return s.Tx(t.Context(), func(tx *store.Tx) error { _, err := awards.ByHand(t.Context(), tx, h); return err })
		}
		foreign := hand(ours, "3", "6")
		foreign.Badge = theirs.Badge.ID
		if err := try(foreign); !fault.Is(err, fault.NotFound) {
			t.Errorf("a badge of another platform: %v, want NotFound", err)
		}
		for _, by := range []badges.UserID{"6", "404"} {
			if err := try(hand(ours, by, "7")); !fault.Is(err, fault.Forbidden) {
				t.Errorf("awarded by %s, who does not teach: %v, want Forbidden", by, err)
			}
		}
		bad := hand(ours, "3", "6", "7")
		bad.To[1].Given.Links = []string{"javascript:alert(1)"}
		if err := try(bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("a script as evidence: %v, want Invalid", err)
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.SwitchBadge(ctx, ours.Course, ours.Badge.ID, badges.Off, "3")
		})
		if err := try(hand(ours, "3", "6")); !fault.Is(err, fault.Conflict) {
			t.Errorf("switched off: %v, want Conflict", err)
		}
		for _, w := range []storetest.World{ours, theirs} {
			if list, err := s.AssertionsOfBadge(t.Context(), w.Course, w.Badge.ID); err != nil || len(list) != 0 {
				t.Errorf("assertions = %v, %v; want none", list, err)
			}
		}
	})
}

func proposals(t *testing.T, s *store.Store, w storetest.World) []badges.Proposal {
	t.Helper()
	list, err := s.Proposals(t.Context(), w.Course, w.Badge.ID)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestSecondTeacher(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := classWorld(t, s, "a")
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.SetEndorsed(ctx, w.Course, w.Badge.ID, true, "3")
		})
		if b, err := s.Badge(t.Context(), w.Course, w.Badge.ID); err != nil || !b.Endorsed {
			t.Fatalf("badge = %+v, %v", b, err)
		}
		if diff := cmp.Diff([]string{"proposed", "proposed", "cannot.teaches"}, carryOut(t, s, hand(w, "3", "6", "7", "4"))); diff != "" {
			t.Errorf("outcomes (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"byhand.line_waits"}, carryOut(t, s, hand(w, "4", "6"))); diff != "" {
			t.Errorf("proposed twice (-want +got):\n%s", diff)
		}
		open := proposals(t, s, w)
		if held, err := s.AssertionsOfBadge(t.Context(), w.Course, w.Badge.ID); len(open) != 2 || err != nil || len(held) != 0 {
			t.Fatalf("%d proposals, assertions %v, %v; want two and none", len(open), held, err)
		}
		zoe, sinead := open[0], open[1]
		if zoe.User != "6" {
			zoe, sinead = sinead, zoe
		}
		if diff := cmp.Diff(given, zoe.Given); diff != "" {
			t.Errorf("evidence (-want +got):\n%s", diff)
		}
		kind := func(f func(tx *store.Tx) error) fault.Kind {
			err := s.Tx(t.Context(), f)
			if err == nil {
				t.Error("not refused")
			}
			return fault.KindOf(err)
		}
		confirm := func(by badges.UserID) func(tx *store.Tx) error {
			return func(tx *store.Tx) error { _, err := awards.Confirm(t.Context(), tx, zoe, by); return err }
		}
		if got := kind(confirm("3")); got != fault.Forbidden {
			t.Errorf("confirmed by who proposed: kind %d, want Forbidden", got)
		}
		if got := kind(func(tx *store.Tx) error { return awards.Refuse(t.Context(), tx, zoe, "3") }); got != fault.Forbidden {
			t.Errorf("refused by who proposed: kind %d, want Forbidden", got)
		}
		if got := kind(func(tx *store.Tx) error { return awards.TakeBackProposal(t.Context(), tx, zoe, "4") }); got != fault.Forbidden {
			t.Errorf("taken back by another: kind %d, want Forbidden", got)
		}
		for _, by := range []badges.UserID{"6", "404"} {
			if got := kind(confirm(by)); got != fault.Forbidden {
				t.Errorf("confirmed by %s, who does not teach: kind %d, want Forbidden", by, got)
			}
		}
		tx(t, s, func(_ context.Context, tx *store.Tx) error { return confirm("4")(tx) })
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			result, err := awards.Confirm(ctx, tx, zoe, "4")
			if result.Why != badges.HandHas {
				t.Errorf("confirmed twice: %+v", result)
			}
			return err
		})
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return awards.Refuse(ctx, tx, sinead, "4") })
		held, err := s.AssertionsOfBadge(t.Context(), w.Course, w.Badge.ID)
		if err != nil || len(held) != 1 || held[0].ID != zoe.ID || held[0].User != "6" || len(proposals(t, s, w)) != 0 {
			t.Fatalf("assertions = %+v, %v; want Zoë's alone", held, err)
		}
		if f, ok := held[0].ByHand(); !ok || f.By != "3" || f.ConfirmedBy != "4" {
			t.Errorf("fact = %+v", f)
		}
		if diff := cmp.Diff([]string{"proposed"}, carryOut(t, s, hand(w, "3", "7"))); diff != "" {
			t.Errorf("proposed again after the refusal (-want +got):\n%s", diff)
		}
		again := proposals(t, s, w)[0]
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return awards.TakeBackProposal(ctx, tx, again, "3") })
		want := map[string]int{
			"3 endorsement_asked": 1, "3 award_proposed": 3, "4 award_confirmed": 1, "4 assertion_awarded": 1, "4 award_refused": 1, "3 proposal_taken_back": 1,
		}
		if diff := cmp.Diff(want, actions(t, s, w)); diff != "" {
			t.Errorf("audit (-want +got):\n%s", diff)
		}
	})
}

// TestAwardInsteadOfProposal checks that an award ends a proposal from before
// the badge stopped asking for a second teacher.
func TestAwardInsteadOfProposal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := classWorld(t, s, "a")
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.SetEndorsed(ctx, w.Course, w.Badge.ID, true, "3")
		})
		carryOut(t, s, hand(w, "3", "6", "7"))
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.SetEndorsed(ctx, w.Course, w.Badge.ID, false, "3")
		})
		if diff := cmp.Diff([]string{"awarded"}, carryOut(t, s, hand(w, "3", "6"))); diff != "" {
			t.Errorf("outcomes (-want +got):\n%s", diff)
		}
		if left := proposals(t, s, w); len(left) != 1 || left[0].User != "7" {
			t.Errorf("proposals = %+v; want the other one", left)
		}
	})
}

// TestProposalsAreDecidedAnew checks that a confirmation decides again: a
// learner who cannot have the badge any more does not get it, and an award by
// rule ends the proposal.
func TestProposalsAreDecidedAnew(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w, other := classWorld(t, s, "a"), classWorld(t, s, "other")
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.SetEndorsed(ctx, w.Course, w.Badge.ID, true, "3")
		})
		carryOut(t, s, hand(w, "3", "6", "7"))
		open := proposals(t, s, w)
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			if _, err := awards.Award(ctx, tx, []badges.Assertion{w.Assertion("6")}); err != nil {
				return err
			}
			return tx.SeeMember(ctx, w.Course, badges.Member{User: "7", Active: false})
		})
		if left := proposals(t, s, w); len(left) != 1 || left[0].User != "7" {
			t.Errorf("proposals = %+v; want the one that is still open", left)
		}
		for _, p := range open {
			tx(t, s, func(ctx context.Context, tx *store.Tx) error {
				result, err := awards.Confirm(ctx, tx, p, "4")
				if !slices.Contains([]string{badges.HandHas, "cannot.suspended"}, result.Why) {
					t.Errorf("confirmed for %s: %+v", p.User, result)
				}
				return err
			})
		}
		_, err := s.Proposal(t.Context(), other.Course, w.Badge.ID, open[0].ID)
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("a proposal seen from another platform: %v, want NotFound", err)
		}
		err = s.Tx(t.Context(), func(tx *store.Tx) error { return tx.SetEndorsed(t.Context(), other.Course, w.Badge.ID, false, "3") })
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("the setting changed from another platform: %v, want NotFound", err)
		}
	})
}
