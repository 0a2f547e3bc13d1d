package e2e_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
)

// TestPassedOverIsTold checks the page of a learner who met the rule before the badge
// was switched on and is passed over. It says why they do not get the badge, and not
// that everything is done, until a teacher awards it.
func TestPassedOverIsTold(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	teacher := d.visitor()
	page, id := teacher.secondBadge(t, teacher.launch(t, 3))
	w := teacher.post(t, page+"/switch", url.Values{"csrf": {teacher.csrf(t, page)}, "state": {"on"}, "earlier": {string(badges.RetroactiveNone)}})
	if w.Code != http.StatusSeeOther {
		t.Fatalf("switching on: %d %s", w.Code, said(w))
	}
	d.readTwice(t)
	learner := d.visitor()
	mine := learner.launch(t, zoe) + "/mine"
	w = learner.get(t, mine)
	text := said(w)
	if !strings.Contains(text, "Vous remplissiez les conditions de ce badge avant son activation") || !strings.Contains(text, "peut encore vous le décerner") {
		t.Errorf("the learner reads %s", text)
	}
	if strings.Contains(w.Body.String(), "<progress") || strings.Contains(text, "100 %") {
		t.Errorf("the learner sees progress although they cannot earn the badge: %s", text)
	}
	if text := said(teacher.get(t, page[:strings.Index(page, "/badges/")]+"/learners/6")); !strings.Contains(text, "Remplissait la règle avant l’activation du badge") || strings.Contains(text, "Vous remplissiez") {
		t.Errorf("the teacher reads of Zoë %s", text)
	}
	if why := d.previewOf(t, teacher, page, "Zoë Ångström"); why.standing != badges.Cannot || !strings.Contains(why.text, "avant l’activation du badge") {
		t.Errorf("the preview says %+v", why)
	}

	form := url.Values{"csrf": {teacher.csrf(t, page)}, "do": {"award"}, "learner": {"6"}}
	if w := teacher.post(t, page+"/award", form); w.Code != http.StatusSeeOther {
		t.Fatalf("awarding by hand: %d %s", w.Code, said(w))
	}
	if d.holders(t, id)["6"] != badges.Pending {
		t.Errorf("awarded by hand, Zoë has %s", d.holders(t, id)["6"])
	}
	if text := said(learner.get(t, mine)); strings.Contains(text, "avant son activation") || !strings.Contains(text, "Moitié En attente de réponse") {
		t.Errorf("after the award by hand the learner reads %s", text)
	}
	if holds := d.previewOf(t, teacher, page, "Zoë Ångström"); holds.standing != badges.Holds {
		t.Errorf("after the award by hand the preview says %+v", holds)
	}
}

// TestPreviewOfHolders checks that the preview shows the state and the date of awards,
// and no conditions that are not met.
func TestPreviewOfHolders(t *testing.T) {
	t.Parallel()
	d := newLastingDemo(t)
	const name = "Zoë Ångström"
	holds := func(state, when string) {
		t.Helper()
		got := d.previewOf(t, d.teacher, d.page, name)
		if got.standing != badges.Holds || !strings.Contains(got.text, state) || !strings.Contains(got.text, when) {
			t.Errorf("the preview says %+v, want that she has it, %s, %s", got, state, when)
		}
		if strings.Contains(got.body, "criterion") {
			t.Errorf("the preview lists conditions of somebody who has the badge: %s", got.text)
		}
		to := link.FindStringSubmatch(got.body)
		if to == nil {
			t.Fatalf("no link to the award: %s", got.body)
		}
		if text := said(d.teacher.get(t, to[1])); !strings.Contains(text, name) || !strings.Contains(text, state) {
			t.Errorf("%s says %s", to[1], text)
		}
	}
	holds("En attente de réponse", "depuis le")
	d.claim(t, 1)
	holds("Accepté", "valable jusqu’au")

	d.later(t, 20) // shortly before the end she can earn it again
	d.readTwice(t)
	again := d.previewOf(t, d.teacher, d.page, name)
	if again.standing != badges.Holds || !strings.Contains(again.text, "depuis le") || !strings.Contains(again.text, "Pour l’obtenir à nouveau : À faire :") {
		t.Errorf("shortly before the end the preview says %+v", again)
	}
	edited := url.Values{"badge": {string(d.badge)}}
	for key, values := range d.form {
		edited[key] = values
	}
	edited.Set("csrf", d.teacher.csrf(t, d.page+"/edit"))
	body := d.teacher.post(t, d.page[:strings.Index(d.page, "/badges/")]+"/badges/preview", edited).Body.String()
	if got := previewed(t, body, name); got.standing != badges.Holds || link.MatchString(got.body) {
		t.Errorf("beside the form the preview says %+v; a link would lose what was typed", got)
	}
}

