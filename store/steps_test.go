package store_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// medals are three steps of one badge, all switched on.
type medals struct {
	world
	steps []badges.Badge // bronze, silver, gold
	user  badges.UserID  // whose awards are looked at
}

const (
	bronze = iota
	silver
	gold
)

func newMedals(t *testing.T, s *store.Store) medals {
	t.Helper()
	m := medals{world: newWorld(t, s, "a"), user: "6"}
	m.steps = []badges.Badge{m.badge}
	for range 2 {
		m.steps = append(m.steps, m.nextStep(t, s, m.steps[len(m.steps)-1].ID))
	}
	return m
}

// nextStep makes and switches on the step after a badge.
func (w world) nextStep(t *testing.T, s *store.Store, after badges.BadgeID) badges.Badge {
	t.Helper()
	b := w.draft(t, s)
	tx(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		if err := tx.SetStep(ctx, w.course, b.ID, after, "3"); err != nil {
			return err
		}
		if err := tx.SwitchBadge(ctx, w.course, b.ID, badges.On, "3"); err != nil {
			return err
		}
		b, err = tx.Badge(ctx, w.course, b.ID)
		return err
	})
	if b.StepAfter != after {
		t.Fatalf("step after %q, want %q", b.StepAfter, after)
	}
	return b
}

func (w world) draft(t *testing.T, s *store.Store) (b badges.Badge) {
	t.Helper()
	tx(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		b, err = tx.CreateBadge(ctx, w.course, w.badge.Current.Content, "3")
		return err
	})
	return b
}

// of is an award of a step to the learner.
func (m medals) of(step int) badges.Assertion {
	a := m.assertion(m.user)
	a.Badge, a.Version = m.steps[step].ID, m.steps[step].Current.ID
	return a
}

// months makes a step valid for so long.
func (m *medals) months(t *testing.T, s *store.Store, step, months int) {
	t.Helper()
	content := m.steps[step].Current.Content
	content.ValidMonths = months
	tx(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		m.steps[step], err = tx.EditBadge(ctx, m.course, m.steps[step].ID, content, "3")
		return err
	})
}

