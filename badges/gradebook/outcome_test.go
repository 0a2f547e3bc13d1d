package gradebook_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/gradebook"
	"github.com/insigne-badges/insigne/store"
)

// TestOutcome checks which award of a learner decides: one that was not taken
// back is enough, whatever happened to the others.
func TestOutcome(t *testing.T) {
	award := func(state badges.AssertionState) badges.Assertion { return badges.Assertion{State: state} }
	withheld, pending, claimed, declined := award(badges.Withheld), award(badges.Pending), award(badges.Claimed), award(badges.Declined)
	withdrawn, revoked := award(badges.Withdrawn), award(badges.Revoked)
	private, erased := award(badges.Private), award(badges.Erased)
	replaced, replacedWithheld := pending.ReplacedWith("x", pending.AwardedAt), withheld.ReplacedWith("x", withheld.AwardedAt)
	withdrawnWithheld := replacedWithheld
	withdrawnWithheld.State = badges.Withdrawn
	const nothing = -1
	for name, tt := range map[string]struct {
		awards []badges.Assertion // the newest first
		picks  int
		points float64
	}{
		"pending":                          {[]badges.Assertion{pending}, 0, 100},
		"claimed":                          {[]badges.Assertion{claimed}, 0, 100},
		"private":                          {[]badges.Assertion{private}, 0, 100},
		"erased":                           {[]badges.Assertion{erased}, nothing, 0},
		"declined":                         {[]badges.Assertion{declined}, 0, 100},
		"replaced":                         {[]badges.Assertion{replaced}, 0, 100},
		"revoked":                          {[]badges.Assertion{revoked}, 0, 0},
		"withdrawn":                        {[]badges.Assertion{withdrawn}, 0, 0},
		"withheld":                         {[]badges.Assertion{withheld}, nothing, 0},
		"replaced while withheld":          {[]badges.Assertion{replacedWithheld}, nothing, 0},
		"and withdrawn after that":         {[]badges.Assertion{withdrawnWithheld}, nothing, 0},
		"awarded again":                    {[]badges.Assertion{claimed, revoked}, 0, 100}, // a late job of the older award
		"the newer one withdrawn":          {[]badges.Assertion{withdrawn, claimed}, 1, 100},
		"the newer one withheld":           {[]badges.Assertion{withheld, claimed}, 1, 100},
		"the newer ones do not count":      {[]badges.Assertion{withheld, revoked, replaced}, 2, 100},
		"the older one replaced, withheld": {[]badges.Assertion{revoked, replacedWithheld}, 0, 0},
		"both taken back":                  {[]badges.Assertion{revoked, withdrawn}, 0, 0},
		"taken back and then withheld":     {[]badges.Assertion{withheld, revoked, withdrawn}, 1, 0},
		"never told of":                    {[]badges.Assertion{withheld, withdrawnWithheld}, nothing, 0},
	} {
		t.Run(name, func(t *testing.T) {
			for i := range tt.awards {
				tt.awards[i].ID = badges.AssertionID(rune('a' + i))
			}
			award, points, ok := gradebook.Outcome(tt.awards)
			var want badges.AssertionID
			if tt.picks != nothing {
				want = tt.awards[tt.picks].ID
			}
			if award.ID != want || points != tt.points || ok != (tt.picks != nothing) {
				t.Errorf("award %q counts for %v, %t; want %q for %v", award.ID, points, ok, want, tt.points)
			}
		})
	}
}

// TestWhoIsSent gives a column to a badge that learners have already: the LMS
// gets a score for each learner with an award that counts, and nothing about
// the others.
func TestWhoIsSent(t *testing.T) {
	want := []string{"awarded", "awarded again", "claimed", "declined", "renewed", "renewed, then withdrawn", "replaced"}
	for name, begin := range map[string]func(*world){
		"made": (*world).add,
		"found": func(w *world) {
			w.lms.place(string(w.badge.ID))
			w.add()
		},
		"taken": func(w *world) { w.take(w.launch(w.lms.place(string(w.badge.ID)))) },
		"found when a link is placed": func(w *world) {
			w.lms.place(string(w.badge.ID))
			w.askWithLink()
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			for _, l := range lives() {
				w.live(l.name)
			}
			if users := w.queued(); len(users) != 0 {
				t.Fatalf("without a column, %v are sent", users)
			}
			begin(w)
			if w.column() == (store.Column{}) {
				t.Error("there is no column")
			}
			if diff := cmp.Diff(want, w.queued()); diff != "" {
				t.Error(diff)
			}
		})
	}
}
