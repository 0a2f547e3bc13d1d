package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
)

// secondBadge makes a draft for 50 percent in the quiz, which Zoë has already
// and Nora has not. It returns its page and its id.
func (v visitor) secondBadge(t *testing.T, session string) (page string, id badges.BadgeID) {
	t.Helper()
	seeded := v.seededBadge(t)
	form := url.Values{
		"csrf": {v.csrf(t, session+"/badges/new")}, "name": {"Moitié"}, "description": {"x"}, "match": {"all"},
		"picture": {string(seeded.Current.Picture)}, "issuer": {string(seeded.Current.Issuer)},
		"node": {"condition:1"}, "condition": {"activity_grade:3"}, "percent": {"50"},
	}
	w := v.post(t, session+"/badges/new", form)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("saving is answered %d: %s", w.Code, said(w))
	}
	page = w.Header().Get("Location")
	return page, badges.BadgeID(page[strings.LastIndex(page, "/")+1:])
}

func (d *demo) holders(t *testing.T, id badges.BadgeID) map[badges.UserID]badges.AssertionState {
	t.Helper()
	holders, err := d.service.store.Holders(t.Context(), d.seededBadge(t).Course, id)
	must(t, err)
	states := map[badges.UserID]badges.AssertionState{}
	for user, held := range holders {
		states[user] = held.State
	}
	return states
}

// TestEarlierAchievers switches a badge on with each choice for who meets its
// rule already: never a mail that nobody wanted.
func TestEarlierAchievers(t *testing.T) {
	for _, tt := range []struct {
		earlier badges.Earlier
		holds   bool
		mails   int // beside that of the demo's badge
	}{{badges.NotifyEarlier, true, 1}, {badges.SilentEarlier, true, 0}, {badges.NoEarlier, false, 0}} {
		t.Run(string(tt.earlier), func(t *testing.T) {
			t.Parallel()
			d := runningDemo(t)
			eventually(t, "the demo's mail", func() bool { return d.mailsTo(zoesMail) == 1 })
			v := d.visitor()
			page, id := v.secondBadge(t, v.launch(t, 3))
			if w := v.post(t, page+"/switch", url.Values{"csrf": {v.csrf(t, page)}, "state": {"on"}, "earlier": {string(tt.earlier)}}); w.Code != http.StatusSeeOther {
				t.Fatalf("switching on: %d %s", w.Code, said(w))
			}
			d.readTwice(t)
			enough := 80.0
			must(t, d.campus.SetGrade(11, quiz, &enough))
			eventually(t, "Nora's award", func() bool { return d.holders(t, id)["11"] == badges.Pending })
			eventually(t, "Nora's mail", func() bool { return d.mailsTo("nora@example.org") == 1 })
			if _, holds := d.holders(t, id)["6"]; holds != tt.holds {
				t.Errorf("Zoë holds it = %v, want %v", holds, tt.holds)
			}
			if tt.mails == 1 {
				eventually(t, "Zoë's mail", func() bool { return d.mailsTo(zoesMail) == 2 })
			} else if n := d.mailsTo(zoesMail); n != 1 {
				t.Errorf("Zoë got %d mails, want that of the demo's badge alone", n)
			}
			preview := said(v.get(t, page+"/preview"))
			if tt.earlier == badges.NoEarlier && !strings.Contains(preview, "avant l’activation du badge") {
				t.Errorf("the preview does not say why Zoë gets nothing: %s", preview)
			}
		})
	}
}

// TestJury holds awards back until the teacher releases them, and lets the
// teacher think again.
func TestJury(t *testing.T) {
	d := runningDemo(t)
	v := d.visitor()
	session := v.launch(t, 3)
	page, id := v.secondBadge(t, session)
	csrf := v.csrf(t, page)
	if w := v.post(t, page+"/policy", url.Values{"csrf": {csrf}, "policy": {"ask"}, "jury": {"on"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("jury: %d %s", w.Code, said(w))
	}
	v.post(t, page+"/switch", url.Values{"csrf": {csrf}, "state": {"on"}, "earlier": {"notify"}})
	eventually(t, "an award held back", func() bool { return d.holders(t, id)["6"] == badges.Held })
	d.readTwice(t)
	if n := len(d.assertions(t, "6")); n != 1 {
		t.Errorf("Zoë sees %d badges, want that of the demo alone", n)
	}
	if text := said(v.get(t, page)); !strings.Contains(text, "ne le savent pas encore") && !strings.Contains(text, "ne le sait pas encore") {
		t.Errorf("the teacher reads %s", text)
	}
	course := d.seededBadge(t).Course
	held, err := d.service.store.HeldBack(t.Context(), course, id, 100)
	must(t, err)
	var zoes badges.AssertionID
	for _, a := range held {
		if a.User == "6" {
			zoes = a.ID
		}
	}
	release := func(form url.Values) int {
		form.Set("csrf", csrf)
		return v.post(t, page+"/release", form).Code
	}
	if code := release(url.Values{}); code != http.StatusUnprocessableEntity {
		t.Errorf("releasing nobody: %d", code)
	}
	if code := release(url.Values{"award": {string(zoes), "made-up"}}); code != http.StatusSeeOther || d.holders(t, id)["6"] != badges.Pending {
		t.Fatalf("release: %d, %v", code, d.holders(t, id))
	}
	if code := release(url.Values{"undo": {"1"}}); code != http.StatusSeeOther || d.holders(t, id)["6"] != badges.Held {
		t.Fatalf("undo: %d, %v", code, d.holders(t, id))
	}
	if code := release(url.Values{"undo": {"1"}}); code != http.StatusConflict {
		t.Errorf("undoing twice: %d", code)
	}
	if code := release(url.Values{"award": {string(zoes)}}); code != http.StatusSeeOther {
		t.Fatalf("second release: %d", code)
	}
	if code := release(url.Values{"all": {"1"}}); code != http.StatusSeeOther {
		t.Errorf("releasing all: %d", code)
	}
	for user, state := range d.holders(t, id) {
		if state != badges.Pending {
			t.Errorf("%s is %s after all were released", user, state)
		}
	}
	if n := d.mailsTo(zoesMail); n > 1 {
		t.Errorf("Zoë was told before the release could no longer be undone: %d mails", n)
	}
	// When the window is over, the notices are due.
	must(t, d.service.store.Tx(t.Context(), func(tx *store.Tx) error {
		due, err := tx.UnqueuedNotices(t.Context(), tx.Now().Add(badges.UndoWindow))
		if err == nil && !due {
			t.Error("nothing is due after the window")
		}
		return err
	}))
}
