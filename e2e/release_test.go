package e2e_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
)

// secondBadge makes a draft for 50 percent in the quiz. Zoë has it already and Nora has
// not. It returns the path of its page and its id.
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

// TestRetroactive switches a badge on with each retroactive choice. Nobody gets a
// mail that the teacher did not want.
func TestRetroactive(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		retroactive badges.Retroactive
		holds       bool
		mails       int // in addition to the mail of the demo's badge
	}{{badges.RetroactiveNotify, true, 1}, {badges.RetroactiveSilent, true, 0}, {badges.RetroactiveNone, false, 0}} {
		t.Run(string(tt.retroactive), func(t *testing.T) {
			t.Parallel()
			d := runningDemo(t)
			eventually(t, "the demo's mail", func() bool { return d.mailsTo(zoesMail) == 1 })
			v := d.visitor()
			page, id := v.secondBadge(t, v.launch(t, 3))
			if w := v.post(t, page+"/switch", url.Values{"csrf": {v.csrf(t, page)}, "state": {"on"}, "earlier": {string(tt.retroactive)}}); w.Code != http.StatusSeeOther {
				t.Fatalf("switching on: %d %s", w.Code, said(w))
			}
			d.readTwice(t)
			enough := 80.0
			must(t, d.Campus.SetGrade(11, quiz, &enough))
			eventually(t, "Nora's award", func() bool { return d.holders(t, id)["11"] == badges.Pending })
			eventually(t, "Nora's mail", func() bool { return d.mailsTo("nora@example.org") == 1 })
			if _, holds := d.holders(t, id)["6"]; holds != tt.holds {
				t.Errorf("Zoë has it = %v, want %v", holds, tt.holds)
			}
			if tt.mails == 1 {
				eventually(t, "Zoë's mail", func() bool { return d.mailsTo(zoesMail) == 2 })
			} else if n := d.mailsTo(zoesMail); n != 1 {
				t.Errorf("Zoë got %d mails, want only that of the demo's badge", n)
			}
			preview := said(v.get(t, page+"/preview"))
			if tt.retroactive == badges.RetroactiveNone && !strings.Contains(preview, "avant l’activation du badge") {
				t.Errorf("the preview does not say why Zoë gets nothing: %s", preview)
			}
		})
	}
}

// juryDemo is a demo with a clock of its own and a badge in jury mode with a gradebook
// column. Zoë has earned it, and the award is withheld.
type juryDemo struct {
	calendarDemo

	csrf string
	zoes badges.AssertionID
}

func newJuryDemo(t *testing.T) juryDemo {
	t.Helper()
	d := juryDemo{calendarDemo: newCalendarDemo(t)}
	d.csrf = d.teacher.csrf(t, d.page)
	for path, form := range map[string]url.Values{
		"/policy": {"policy": {"ask"}, "jury": {"on"}},
		"/column": {"column": {"on"}},
	} {
		if code := d.act(t, path, form); code != http.StatusSeeOther {
			t.Fatalf("%s: %d", path, code)
		}
	}
	d.act(t, "/switch", url.Values{"state": {"on"}, "earlier": {"notify"}})
	eventually(t, "an award withheld", func() bool { return d.holders(t, d.badge)["6"] == badges.Withheld })
	d.readTwice(t)
	withheld, err := d.App.Store().Withheld(t.Context(), d.seededBadge(t).Course, d.badge, 100)
	must(t, err)
	for _, a := range withheld {
		if a.User == "6" {
			d.zoes = a.ID
		}
	}
	return d
}

// act posts a form of the teacher and returns the status.
func (d *juryDemo) act(t *testing.T, path string, form url.Values) int {
	t.Helper()
	form.Set("csrf", d.csrf)
	return d.teacher.post(t, d.page+path, form).Code
}

// checkHidden checks that only the teacher can see Zoë's award.
func (d *juryDemo) checkHidden(t *testing.T, when string) {
	t.Helper()
	zoe := d.visitor()
	session := zoe.launch(t, 6)
	text := said(zoe.get(t, session+"/mine/"+string(d.badge)))
	if strings.Contains(text, "Débloquer") || !strings.Contains(text, "100 %") || !strings.Contains(text, "L’équipe enseignante décide") {
		t.Errorf("%s, Zoë reads %s; want her progress as if there were no award", when, text)
	}
	if n := len(d.assertions(t, "6")); n != 1 {
		t.Errorf("%s, Zoë sees %d badges, want only that of the demo", when, n)
	}
	if n := d.mailsTo(zoesMail); n != 1 {
		t.Errorf("%s, Zoë has %d mails, want only that of the demo's badge", when, n)
	}
	if _, _, entered := d.Campus.Score(6, "Moitié"); entered {
		t.Errorf("%s, the gradebook shows it", when)
	}
	if w := d.visitor().get(t, "/v/"+string(d.zoes)); w.Code != http.StatusNotFound {
		t.Errorf("%s, its public address is answered %d", when, w.Code)
	}
}

