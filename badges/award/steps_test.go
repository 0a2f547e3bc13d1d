package award_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// TestStepsReplace does what learners, teachers and the policy may do to the
// awards of a ladder, one act after the other, and checks the states of bronze,
// silver and gold.
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
			if h, err := tx.Holding(ctx, m.Course, a.Badge, a.User); err == nil {
				a.Previous = h.Assertion
			}
			made[name] = a.ID
			_, err := awards.Award(ctx, tx, []badges.Assertion{a})
			return err
		}
	}
	earn := func(step int, name string) act { return award(step, name, badges.Pending) }
	hold := func(step int, name string) act { return award(step, name, badges.Withheld) }
	accept := func(name string) act {
		return ids(name, func(ctx context.Context, tx *store.Tx, a badges.Assertion) error {
			_, err := awards.Claim(ctx, tx, a.ID, true, true)
			return err
		})
	}
	refuse := func(name string) act { return ids(name, decline) }
	revoke := func(name string) act { return ids(name, takeBack) }
	fall := func(name string) act { return ids(name, withdrawByPolicy) }
	again := func(name string) act {
		return ids(name, func(ctx context.Context, tx *store.Tx, a badges.Assertion) error {
			a.State = badges.Pending
			return awardAgain(ctx, tx, a)
		})
	}
	release := func(name string) act {
		return ids(name, func(ctx context.Context, tx *store.Tx, a badges.Assertion) error {
			_, err := awards.Release(ctx, tx, a.Course, a.Badge, []badges.AssertionID{a.ID}, "3")
			return err
		})
	}
	undo := func(name string) act {
		return ids(name, func(ctx context.Context, tx *store.Tx, a badges.Assertion) error {
			_, err := awards.UndoRelease(ctx, tx, a.Course, a.Badge, "3", 100)
			return err
		})
	}
	deliver := func(ctx context.Context, tx *store.Tx, _ *medals, _ map[string]badges.AssertionID) error {
		_, err := awards.Deliver(ctx, tx, 100)
		return err
	}
	hide := func(name string) act { return ids(name, hide) }
	show := func(name string) act { return ids(name, show) }
	erase := func(name string) act { return ids(name, erase) }
	var wait act // nil: wait until the undo window has ended
	cases := map[string]struct {
		acts []act
		want string
	}{
		"gold straight away":                       {[]act{earn(gold, "g"), earn(bronze, "b"), earn(silver, "s")}, "- - pending"},
		"gold straight away, claimed":              {[]act{earn(gold, "g"), accept("g"), earn(bronze, "b")}, "- - claimed"},
		"what waits is replaced":                   {[]act{earn(bronze, "b"), earn(silver, "s")}, "replaced pending -"},
		"a step left out":                          {[]act{earn(bronze, "b"), earn(gold, "g")}, "replaced - pending"},
		"what is claimed stays":                    {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s")}, "claimed pending -"},
		"until the next is":                        {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s"), accept("s")}, "replaced claimed -"},
		"one after the other":                      {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s"), accept("s"), earn(gold, "g"), accept("g")}, "replaced replaced claimed"},
		"the middle one waits":                     {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s"), earn(gold, "g")}, "claimed replaced pending"},
		"the middle one waited":                    {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s"), earn(gold, "g"), accept("g")}, "replaced replaced claimed"},
		"the next is declined":                     {[]act{earn(bronze, "b"), earn(silver, "s"), refuse("s")}, "pending declined -"},
		"and claimed after all":                    {[]act{earn(bronze, "b"), earn(silver, "s"), refuse("s"), accept("b"), accept("s")}, "replaced claimed -"},
		"the first was declined":                   {[]act{earn(bronze, "b"), refuse("b"), earn(silver, "s"), accept("s")}, "declined claimed -"},
		"gold is declined, silver is no more":      {[]act{earn(gold, "g"), refuse("g"), earn(silver, "s")}, "- - declined"},
		"the next is withdrawn":                    {[]act{earn(bronze, "b"), earn(silver, "s"), revoke("s")}, "pending withdrawn -"},
		"the next is revoked":                      {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s"), accept("s"), revoke("s")}, "claimed revoked -"},
		"gold is revoked":                          {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s"), accept("s"), earn(gold, "g"), accept("g"), revoke("g")}, "replaced claimed revoked"},
		"gold, then silver are revoked":            {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s"), accept("s"), earn(gold, "g"), accept("g"), revoke("g"), revoke("s")}, "claimed revoked revoked"},
		"silver, which gold replaced, is":          {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s"), accept("s"), earn(gold, "g"), accept("g"), revoke("s")}, "replaced revoked claimed"},
		"and gold after it":                        {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s"), accept("s"), earn(gold, "g"), accept("g"), revoke("s"), revoke("g")}, "claimed revoked revoked"},
		"bronze, which silver replaced, is":        {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s"), accept("s"), revoke("b")}, "revoked claimed -"},
		"and it stays so":                          {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s"), accept("s"), revoke("b"), revoke("s")}, "revoked revoked -"},
		"what waited and was taken back":           {[]act{earn(bronze, "b"), earn(silver, "s"), revoke("b")}, "withdrawn pending -"},
		"silver is revoked while gold waits":       {[]act{earn(bronze, "b"), earn(silver, "s"), accept("s"), earn(gold, "g"), revoke("s")}, "replaced revoked pending"},
		"likewise, with bronze claimed":            {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s"), accept("s"), earn(gold, "g"), revoke("s")}, "claimed revoked pending"},
		"the policy withdraws gold":                {[]act{earn(bronze, "b"), earn(gold, "g"), fall("g")}, "pending - withdrawn"},
		"and its evidence comes back":              {[]act{earn(bronze, "b"), earn(gold, "g"), fall("g"), again("g")}, "replaced - pending"},
		"bronze comes back under gold":             {[]act{earn(bronze, "b"), fall("b"), earn(gold, "g"), again("b")}, "withdrawn - pending"},
		"gold is withheld":                         {[]act{earn(bronze, "b"), hold(gold, "g")}, "pending - withheld"},
		"gold is withheld, bronze is earned":       {[]act{hold(gold, "g"), earn(bronze, "b")}, "pending - withheld"},
		"gold is released":                         {[]act{earn(bronze, "b"), hold(gold, "g"), release("g"), wait, deliver}, "replaced - pending"},
		"gold is released a moment ago":            {[]act{earn(bronze, "b"), hold(gold, "g"), release("g"), deliver}, "pending - withheld"},
		"gold's release is withdrawn":              {[]act{earn(bronze, "b"), hold(gold, "g"), release("g"), revoke("g"), wait, deliver}, "pending - withdrawn"},
		"and withheld again":                       {[]act{earn(bronze, "b"), hold(gold, "g"), release("g"), undo("g"), wait, deliver}, "pending - withheld"},
		"bronze is withheld, gold is not":          {[]act{hold(bronze, "b"), earn(gold, "g")}, "replaced - pending"},
		"and is withheld again":                    {[]act{hold(bronze, "b"), earn(gold, "g"), revoke("g")}, "withheld - withdrawn"},
		"what is replaced cannot be released":      {[]act{hold(bronze, "b"), earn(gold, "g"), release("b"), wait, deliver}, "replaced - pending"},
		"gold is revoked, and bronze earned":       {[]act{earn(gold, "g"), accept("g"), revoke("g"), earn(bronze, "b")}, "pending - revoked"},
		"silver is hidden":                         {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s"), accept("s"), hide("s")}, "replaced private -"},
		"and covers bronze":                        {[]act{earn(silver, "s"), accept("s"), hide("s"), earn(bronze, "b")}, "- private -"},
		"what is hidden is replaced":               {[]act{earn(bronze, "b"), accept("b"), hide("b"), earn(silver, "s"), accept("s")}, "replaced claimed -"},
		"and is hidden when it is back":            {[]act{earn(bronze, "b"), accept("b"), hide("b"), earn(silver, "s"), accept("s"), revoke("s")}, "private revoked -"},
		"and public again":                         {[]act{earn(bronze, "b"), accept("b"), hide("b"), earn(silver, "s"), accept("s"), revoke("s"), show("b")}, "claimed revoked -"},
		"what is hidden replaces":                  {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s"), accept("s"), hide("s"), earn(gold, "g"), accept("g"), revoke("g")}, "replaced private revoked"},
		"what is hidden is revoked":                {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s"), accept("s"), hide("s"), revoke("s")}, "claimed revoked -"},
		"gold is erased":                           {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s"), accept("s"), earn(gold, "g"), accept("g"), erase("g")}, "replaced claimed -"},
		"and earned no more":                       {[]act{earn(bronze, "b"), accept("b"), earn(gold, "g"), accept("g"), erase("g"), earn(gold, "g2")}, "claimed - -"},
		"gold straight away is erased":             {[]act{earn(gold, "g"), erase("g"), earn(bronze, "b"), earn(silver, "s")}, "- - -"},
		"bronze, which silver replaced, is erased": {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s"), accept("s"), erase("b"), revoke("s")}, "- revoked -"},
		"silver, which gold replaced, is erased":   {[]act{earn(bronze, "b"), accept("b"), earn(silver, "s"), accept("s"), earn(gold, "g"), accept("g"), erase("s")}, "replaced - claimed"},
		"a replaced one is earned no second time":  {[]act{earn(bronze, "b"), earn(silver, "s"), earn(bronze, "b2")}, "replaced pending -"},
	}
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		m := newMedals(t, s)
		for name, tt := range cases {
			t.Run(name, func(t *testing.T) {
				m, made := m, map[string]badges.AssertionID{}
				m.user = badges.UserID(name)
				for _, act := range tt.acts {
					clock.Add(time.Minute)
					if act == nil {
						clock.Add(badges.UndoWindow)
						continue
					}
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

// TestHigherStepByHand checks that a learner with a higher step is left out as
// long as they have it.
func TestHigherStepByHand(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		m := newMedals(t, s)
		give := func(step int) (r badges.HandResult) {
			tx(t, s, func(ctx context.Context, tx *store.Tx) error {
				for _, p := range []badges.Member{{User: "3", Name: "T", Active: true, Teaches: true}, {User: "6", Name: "Z", Email: "z@z.example", Active: true}} {
					if err := tx.SeeMember(ctx, m.Course, p); err != nil {
						return err
					}
				}
				results, err := awards.ByHand(ctx, tx, badges.HandAward{Course: m.Course, Badge: m.steps[step].ID, By: "3", To: []badges.HandRecipient{{User: "6"}}})
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
		h := storetest.Must(s.Holding(t.Context(), m.Course, m.steps[gold].ID, "6"))(t)
		given := storetest.Assertion(t, s, h.Assertion)
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return decline(ctx, tx, given) })
		if r := give(bronze); r.Outcome != badges.HandAwarded {
			t.Errorf("bronze once gold was declined: %+v", r)
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := awards.Claim(ctx, tx, h.Assertion, false, false)
			return err
		})
		if got := m.has(t, s); got != "replaced - claimed" {
			t.Errorf("gold claimed after all: %s", got)
		}
	})
}

// TestDeclinedUnderHigher checks that a declined award cannot be claimed while
// the learner has a higher step.
func TestDeclinedUnderHigher(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		m := newMedals(t, s)
		b, g := m.of(bronze), m.of(gold)
		awardOne(t, s, b)
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return decline(ctx, tx, b) })
		awardOne(t, s, g)
		again := func() error {
			return s.Tx(t.Context(), func(tx *store.Tx) error {
				_, err := awards.Claim(t.Context(), tx, b.ID, false, false)
				return err
			})
		}
		if err := again(); !fault.Is(err, fault.Conflict) {
			t.Errorf("claimed beside gold: %v", err)
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return takeBack(ctx, tx, g) })
		if err := again(); err != nil {
			t.Errorf("gold is gone: %v", err)
		}
	})
}

// TestExpiringSteps checks that an expired award neither replaces nor is
// replaced, that a higher step restores nothing when it expires, and that the
// highest step that is met is earned then.
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
		if got := m.has(t, s); got != "replaced - claimed" || storetest.Assertion(t, s, next.ID).ReplacedBy != second.ID || storetest.Assertion(t, s, b.ID).ReplacedBy != g.ID {
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
		if got := storetest.Assertion(t, s, b.ID); got.State != badges.Claimed || !got.Expired(clock.Now()) {
			t.Errorf("bronze, which was over meanwhile, is %+v", got)
		}
		remindEverybody(t, s)
		if notices := storetest.Must(s.NoticesOf(t.Context(), b.ID))(t); len(notices) != 2 {
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

// TestStepsAtOnce awards and claims the steps of a ladder in many transactions
// at the same time: in any order, one step counts in the end.
func TestStepsAtOnce(t *testing.T) {
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
							_, err := awards.Award(t.Context(), tx, []badges.Assertion{a})
							return err
						})
						if err != nil {
							t.Error(err)
						}
						err = s.Tx(t.Context(), func(tx *store.Tx) error {
							_, err := awards.Claim(t.Context(), tx, a.ID, false, false)
							return err
						})
						if err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.NotFound) {
							t.Error(err)
						}
					})
				}
			}
			group.Wait()
			claimed, list := 0, storetest.Must(s.AssertionsOf(t.Context(), m.Course, user))(t)
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