// has says in what state the newest award of each step is.
func (m medals) has(t *testing.T, s *store.Store) string {
	t.Helper()
	var states []string
	for _, b := range m.steps {
		h, err := s.Holding(t.Context(), m.course, b.ID, m.user)
		if fault.KindOf(err) == fault.NotFound && err != nil {
			states = append(states, "-")
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		states = append(states, string(h.State))
	}
	return strings.Join(states, " ")
}

// TestStepsReplace walks what learners, teachers and the policy do to awards of a
// ladder, one act after the other; then says what there is of bronze, silver and
// gold.
func TestStepsReplace(t *testing.T) {
	type act = func(context.Context, *store.Tx, *medals, map[string]badges.AssertionID) error
	ids := func(name string, f func(context.Context, *store.Tx, badges.Assertion) error) act {
		return func(ctx context.Context, tx *store.Tx, _ *medals, made map[string]badges.AssertionID) error {
			a, err := tx.Assertion(ctx, made[name])
			if err != nil {
				return err
			}
			return f(ctx, tx, a)
		}
	}
	award := func(step int, name string, state badges.AssertionState) act {
		return func(ctx context.Context, tx *store.Tx, m *medals, made map[string]badges.AssertionID) error {
			a := m.of(step)
			a.State = state
			if h, err := tx.Holding(ctx, m.course, a.Badge, a.User); err == nil {
				a.Previous = h.Assertion
			}
			made[name] = a.ID
			_, err := tx.Award(ctx, []badges.Assertion{a})
			return err
		}
	}
	earn := func(step int, name string) act { return award(step, name, badges.Pending) }
	hold := func(step int, name string) act { return award(step, name, badges.Held) }
	accept := func(name string) act {
		return ids(name, func(ctx context.Context, tx *store.Tx, a badges.Assertion) error {
			_, err := tx.Claim(ctx, a.ID, true, true)
			return err
		})
	}
	refuse := func(name string) act { return ids(name, decline) }
	revoke := func(name string) act { return ids(name, takeBack) }
	fall := func(name string) act {
		return ids(name, func(ctx context.Context, tx *store.Tx, a badges.Assertion) error {
			if err := tx.EvidenceFell(ctx, a); err != nil {
				return err
			}
			_, err := tx.TakeBack(ctx, a.Course, a.Badge, a.ID, store.ByPolicy, "fell")
			return err
		})
	}
	again := func(name string) act {
		return ids(name, func(ctx context.Context, tx *store.Tx, a badges.Assertion) error {
			a.State = badges.Pending
			return tx.AwardAgain(ctx, a)
		})
	}
	release := func(name string) act {
		return ids(name, func(ctx context.Context, tx *store.Tx, a badges.Assertion) error {
			_, err := tx.Release(ctx, a.Course, a.Badge, []badges.AssertionID{a.ID}, "3")
			return err
		})
	}
	undo := func(name string) act {
		return ids(name, func(ctx context.Context, tx *store.Tx, a badges.Assertion) error {
			_, err := tx.UndoRelease(ctx, a.Course, a.Badge, "3")
			return err
		})
	}
	cases := map[string]struct {
		acts []act
		want string
	}{
		"gold straight away":                      {[]act{earn(gold, "g"), earn(bronze, "b"), earn(silver, "s")}, "- - pending"},
		"gold straight away, claimed":             {[]act{earn(gold, "g"), accept("g"), earn(bronze, "b")}, "- - claimed"},
		"what waits is replaced":                  {[]act{earn(bronze, "b"), earn(silver, "s")}, "replaced pending -"},
		"a step left out":                         {[]act{earn(bronze, "b"), earn(gold, "g")}, "replaced - pending"},
		"what is claimed stays":                   {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s")}, "claimed pending -"},
		"until the next is":                       {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s"), accept("s")}, "replaced claimed -"},
		"one after the other":                     {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s"), accept("s"), earn(gold, "g"), accept("g")}, "replaced replaced claimed"},
		"the middle one waits":                    {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s"), earn(gold, "g")}, "claimed replaced pending"},
		"the middle one waited":                   {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s"), earn(gold, "g"), accept("g")}, "replaced replaced claimed"},
		"the next is declined":                    {[]act{earn(bronze, "b"), earn(silver, "s"), refuse("s")}, "pending declined -"},
		"and claimed after all":                   {[]act{earn(bronze, "b"), earn(silver, "s"), refuse("s"), accept("b"), accept("s")}, "replaced claimed -"},
		"the first was declined":                  {[]act{earn(bronze, "b"), refuse("b"), earn(silver, "s"), accept("s")}, "declined claimed -"},
		"gold is declined, silver is no more":     {[]act{earn(gold, "g"), refuse("g"), earn(silver, "s")}, "- - declined"},
		"the next is withdrawn":                   {[]act{earn(bronze, "b"), earn(silver, "s"), revoke("s")}, "pending withdrawn -"},
		"the next is revoked":                     {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s"), accept("s"), revoke("s")}, "claimed revoked -"},
		"gold is revoked":                         {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s"), accept("s"), earn(gold, "g"), accept("g"), revoke("g")}, "replaced claimed revoked"},
		"gold, then silver are revoked":           {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s"), accept("s"), earn(gold, "g"), accept("g"), revoke("g"), revoke("s")}, "claimed revoked revoked"},
		"silver, which gold replaced, is":         {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s"), accept("s"), earn(gold, "g"), accept("g"), revoke("s")}, "replaced revoked claimed"},
		"and gold after it":                       {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s"), accept("s"), earn(gold, "g"), accept("g"), revoke("s"), revoke("g")}, "claimed revoked revoked"},
		"bronze, which silver replaced, is":       {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s"), accept("s"), revoke("b")}, "revoked claimed -"},
		"and it stays so":                         {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s"), accept("s"), revoke("b"), revoke("s")}, "revoked revoked -"},
		"what waited and was taken back":          {[]act{earn(bronze, "b"), earn(silver, "s"), revoke("b")}, "withdrawn pending -"},
		"silver is revoked while gold waits":      {[]act{earn(bronze, "b"), earn(silver, "s"), accept("s"), earn(gold, "g"), revoke("s")}, "replaced revoked pending"},
		"likewise, with bronze claimed":           {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s"), accept("s"), earn(gold, "g"), revoke("s")}, "claimed revoked pending"},
		"the policy withdraws gold":               {[]act{earn(bronze, "b"), earn(gold, "g"), fall("g")}, "pending - withdrawn"},
		"and its evidence comes back":             {[]act{earn(bronze, "b"), earn(gold, "g"), fall("g"), again("g")}, "replaced - pending"},
		"bronze comes back under gold":            {[]act{earn(bronze, "b"), fall("b"), earn(gold, "g"), again("b")}, "withdrawn - pending"},
		"gold is held back":                       {[]act{earn(bronze, "b"), hold(gold, "g")}, "pending - held"},
		"gold is held back, bronze is earned":     {[]act{hold(gold, "g"), earn(bronze, "b")}, "pending - held"},
		"gold is released":                        {[]act{earn(bronze, "b"), hold(gold, "g"), release("g")}, "replaced - pending"},
		"and held back again":                     {[]act{earn(bronze, "b"), hold(gold, "g"), release("g"), undo("g")}, "pending - held"},
		"bronze is held back, gold is not":        {[]act{hold(bronze, "b"), earn(gold, "g")}, "replaced - pending"},
		"and is held back again":                  {[]act{hold(bronze, "b"), earn(gold, "g"), revoke("g")}, "held - withdrawn"},
		"what is replaced cannot be released":     {[]act{hold(bronze, "b"), earn(gold, "g"), release("b")}, "replaced - pending"},
		"gold is revoked, and bronze earned":      {[]act{earn(gold, "g"), accept("g"), revoke("g"), earn(bronze, "b")}, "pending - revoked"},
		"a replaced one is earned no second time": {[]act{earn(bronze, "b"), earn(silver, "s"), earn(bronze, "b2")}, "replaced pending -"},
	}
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		m := newMedals(t, s)
		for name, tt := range cases {
			t.Run(name, func(t *testing.T) {
				m, made := m, map[string]badges.AssertionID{}
				m.user = badges.UserID(name)
				for _, act := range tt.acts {
					clock.Add(time.Minute)
					tx(t, s, func(ctx context.Context, tx *store.Tx) error { return act(ctx, tx, &m, made) })
				}
				if got := m.has(t, s); got != tt.want {
					t.Errorf("bronze, silver, gold are %s; want %s", got, tt.want)
				}
				m.checkPlaces(t, s, clock.Now())
			})
		}
	})
}

// checkPlaces wants every replaced award, and no other, to name one of a higher
// step that holds its place, and one valid public step at most.
func (m medals) checkPlaces(t *testing.T, s *store.Store, now time.Time) {
	t.Helper()
	list, err := s.AssertionsOf(t.Context(), m.course, m.user)
	if err != nil {
		t.Fatal(err)
	}
	rank := map[badges.BadgeID]int{}
	for i, b := range m.steps {
		rank[b.ID] = i
	}
	public := 0
	for _, a := range list {
		if a.State == badges.Claimed && !a.Expired(now) {
			public++
		}
		if a.State != badges.Replaced {
			if a.ReplacedFrom != "" && a.State != badges.Revoked && a.State != badges.Withdrawn {
				t.Errorf("%+v is not replaced", a)
			}
			continue
		}
		by := read(t, s, a.ReplacedBy)
		if rank[by.Badge] <= rank[a.Badge] || a.ReplacedAt.IsZero() || by.State != badges.Pending && by.State != badges.Claimed && by.State != badges.Replaced {
			t.Errorf("step %d (was %s) is replaced by step %d, which is %s", rank[a.Badge], a.ReplacedFrom, rank[by.Badge], by.State)
		}
	}
	if public > 1 {
		t.Errorf("%d steps are public and valid", public)
	}
}

// TestHigherStepByHand: who has a higher step is left out, until it is gone.
func TestHigherStepByHand(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		m := newMedals(t, s)
		give := func(step int) (r badges.HandResult) {
			tx(t, s, func(ctx context.Context, tx *store.Tx) error {
				for _, p := range []badges.Member{{User: "3", Name: "T", Active: true, Teaches: true}, {User: "6", Name: "Z", Email: "z@z.example", Active: true}} {
					if err := tx.SeeMember(ctx, m.course, p); err != nil {
						return err
					}
				}
				results, err := tx.AwardByHand(ctx, badges.HandAward{Course: m.course, Badge: m.steps[step].ID, By: "3", To: []badges.HandRecipient{{User: "6"}}})
				if err == nil {
					r = results[0]
				}
				return err
			})
			return r
		}
		if r := give(gold); r.Outcome != badges.HandAwarded {
			t.Fatalf("gold: %+v", r)
		}
		if r := give(bronze); r.Outcome != badges.HandLeftOut || r.Why != badges.HandHigher {
			t.Errorf("bronze under gold: %+v", r)
		}
		h := must(s.Holding(t.Context(), m.course, m.steps[gold].ID, "6"))(t)
		given := read(t, s, h.Assertion)
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return decline(ctx, tx, given) })
		if r := give(bronze); r.Outcome != badges.HandAwarded {
			t.Errorf("bronze once gold was declined: %+v", r)
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Claim(ctx, h.Assertion, false, false)
			return err
		})
		if got := m.has(t, s); got != "replaced - claimed" {
			t.Errorf("gold claimed after all: %s", got)
		}
	})
}

// TestDeclinedUnderHigher: what was declined cannot be claimed beside a higher
// step.
func TestDeclinedUnderHigher(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		m := newMedals(t, s)
		b, g := m.of(bronze), m.of(gold)
		awardOne(t, s, b)
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return decline(ctx, tx, b) })
		awardOne(t, s, g)
		again := func() error {
			return s.Tx(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Claim(t.Context(), b.ID, false, false)
				return err
			})
		}
		if err := again(); fault.KindOf(err) != fault.Conflict {
			t.Errorf("claimed beside gold: %v", err)
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return takeBack(ctx, tx, g) })
		if err := again(); err != nil {
			t.Errorf("gold is gone: %v", err)
		}
	})
}

// TestExpiringSteps: what is over takes no place and loses none, a higher step
// that ends gives nothing back, and what is earned then is the highest met.
func TestExpiringSteps(t *testing.T) {
	const day = 24 * time.Hour
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		m := newMedals(t, s)
		m.months(t, s, gold, 1)
		b, g := m.of(bronze), m.of(gold)
		awardOne(t, s, b)
		claim(t, s, b.ID)
		awardOne(t, s, g)
		claim(t, s, g.ID)
		clock.Add(40 * day)
		if got := m.has(t, s); got != "replaced - claimed" {
			t.Errorf("gold is over: %s", got)
		}
		next := m.of(bronze)
		next.Previous = b.ID
		if n := awardOne(t, s, next); n != 1 {
			t.Fatalf("%d awards of bronze once gold is over", n)
		}
		claim(t, s, next.ID)
		second := m.of(gold)
		second.Previous = g.ID
		if n := awardOne(t, s, second); n != 1 {
			t.Fatal("gold is not awarded again")
		}
		claim(t, s, second.ID)
		if got := m.has(t, s); got != "replaced - claimed" || read(t, s, next.ID).ReplacedBy != second.ID || read(t, s, b.ID).ReplacedBy != g.ID {
			t.Errorf("gold again: %s", got)
		}
		m.checkPlaces(t, s, clock.Now())
	})
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		m := newMedals(t, s)
		m.months(t, s, bronze, 1)
		b, g := m.of(bronze), m.of(gold)
		awardOne(t, s, b)
		claim(t, s, b.ID)
		clock.Add(20 * day)
		awardOne(t, s, g)
		claim(t, s, g.ID)
		clock.Add(40 * day)
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return takeBack(ctx, tx, g) })
		if got := read(t, s, b.ID); got.State != badges.Claimed || !got.Expired(clock.Now()) {
			t.Errorf("bronze, which was over meanwhile, is %+v", got)
		}
		remindEverybody(t, s)
		if notices := must(s.NoticesOf(t.Context(), b.ID))(t); len(notices) != 2 {
			t.Errorf("%d notices of bronze: its end is no news", len(notices))
		}
	})
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		m := newMedals(t, s)
		m.months(t, s, bronze, 1)
		m.months(t, s, gold, 1)
		b, g := m.of(bronze), m.of(gold)
		awardOne(t, s, b)
		claim(t, s, b.ID)
		clock.Add(40 * day)
		awardOne(t, s, g)
		claim(t, s, g.ID)
		if got := m.has(t, s); got != "claimed - claimed" {
			t.Errorf("bronze was over before gold: %s; want it to stay expired", got)
		}
		late := m.of(silver)
		clock.Add(40 * day)
		awardOne(t, s, late)
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return takeBack(ctx, tx, g) })
		claim(t, s, late.ID)
		if got := m.has(t, s); got != "claimed claimed revoked" {
			t.Errorf("silver once gold was over: %s", got)
		}
	})
}

