package e2e_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
)

var proposalBox = regexp.MustCompile(`name="proposal" value="([^"]+)"`)

// TestSecondTeacher confirms, refuses and takes back awards by hand.
func TestSecondTeacher(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	d.enroled(t)
	first, second := d.byHand(t, 3), d.byHand(t, 4)
	if w := first.post(t, first.badge+"/endorsed", url.Values{"csrf": {first.csrf}, "endorsed": {"on"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("asking for a second teacher is answered %d", w.Code)
	}
	w := first.send(t, "award", url.Values{"learner": {"7", "11", "9"}, "text": {"Defence"}}, nil)
	if w.Code != http.StatusSeeOther || !strings.Contains(said(first.get(t, w.Header().Get("Location")+"&lang=en")), "3 awards wait for a second teacher.") {
		t.Fatalf("proposing is answered %d: %s", w.Code, said(w))
	}
	if got := d.assertions(t, "7"); len(got) != 0 {
		t.Fatalf("before the confirmation: %+v", got)
	}
	boxes := proposalBox.FindAllStringSubmatch(second.get(t, second.badge).Body.String(), -1)
	if len(boxes) != 3 {
		t.Fatalf("%d proposals are shown, want 3", len(boxes))
	}
	course, _ := d.course(t)
	open, err := d.App.Store().Proposals(t.Context(), course.CourseKey, d.seededBadge(t).ID)
	must(t, err)
	id := map[badges.UserID]string{}
	for _, p := range open {
		id[p.User] = string(p.ID)
	}
	decide := func(h byHand, decision string, users ...badges.UserID) int {
		form := url.Values{"csrf": {h.csrf}, "decision": {decision}}
		for _, u := range users {
			form.Add("proposal", id[u])
		}
		return h.post(t, h.badge+"/proposals", form).Code
	}
	for _, decision := range []string{"confirm", "refuse"} {
		if got := decide(first, decision, "7"); got != http.StatusForbidden {
			t.Errorf("%s by the proposing teacher is answered %d, want 403", decision, got)
		}
	}
	if got := decide(second, "take_back", "7"); got != http.StatusForbidden {
		t.Errorf("taken back by another: %d, want 403", got)
	}
	if got := decide(second, "nonsense", "7"); got != http.StatusUnprocessableEntity {
		t.Errorf("an unknown decision: %d", got)
	}
	if len(d.assertions(t, "7")) != 0 {
		t.Fatal("awarded without a second teacher")
	}
	for range 2 {
		if got := decide(second, "confirm", "7"); got != http.StatusSeeOther {
			t.Errorf("the confirmation is answered %d", got)
		}
	}
	if got := decide(second, "refuse", "11"); got != http.StatusSeeOther {
		t.Errorf("the refusal is answered %d", got)
	}
	if got := decide(first, "take_back", "9"); got != http.StatusSeeOther {
		t.Errorf("taking back is answered %d", got)
	}
	got := d.assertions(t, "7")
	if len(got) != 1 || len(d.assertions(t, "11")) != 0 || len(d.assertions(t, "9")) != 0 {
		t.Fatalf("assertions of Sinéad = %+v; want one, and none of the others", got)
	}
	if f, _ := got[0].ByHand(); f.By != "3" || f.ConfirmedBy != "4" {
		t.Errorf("fact = %+v", f)
	}
	eventually(t, "the mail", func() bool { return d.mailsTo(sineadsMail) == 1 })
}