// TestJury withholds awards until the teacher releases them, and undoes a release.
// Until the release has taken effect nothing is visible, and nothing is in the
// gradebook.
func TestJury(t *testing.T) {
	t.Parallel()
	d := newJuryDemo(t)
	if text := said(d.teacher.get(t, d.page)); !strings.Contains(text, "ne le savent pas encore") && !strings.Contains(text, "ne le sait pas encore") {
		t.Errorf("the teacher reads %s", text)
	}
	d.checkHidden(t, "before the release")
	if code := d.act(t, "/release", url.Values{}); code != http.StatusUnprocessableEntity {
		t.Errorf("releasing nobody: %d", code)
	}
	if code := d.act(t, "/release", url.Values{"award": {string(d.zoes), "made-up"}}); code != http.StatusSeeOther {
		t.Fatalf("release: %d", code)
	}
	d.wait(badges.UndoWindow - 30*time.Second)
	d.readTwice(t)
	d.checkHidden(t, "just before the window ends")
	if text := said(d.teacher.get(t, d.page)); !strings.Contains(text, "Revenir en arrière") {
		t.Errorf("the release cannot be undone: %s", text)
	}
	if code := d.act(t, "/release", url.Values{"undo": {"1"}}); code != http.StatusSeeOther {
		t.Fatalf("undo: %d", code)
	}
	if code := d.act(t, "/release", url.Values{"undo": {"1"}}); code != http.StatusConflict {
		t.Errorf("undoing twice: %d", code)
	}
	d.wait(badges.UndoWindow)
	d.readTwice(t)
	d.checkHidden(t, "after a release that was undone")
	if state := d.holders(t, d.badge)["6"]; state != badges.Withheld {
		t.Errorf("after the undo it is %s", state)
	}

	if code := d.act(t, "/release", url.Values{"award": {string(d.zoes)}}); code != http.StatusSeeOther {
		t.Fatalf("second release: %d", code)
	}
	if code := d.act(t, "/release", url.Values{"all": {"1"}}); code != http.StatusSeeOther && code != http.StatusUnprocessableEntity {
		t.Errorf("releasing all others: %d", code)
	}
	d.wait(badges.UndoWindow)
	if code := d.act(t, "/release", url.Values{"undo": {"1"}}); code != http.StatusConflict {
		t.Errorf("undoing after the ten minutes: %d", code)
	}
	eventually(t, "the delivery", func() bool {
		for _, state := range d.holders(t, d.badge) {
			if state != badges.Pending {
				return false
			}
		}
		return true
	})
	eventually(t, "Zoë's mail", func() bool { return d.mailsTo(zoesMail) == 2 })
	eventually(t, "Zoë's grade", func() bool { _, _, entered := d.Campus.Score(6, "Moitié"); return entered })
}

// TestWithdrawnBeforeRelease takes a withheld award back. The learner never knew of it,
// so no score of 0 is sent.
func TestWithdrawnBeforeRelease(t *testing.T) {
	t.Parallel()
	d := newJuryDemo(t)
	if code := d.act(t, "/recipients/"+string(d.zoes)+"/take-back", url.Values{"reason": {"Copie"}}); code != http.StatusSeeOther {
		t.Fatalf("taking back: %d", code)
	}
	d.wait(badges.UndoWindow)
	d.readTwice(t)
	if state := d.holders(t, d.badge)["6"]; state != badges.Withdrawn {
		t.Errorf("it is %s", state)
	}
	if _, _, entered := d.Campus.Score(6, "Moitié"); entered {
		t.Error("the gradebook shows an award that nobody knew of")
	}
	zoe := d.visitor()
	if text := said(zoe.get(t, zoe.launch(t, 6)+"/mine/"+string(d.badge))); !strings.Contains(text, "100 %") || !strings.Contains(text, "L’équipe enseignante décide") {
		t.Errorf("Zoë reads %s; want her progress as if there had been no award", text)
	}
}