// TestReplacedNotices: of what was replaced nobody is told; when it is restored,
// who had never been told is, once.
func TestReplacedNotices(t *testing.T) {
	for name, told := range map[string]bool{"told": true, "never told": false} {
		t.Run(name, func(t *testing.T) {
			clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
				m := newMedals(t, s)
				b, g := m.of(bronze), m.of(gold)
				awardOne(t, s, b)
				jobs := must(s.JobsOf(t.Context(), "send_notice"))(t)
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
				if some := must(s.UnqueuedNotices(t.Context(), clock.Now()))(t); some == told {
					t.Errorf("notices to be queued again: %v", some)
				}
				tx(t, s, func(ctx context.Context, tx *store.Tx) error {
					_, err := tx.QueueNotices(ctx, 10)
					return err
				})
				want := jobs + 2 // of gold
				if !told {
					want += 2
				}
				if got := must(s.JobsOf(t.Context(), "send_notice"))(t); got != want {
					t.Errorf("%d jobs, want %d", got, want)
				}
			})
		})
	}
}

// TestReplacedReaders: the lists, counts and public documents know what is
// replaced, and the badge is held by whoever holds a higher step.
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
			return must(s.HoldersSince(t.Context(), m.course.Platform, m.steps[step].ID))(t)["6"]
		}
		awardOne(t, s, g)
		claim(t, s, g.ID)
		if got := tenure(bronze); !got.Since.Equal(began) || !got.Ended.IsZero() {
			t.Errorf("bronze is held as %+v", got)
		}
		if got := tenure(silver); !got.Since.Equal(clock.Now()) || !got.Ended.IsZero() {
			t.Errorf("silver, by gold, is held as %+v", got)
		}
		ends := read(t, s, g.ID).ExpiresAt

		counts := must(s.CountRecipients(t.Context(), m.course, m.steps[bronze].ID, ""))(t)
		if diff := cmp.Diff(map[badges.AssertionState]int{badges.Replaced: 1}, counts); diff != "" {
			t.Error(diff)
		}
		list := must(s.Recipients(t.Context(), m.course, m.steps[bronze].ID, store.RecipientQuery{State: badges.Replaced, Limit: 10}))(t)
		if len(list) != 1 || list[0].ReplacedBy != g.ID || list[0].ReplacedFrom != badges.Claimed || !list[0].ReplacedAt.Equal(clock.Now()) {
			t.Errorf("recipients = %+v", list)
		}
		all := must(s.Badges(t.Context(), m.course))(t)
		if i := slices.IndexFunc(all, func(c store.CountedBadge) bool { return c.ID == m.steps[bronze].ID }); all[i].Counts != (badges.Counts{Replaced: 1}) {
			t.Errorf("counts = %+v", all[i].Counts)
		}
		if _, err := s.PublicVersion(t.Context(), m.steps[bronze].Current.ID); err != nil {
			t.Errorf("the class of a replaced award: %v", err)
		}
		above := must(s.HoldersAbove(t.Context(), m.course, m.steps[bronze].ID))(t)
		if len(above["6"]) != 1 || above["6"][0].Assertion != g.ID {
			t.Errorf("above bronze: %+v", above)
		}
		audit := must(s.AuditOf(t.Context(), m.course, string(b.ID)))(t)
		if last := audit[len(audit)-1]; last.Action != badges.AwardReplaced || last.Actor != "rule" {
			t.Errorf("audit = %+v", audit)
		}

		clock.Add(40 * 24 * time.Hour)
		if got := tenure(bronze); !got.Ended.Equal(ends) {
			t.Errorf("gold is over, bronze is held as %+v", got)
		}
		if review := collect(t, s.Reviewable(t.Context(), m.course, m.steps[bronze].ID)); len(review) != 0 {
			t.Errorf("what is replaced is reviewed: %+v", review)
		}
	})
}

