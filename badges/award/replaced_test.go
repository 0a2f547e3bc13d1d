package award_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// TestReplacedNotices checks that no notice is sent of a replaced award, and
// that one is sent when it is restored, unless the learner had it before.
func TestReplacedNotices(t *testing.T) {
	for name, told := range map[string]bool{"told": true, "never told": false} {
		t.Run(name, func(t *testing.T) {
			storetest.EachReady(t, func(t *testing.T, address string) {
				clock := storetest.NewClock(began)
				s := storetest.OpenAt(t, address, clock)
				m := newMedals(t, s)
				b, g := m.of(bronze), m.of(gold)
				awardOne(t, s, b)
				jobs := len(storetest.Jobs(t, address, badges.SendNotice{}))
				if told {
					tx(t, s, func(ctx context.Context, tx *store.Tx) error {
						return tx.NoticeSent(ctx, badges.SendNotice{Assertion: b.ID, Channel: badges.ByMail, About: badges.OfAward})
					})
				}
				awardOne(t, s, g)
				if _, waiting, err := s.NoticeQueue(t.Context()); err != nil || waiting != 2 {
					t.Errorf("%d notices wait, %v; want those of gold", waiting, err)
				}
				tx(t, s, func(ctx context.Context, tx *store.Tx) error { return takeBack(ctx, tx, g) })
				clock.Add(time.Second)
				if some := storetest.Must(s.UnqueuedNotices(t.Context()))(t); some == told {
					t.Errorf("notices to be queued again: %v", some)
				}
				tx(t, s, func(ctx context.Context, tx *store.Tx) error {
					_, err := tx.QueueNotices(ctx, 10)
					return err
				})
				want := jobs + 2 // those of gold
				if !told {
					want += 2
				}
				if got := len(storetest.Jobs(t, address, badges.SendNotice{})); got != want {
					t.Errorf("%d jobs, want %d", got, want)
				}
			})
		})
	}
}

// TestReplacedReaders checks lists, counts and public documents of a replaced
// award, and that learners with a higher step have the lower one too.
func TestReplacedReaders(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		m := newMedals(t, s)
		m.months(t, s, gold, 1)
		b, g := m.of(bronze), m.of(gold)
		began := clock.Now()
		awardOne(t, s, b)
		claim(t, s, b.ID)
		clock.Add(24 * time.Hour)
		tenure := func(step int) badges.Tenure {
			t.Helper()
			return storetest.Must(s.HoldersSince(t.Context(), m.Course.Platform, m.steps[step].ID))(t)["6"]
		}
		awardOne(t, s, g)
		claim(t, s, g.ID)
		if got := tenure(bronze); !got.Since.Equal(began) || !got.Ended.IsZero() {
			t.Errorf("bronze is held as %+v", got)
		}
		if got := tenure(silver); !got.Since.Equal(clock.Now()) || !got.Ended.IsZero() {
			t.Errorf("silver, by gold, is held as %+v", got)
		}
		ends := storetest.Assertion(t, s, g.ID).ExpiresAt

		counts := storetest.Must(s.CountRecipients(t.Context(), m.Course, m.steps[bronze].ID, ""))(t)
		if diff := cmp.Diff(map[badges.AssertionState]int{badges.Replaced: 1}, counts); diff != "" {
			t.Error(diff)
		}
		list := storetest.Must(s.Recipients(t.Context(), m.Course, m.steps[bronze].ID, store.RecipientQuery{State: badges.Replaced, Limit: 10}))(t)
		if len(list) != 1 || list[0].ReplacedBy != g.ID || list[0].ReplacedFrom != badges.Claimed || !list[0].ReplacedAt.Equal(clock.Now()) {
			t.Errorf("recipients = %+v", list)
		}
		all := storetest.Must(s.Badges(t.Context(), m.Course))(t)
		if i := slices.IndexFunc(all, func(c store.CountedBadge) bool { return c.ID == m.steps[bronze].ID }); all[i].Counts != (badges.Counts{Replaced: 1}) {
			t.Errorf("counts = %+v", all[i].Counts)
		}
		if _, err := s.PublicVersion(t.Context(), m.steps[bronze].Current.ID); err != nil {
			t.Errorf("the class of a replaced award: %v", err)
		}
		register := storetest.Must(s.Register(t.Context(), m.Course, m.steps[bronze].ID))(t)
		above := register.Cases(&m.steps[bronze]).Of(badges.Member{User: "6"}, nil).Higher
		if len(above) != 1 || above[0].Assertion != g.ID {
			t.Errorf("above bronze: %+v", above)
		}
		audit := storetest.Must(s.AuditOf(t.Context(), m.Course, string(b.ID)))(t)
		if last := audit[len(audit)-1]; last.Action != badges.AwardReplaced || last.Actor != "rule" {
			t.Errorf("audit = %+v", audit)
		}

		clock.Add(40 * 24 * time.Hour)
		if got := tenure(bronze); !got.Ended.Equal(ends) {
			t.Errorf("gold is over, bronze is held as %+v", got)
		}
		if review := storetest.Collect(t, s.Reviewable(t.Context(), m.Course, m.steps[bronze].ID)); len(review) != 0 {
			t.Errorf("what is replaced is reviewed: %+v", review)
		}
	})
}
