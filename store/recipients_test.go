package store_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// pagesOf returns the names of recipients, page by page.
func pagesOf(t *testing.T, s *store.Store, w world, q store.RecipientQuery) [][]string {
	t.Helper()
	var pages [][]string
	for {
		page, err := s.Recipients(t.Context(), w.course, w.badge.ID, q)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, r := range page {
			names = append(names, r.Recipient.Name)
		}
		pages = append(pages, names)
		if len(page) < q.Limit {
			return pages
		}
		q.After = page[len(page)-1].ID
	}
}

// TestRecipientPages reads recipients page by page while new ones are added:
// each appears once, the newest first, and those of the same moment by name.
func TestRecipientPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "a")
		give := func(names ...string) (made []badges.AssertionID) {
			var batch []badges.Assertion
			for _, name := range names {
				a := w.assertion(badges.UserID(name))
				a.Recipient.Name = name
				batch, made = append(batch, a), append(made, a.ID)
			}
			tx(t, s, func(ctx context.Context, tx *store.Tx) error { _, err := awards.Award(ctx, tx, batch); return err })
			return made
		}
		old := give("Ana", "Bo", "Cy", "Di", "Ed")
		give("Zoë D’Alembert", "100%_Élodie", "مريم الفاسي")
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := awards.Claim(ctx, tx, old[1], false, false)
			return err
		})
		for name, tt := range map[string]struct {
			q    store.RecipientQuery
			want [][]string
		}{
			"by three":           {store.RecipientQuery{Limit: 3}, [][]string{{"100%_Élodie", "Zoë D’Alembert", "مريم الفاسي"}, {"Ana", "Bo", "Cy"}, {"Di", "Ed"}}},
			"claimed":            {store.RecipientQuery{Limit: 3, State: badges.Claimed}, [][]string{{"Bo"}}},
			"pending":            {store.RecipientQuery{Limit: 4, State: badges.Pending, Name: "d"}, [][]string{{"100%_Élodie", "Zoë D’Alembert", "Di", "Ed"}, nil}},
			"without its accent": {store.RecipientQuery{Limit: 3, Name: " zoe d"}, [][]string{{"Zoë D’Alembert"}}},
			"with another case":  {store.RecipientQuery{Limit: 3, Name: "ÉLO"}, [][]string{{"100%_Élodie"}}},
			"another script":     {store.RecipientQuery{Limit: 3, Name: "الفاسي"}, [][]string{{"مريم الفاسي"}}},
			"no pattern":         {store.RecipientQuery{Limit: 3, Name: "0%_e"}, [][]string{{"100%_Élodie"}}},
			"nobody":             {store.RecipientQuery{Limit: 3, Name: `\`}, [][]string{nil}},
		} {
			if diff := cmp.Diff(tt.want, pagesOf(t, s, w, tt.q)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
		first, err := s.Recipients(t.Context(), w.course, w.badge.ID, store.RecipientQuery{Limit: 3})
		if err != nil {
			t.Fatal(err)
		}
		give("Late")
		next, err := s.Recipients(t.Context(), w.course, w.badge.ID, store.RecipientQuery{Limit: 1, After: first[2].ID})
		if err != nil || len(next) != 1 || next[0].Recipient.Name != "Ana" {
			t.Errorf("after a new award the next page begins with %+v, %v; want Ana", next, err)
		}
		counts, err := s.CountRecipients(t.Context(), w.course, w.badge.ID, "")
		if diff := cmp.Diff(map[badges.AssertionState]int{badges.Pending: 8, badges.Claimed: 1}, counts); err != nil || diff != "" {
			t.Errorf("counts, %v (-want +got):\n%s", err, diff)
		}
		counts, err = s.CountRecipients(t.Context(), w.course, w.badge.ID, "d")
		if diff := cmp.Diff(map[badges.AssertionState]int{badges.Pending: 4}, counts); err != nil || diff != "" {
			t.Errorf("counts of a name, %v (-want +got):\n%s", err, diff)
		}
	})
}

// TestRecipientRow checks the state of notices and scores in a row.
func TestRecipientRow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "a")
		a := w.assertion("6")
		row := func() store.Recipient {
			t.Helper()
			list, err := s.Recipients(t.Context(), w.course, w.badge.ID, store.RecipientQuery{Limit: 10})
			if err != nil || len(list) != 1 {
				t.Fatalf("recipients = %+v, %v; want one", list, err)
			}
			return list[0]
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := awards.Award(ctx, tx, []badges.Assertion{a})
			return err
		})
		if r := row(); r.Told || r.Failing || r.Refused != "" || len(r.Facts) != 1 {
			t.Errorf("just awarded: %+v", r)
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.ScoreSent(ctx, a.ID, tx.Now(), lti.ParameterMissing); err != nil {
				return err
			}
			return tx.NoticeFailed(ctx, badges.SendNotice{Assertion: a.ID, Channel: badges.ByMail}, "mail.server_unreachable")
		})
		if r := row(); r.Told || !r.Failing || r.Refused != lti.ParameterMissing {
			t.Errorf("mail failed, grade refused: %+v", r)
		}
		if reason, err := s.RefusedScore(t.Context(), a.ID); err != nil || reason != lti.ParameterMissing {
			t.Errorf("refused score = %q, %v", reason, err)
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.NoticeSent(ctx, badges.SendNotice{Assertion: a.ID, Channel: badges.ByMessage, About: badges.OfAward})
		})
		if r := row(); !r.Told {
			t.Errorf("message sent: %+v", r)
		}
	})
}

// TestAwardOfAnotherCourse requests an award, and the page after it, with the
// key of another course or badge.
func TestAwardOfAnotherCourse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ours, theirs := newWorld(t, s, "ours"), newWorld(t, s, "theirs")
		a := theirs.assertion("6")
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := awards.Award(ctx, tx, []badges.Assertion{a})
			return err
		})
		if _, err := s.Recipient(t.Context(), theirs.course, theirs.badge.ID, a.ID); err != nil {
			t.Errorf("its own course: %v", err)
		}
		for _, tt := range []struct {
			course badges.CourseKey
			badge  badges.BadgeID
		}{{ours.course, theirs.badge.ID}, {ours.course, ours.badge.ID}, {theirs.course, ours.badge.ID}} {
			_, alone := s.Recipient(t.Context(), tt.course, tt.badge, a.ID)
			_, after := s.Recipients(t.Context(), tt.course, tt.badge, store.RecipientQuery{After: a.ID, Limit: 10})
			if !fault.Is(alone, fault.NotFound) || !fault.Is(after, fault.NotFound) {
				t.Errorf("%v: %v and %v, want NotFound", tt, alone, after)
			}
			counts, err := s.CountRecipients(t.Context(), tt.course, tt.badge, "")
			if err != nil || len(counts) != 0 {
				t.Errorf("%v counts %v, %v; want nothing", tt, counts, err)
			}
		}
		if list, err := s.AuditOf(t.Context(), ours.course, string(a.ID)); err != nil || len(list) != 0 {
			t.Errorf("history by another course = %v, %v; want none", list, err)
		}
		if list, err := s.AuditOf(t.Context(), theirs.course, string(a.ID)); err != nil || len(list) != 1 || list[0].Action != badges.AssertionAwarded {
			t.Errorf("history = %v, %v; want the award", list, err)
		}
	})
}

// TestErasedHasNoRecipient checks that no list of a badge's recipients has an erased
// award.
func TestErasedHasNoRecipient(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "a")
		kept, erased := w.assertion("1"), w.assertion("2")
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			if _, err := awards.Award(ctx, tx, []badges.Assertion{kept, erased}); err != nil {
				return err
			}
			return awards.Erase(ctx, tx, erased.ID)
		})
		for name, list := range map[string][]store.Recipient{
			"a page": storetest.Must(s.Recipients(t.Context(), w.course, w.badge.ID, store.RecipientQuery{Limit: 5}))(t),
			"all":    storetest.Must(s.AllRecipients(t.Context(), w.course, w.badge.ID))(t),
		} {
			if len(list) != 1 || list[0].ID != kept.ID {
				t.Errorf("%s: %+v", name, list)
			}
		}
	})
}