// TestPreviewOfWhoDoesNotHold checks that learners who declined the badge, or whose
// award was taken back, do not count as having it.
func TestPreviewOfWhoDoesNotHold(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		happens func(t *testing.T, d *demo, a badges.Assertion)
		preview string
		mine    string
		closed  bool // her page says why, with her earned badges
	}{
		"declined": {func(t *testing.T, d *demo, _ badges.Assertion) {
			d.visitor().post(t, d.claimPath(t, zoesMail), url.Values{"decision": {"decline"}})
		}, "A refusé le badge", "L’accepter finalement", false},
		"withdrawn": {func(t *testing.T, d *demo, a badges.Assertion) { d.takeBack(t, a, "3") }, "Attribution retirée par une personne qui enseigne", "Seule une personne qui enseigne peut vous le décerner", true},
		"revoked": {func(t *testing.T, d *demo, a badges.Assertion) {
			d.visitor().post(t, d.claimPath(t, zoesMail), url.Values{"decision": {"accept"}})
			d.takeBack(t, a, "3")
		}, "Attribution retirée par une personne qui enseigne", "Révoqué", false},
		"withdrawn by the policy": {func(t *testing.T, d *demo, a badges.Assertion) {
			low := 10.0
			must(t, d.Campus.SetGrade(zoe, quiz, &low))
			d.setPolicy(t, badges.TakeBack)
			eventually(t, "the withdrawal", func() bool { return d.assertions(t, "6")[0].State == badges.Withdrawn })
		}, "Retiré, car les preuves ne sont plus là", "vos résultats ne montrent plus ce qu’il demande", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := runningDemo(t)
			tt.happens(t, d, d.assertions(t, "6")[0])
			teacher, learner := d.visitor(), d.visitor()
			page := teacher.launch(t, 3) + "/badges/" + string(d.seededBadge(t).ID)
			if got := d.previewOf(t, teacher, page, "Zoë Ångström"); got.standing != badges.Cannot || !strings.Contains(got.text, tt.preview) || strings.Contains(got.body, "criterion") {
				t.Errorf("the preview says %+v, want %q", got, tt.preview)
			}
			w := learner.get(t, learner.launch(t, zoe)+"/mine")
			if text := said(w); !strings.Contains(text, tt.mine) || strings.Contains(text, "Autres badges de ce cours") != tt.closed || strings.Contains(w.Body.String(), "<progress") {
				t.Errorf("the learner reads %s, want %q", text, tt.mine)
			}
		})
	}
}

// seen is what a preview shows about one learner.
type seen struct {
	standing badges.Standing
	text     string
	body     string
}

var link = regexp.MustCompile(`<a href="([^"]+)"`)

// previewOf returns what the preview of a saved badge shows about a learner.
func (d *demo) previewOf(t *testing.T, teacher visitor, page, name string) seen {
	t.Helper()
	return previewed(t, teacher.get(t, page+"/preview").Body.String(), name)
}

func previewed(t *testing.T, body, name string) seen {
	t.Helper()
	in, found := find(body, name)
	if !found {
		t.Fatalf("%s is not in the preview: %s", name, body)
	}
	return in
}

// find finds a learner in a preview.
func find(body, name string) (seen, bool) {
	for _, group := range strings.Split(body, `class="preview-group preview-`)[1:] {
		standing, _, _ := strings.Cut(group, `"`)
		for _, learner := range strings.Split(group, `<div class="preview-name">`)[1:] {
			if strings.Contains(html.UnescapeString(learner), name) {
				return seen{badges.Standing(standing), textOf(learner), learner}, true
			}
		}
	}
	return seen{}, false
}
