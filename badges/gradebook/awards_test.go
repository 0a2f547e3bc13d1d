package gradebook_test

import (
	"crypto/rand"
	"time"

	"github.com/google/uuid"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/store"
)

var awards = award.New("https://badges.example.org", rand.Reader)

// awardAs awards a badge to a learner; change prepares the award.
func (w *world) awardAs(badge badges.Badge, user badges.UserID, change func(*badges.Assertion)) badges.AssertionID {
	w.Helper()
	a := badges.Assertion{
		ID: badges.AssertionID(uuid.NewString()), Course: w.course, Badge: badge.ID, Version: badge.Current.ID, User: user,
		State: badges.Pending, Recipient: badges.Recipient{Name: string(user), Email: "a@example.org"}, Facts: []badges.Fact{{Kind: badges.ByHand, By: "3"}},
	}
	change(&a)
	w.tx(func(tx *store.Tx) error {
		made, err := awards.Award(w.Context(), tx, []badges.Assertion{a})
		if err == nil && made != 1 {
			w.Fatalf("%s is not awarded", user)
		}
		return err
	})
	return a.ID
}

func (w *world) award(user badges.UserID) badges.AssertionID {
	w.Helper()
	return w.awardAs(w.badge, user, func(*badges.Assertion) {})
}

// awardAgain awards the badge to a learner who was awarded it before.
func (w *world) awardAgain(user badges.UserID, before badges.AssertionID) badges.AssertionID {
	w.Helper()
	return w.awardAs(w.badge, user, func(a *badges.Assertion) { a.Previous = before })
}

func (w *world) hold(user badges.UserID) badges.AssertionID {
	w.Helper()
	return w.awardAs(w.badge, user, func(a *badges.Assertion) { a.State = badges.Withheld })
}

func (w *world) claim(id badges.AssertionID) badges.AssertionID {
	w.Helper()
	w.tx(func(tx *store.Tx) error {
		_, err := awards.Claim(w.Context(), tx, id, false, false)
		return err
	})
	return id
}

func (w *world) decline(id badges.AssertionID) badges.AssertionID {
	w.Helper()
	w.tx(func(tx *store.Tx) error {
		_, err := awards.Decline(w.Context(), tx, id)
		return err
	})
	return id
}

func (w *world) takeBack(id badges.AssertionID) badges.AssertionID {
	w.Helper()
	w.tx(func(tx *store.Tx) error {
		_, err := awards.TakeBack(w.Context(), tx, w.course, w.badge.ID, id, "3", "by mistake")
		return err
	})
	return id
}

// replace awards the next step to a learner who was awarded the badge.
func (w *world) replace(user badges.UserID, id badges.AssertionID) badges.AssertionID {
	w.Helper()
	w.awardAs(w.higher, user, func(*badges.Assertion) {})
	return id
}

func (w *world) expire(id badges.AssertionID) badges.AssertionID {
	w.clock.Add(40 * 24 * time.Hour)
	return id
}

// life is the way in which an award gets to a state.
type life struct {
	name  string
	lead  func(w *world, user badges.UserID) badges.AssertionID
	state badges.AssertionState
}

// lives returns a way to each state of an award.
func lives() []life {
	return []life{
		{"awarded", (*world).award, badges.Pending},
		{"withheld", (*world).hold, badges.Withheld},
		{"claimed", func(w *world, u badges.UserID) badges.AssertionID { return w.claim(w.award(u)) }, badges.Claimed},
		{"declined", func(w *world, u badges.UserID) badges.AssertionID { return w.decline(w.award(u)) }, badges.Declined},
		{"withdrawn", func(w *world, u badges.UserID) badges.AssertionID { return w.takeBack(w.award(u)) }, badges.Withdrawn},
		{"revoked", func(w *world, u badges.UserID) badges.AssertionID { return w.takeBack(w.claim(w.award(u))) }, badges.Revoked},
		{"awarded again", func(w *world, u badges.UserID) badges.AssertionID { return w.awardAgain(u, w.takeBack(w.award(u))) }, badges.Pending},
		{"renewed", func(w *world, u badges.UserID) badges.AssertionID {
			return w.awardAgain(u, w.expire(w.claim(w.award(u))))
		}, badges.Pending},
		{"renewed, then withdrawn", func(w *world, u badges.UserID) badges.AssertionID {
			return w.takeBack(w.awardAgain(u, w.expire(w.award(u))))
		}, badges.Withdrawn},
		{"replaced", func(w *world, u badges.UserID) badges.AssertionID { return w.replace(u, w.award(u)) }, badges.Replaced},
		{"replaced while withheld", func(w *world, u badges.UserID) badges.AssertionID { return w.replace(u, w.hold(u)) }, badges.Replaced},
	}
}

// live brings an award through the life with a name; the learner has the same
// name.
func (w *world) live(name string) badges.AssertionID {
	w.Helper()
	for _, l := range lives() {
		if l.name != name {
			continue
		}
		id := l.lead(w, badges.UserID(name))
		if a, err := w.store.Assertion(w.Context(), id); err != nil || a.State != l.state {
			w.Fatalf("%s: the award is %s, %v; want %s", name, a.State, err, l.state)
		}
		return id
	}
	w.Fatalf("no life is %q", name)
	return ""
}