// TestMakingSteps refuses what would be no ladder.
func TestMakingSteps(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		m, other := newMedals(t, s), newWorld(t, s, "b")
		draft := m.draft(t, s)
		set := func(badge, after badges.BadgeID) error {
			return s.Tx(t.Context(), func(tx *store.Tx) error { return tx.SetStep(t.Context(), m.course, badge, after, "3") })
		}
		for name, tt := range map[string]struct {
			badge, after badges.BadgeID
			want         fault.Kind
		}{
			"after one that has a next step": {draft.ID, m.steps[bronze].ID, fault.Conflict},
			"after itself":                   {draft.ID, draft.ID, fault.Conflict},
			"one that is on":                 {m.steps[bronze].ID, m.steps[gold].ID, fault.Conflict},
			"after another course's":         {draft.ID, other.badge.ID, fault.NotFound},
			"another course's":               {other.badge.ID, m.steps[gold].ID, fault.NotFound},
			"after none that exists":         {draft.ID, "x", fault.NotFound},
		} {
			if err := set(tt.badge, tt.after); fault.KindOf(err) != tt.want || err == nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := s.Tx(t.Context(), func(tx *store.Tx) error { return tx.LeaveSteps(t.Context(), m.course, m.steps[silver].ID, "3") }); fault.KindOf(err) != fault.Conflict || err == nil {
			t.Errorf("silver, which is on, left: %v", err)
		}
	})
}

