package teacher_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/web/page"
)

// TestTakeBackAll revokes all awards of a badge. The page states the number, and the form
// must confirm it with a reason; else nothing changes.
func TestTakeBackAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.on("Exploration", both)
	open := at(w.teacher, b.ID, "")
	if got := w.teacher.Get(open); got.Shows("Revoke all") {
		t.Errorf("offered without awards: %s", got.Text())
	}
	waiting, private := w.has(b, angel, badges.Pending), w.has(b, chloe, badges.Private)
	expect(t, w.teacher.Get(open), http.StatusOK, "Revoke all awards", "Take back all 2 awards of this badge")
	french := w.as(page.Session{User: nina, Teacher: true, Language: "fr"})
	expect(t, french.Get(at(french, b.ID, "")), http.StatusOK, "Révoquer toutes les attributions", "Retirer les 2 attributions de ce badge")
	for _, tt := range []struct {
		name   string
		form   url.Values
		status int
		says   string
	}{
		{"without confirmation", url.Values{"reason": {"copied"}}, http.StatusUnprocessableEntity, "Tick the box that says how many awards are taken back."},
		{"not a number", url.Values{"reason": {"copied"}, "confirm": {"all"}}, http.StatusUnprocessableEntity, "Tick the box"},
		{"another number", url.Values{"reason": {"copied"}, "confirm": {"1"}}, http.StatusConflict, "The badge now has 2 awards to take back."},
		{"without a reason", url.Values{"confirm": {"2"}}, http.StatusUnprocessableEntity, "Give a reason."},
		{"with a long reason", url.Values{"confirm": {"2"}, "reason": {strings.Repeat("x", 501)}}, http.StatusUnprocessableEntity, "longer than 500"},
	} {
		expect(t, w.teacher.Post(open+"/take-back-all", tt.form), tt.status, tt.says)
		if w.award(waiting.ID).State != badges.Pending || w.award(private.ID).State != badges.Private {
			t.Fatalf("%s: something was taken back", tt.name)
		}
	}
	expectGoes(t, w.teacher.Post(open+"/take-back-all", url.Values{"confirm": {"2"}, "reason": {"copied"}}), open)
	if a, p := w.award(waiting.ID), w.award(private.ID); a.State != badges.Withdrawn || p.State != badges.Revoked || p.Reason != "copied" || p.Public() {
		t.Errorf("%s, %s because of %q", a.State, p.State, p.Reason)
	}
	for _, id := range []badges.AssertionID{waiting.ID, private.ID} {
		if acts := w.acts(tomas, string(id)); len(acts) != 1 || acts[0] != badges.AwardTakenBack {
			t.Errorf("acts of the teacher: %v", acts)
		}
	}
	if got := w.teacher.Get(open); got.Shows("Revoke all") {
		t.Errorf("offered again: %s", got.Text())
	}
}