// TestLeavingSteps closes the gap that a draft leaves.
func TestLeavingSteps(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "a")
		middle, top := w.draft(t, s), w.draft(t, s)
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.SetStep(ctx, w.course, middle.ID, w.badge.ID, "3"); err != nil {
				return err
			}
			if err := tx.SetStep(ctx, w.course, top.ID, middle.ID, "3"); err != nil {
				return err
			}
			return tx.LeaveSteps(ctx, w.course, middle.ID, "3")
		})
		steps := must(s.Steps(t.Context(), w.course))(t)
		if got := steps.Ladder(w.badge.ID); !slices.Equal(got, []badges.BadgeID{w.badge.ID, top.ID}) {
			t.Errorf("ladder %v, want the gap closed", got)
		}
		if got := steps.Ladder(middle.ID); len(got) != 1 {
			t.Errorf("who left stands in %v", got)
		}
	})
}

// TestOneNextStep makes next steps from many sides at once.
func TestOneNextStep(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "a")
		var group sync.WaitGroup
		for range 8 {
			draft := w.draft(t, s)
			group.Go(func() {
				err := s.Tx(t.Context(), func(tx *store.Tx) error { return tx.SetStep(t.Context(), w.course, draft.ID, w.badge.ID, "3") })
				if err != nil && fault.KindOf(err) != fault.Conflict {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if got := must(s.Steps(t.Context(), w.course))(t).Ladder(w.badge.ID); len(got) != 2 {
			t.Errorf("ladder %v, want one next step", got)
		}
	})
}

// TestClimbTogether awards and claims the steps of one ladder from many sides at
// once: whatever comes first, one step counts in the end.
func TestClimbTogether(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		m := newMedals(t, s)
		for range 10 {
			var group sync.WaitGroup
			user := badges.UserID(uuid.NewString())
			for step := range m.steps {
				for range 2 {
					group.Go(func() {
						a := m.of(step)
						a.User = user
						err := s.Tx(t.Context(), func(tx *store.Tx) error {
							_, err := tx.Award(t.Context(), []badges.Assertion{a})
							return err
						})
						if err != nil {
							t.Error(err)
						}
						err = s.Tx(t.Context(), func(tx *store.Tx) error {
							_, err := tx.Claim(t.Context(), a.ID, false, false)
							return err
						})
						if kind := fault.KindOf(err); err != nil && kind != fault.Conflict && kind != fault.NotFound {
							t.Error(err)
						}
					})
				}
			}
			group.Wait()
			claimed, list := 0, must(s.AssertionsOf(t.Context(), m.course, user))(t)
			for _, a := range list {
				switch {
				case a.State == badges.Claimed && a.Badge == m.steps[gold].ID:
					claimed++
				case a.State != badges.Replaced:
					t.Errorf("beside gold there is %+v", a)
				}
			}
			if claimed != 1 {
				t.Errorf("%d claimed golds in %+v", claimed, list)
			}
		}
	})
}
