package e2e_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/openbadges"
	"github.com/insigne-badges/insigne/store"
)

// TestWhyIsTheLearnersToShow claims a badge, then gives and withdraws the consent to
// show the evidence. The page, the document and the picture follow; nothing else
// changes.
func TestWhyIsTheLearnersToShow(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	link := d.claimPath(t, zoesMail)
	a := d.assertions(t, "6")[0]
	if len(a.Facts) == 0 || a.ShowFacts {
		t.Fatalf("assertion = %+v, want facts that are not public", a)
	}
	if page := said(d.visitor().get(t, link)); !strings.Contains(page, "carnet de notes de Moodle") {
		t.Errorf("the claim page does not say why: %s", page)
	}
	for _, step := range []struct {
		name  string
		form  url.Values
		shown bool
	}{
		{"by default", url.Values{"decision": {"accept"}, "show_name": {"yes"}}, false},
		{"with consent", url.Values{"decision": {"accept"}, "show_facts": {"yes"}}, true},
		{"after it was withdrawn", url.Values{"decision": {"accept"}, "show_name": {"yes"}}, false},
	} {
		if w := d.visitor().post(t, link, step.form); w.Code != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", step.name, w.Code, said(w))
		}
		page := d.visitor().get(t, "/v/"+string(a.ID)+"?lang=fr")
		if got := strings.Contains(said(page), "carnet de notes de Moodle"); got != step.shown {
			t.Errorf("%s: the page shows the facts: %v", step.name, got)
		}
		picture, err := openbadges.UnbakePNG(d.visitor().get(t, "/v/"+string(a.ID)+".png").Body.Bytes())
		must(t, err)
		for what, document := range map[string][]byte{"document": d.visitor().get(t, "/v/"+string(a.ID)+".json").Body.Bytes(), "picture": picture.OB2} {
			var read openbadges.Assertion
			must(t, json.Unmarshal(document, &read))
			if got := len(read.Evidence) == len(a.Facts); got != step.shown || !step.shown && strings.Contains(string(document), "evidence") {
				t.Errorf("%s: the %s has %s", step.name, what, document)
			}
			if step.shown && (read.Evidence[0].Type != "Evidence" || read.Evidence[0].Name == "" || !strings.Contains(read.Evidence[0].Narrative, "Moodle")) {
				t.Errorf("%s: evidence = %+v", step.name, read.Evidence[0])
			}
		}
	}
	v := d.visitor()
	if page := said(v.get(t, v.launch(t, 6)+"/mine")); !strings.Contains(page, "carnet de notes de Moodle") {
		t.Errorf("her own page does not say why: %s", page)
	}
}

// TestAwardPage opens the page of an award as its teacher, and at addresses that do not
// belong to it.
func TestAwardPage(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	d.visitor().post(t, d.claimPath(t, zoesMail), url.Values{"decision": {"accept"}})
	badge, a := d.seededBadge(t), d.assertions(t, "6")[0]
	award := "/badges/" + string(badge.ID) + "/recipients/" + string(a.ID)
	v := d.visitor()
	session := v.launch(t, 3)
	w := v.get(t, session+award)
	for _, want := range []string{"Zoë", "carnet de notes de Moodle", "Attribué", "la règle", "Accepté", "Courriel"} {
		if !strings.Contains(said(w), want) {
			t.Errorf("the award's page, %d, does not say %s: %s", w.Code, want, said(w))
		}
	}
	if list := v.get(t, session+"/badges/"+string(badge.ID)).Body.String(); !strings.Contains(list, award) {
		t.Error("the list of recipients has no link to it")
	}
	there, learner := d.visitor(), d.visitor()
	other := sessionOf(there.launchWith(t, 3, otherCourse))
	for _, path := range []string{award, "/badges/" + string(badge.ID) + "/recipients"} {
		if w := there.get(t, other+path); w.Code != http.StatusNotFound {
			t.Errorf("from another course %s is answered %d", path, w.Code)
		}
	}
	nobody := strings.Replace(award, string(a.ID), uuid.NewString(), 1)
	elsewhere := strings.Replace(award, string(badge.ID), d.draft(t), 1)
	for _, path := range []string{nobody, elsewhere, "/badges/" + string(badge.ID) + "/recipients?after=" + uuid.NewString()} {
		if w := v.get(t, session+path); w.Code != http.StatusNotFound {
			t.Errorf("%s is answered %d", path, w.Code)
		}
	}
	if w := v.get(t, session+"/badges/"+string(badge.ID)+"/recipients?name=%00"); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("an unreadable name is answered %d", w.Code)
	}
	if w := learner.get(t, learner.launch(t, 6)+award); w.Code != http.StatusForbidden {
		t.Errorf("a learner opens the teacher's page: %d", w.Code)
	}
}

var (
	moreRow = regexp.MustCompile(`hx-get="(/c/[^"]+after=[^"]+)"`)
	nameRow = regexp.MustCompile(`<bdi>(Personne \d+)</bdi>`)
)

// TestManyRecipients reads 120 recipients page by page, and filters them.
func TestManyRecipients(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	badge := d.seededBadge(t)
	var batch []badges.Assertion
	for i := range 120 {
		batch = append(batch, badges.Assertion{
			ID: badges.AssertionID(uuid.NewString()), Course: badge.Course, Badge: badge.ID, Version: badge.Current.ID, User: badges.UserID(fmt.Sprint("many-", i)),
			State: badges.Pending, Salt: "s", Recipient: badges.Recipient{Name: fmt.Sprintf("Personne %03d", i), Email: fmt.Sprintf("p%d@example.org", i)},
		})
	}
	must(t, d.App.Store().Tx(t.Context(), func(tx *store.Tx) error {
		if _, err := d.awards().Award(t.Context(), tx, batch); err != nil {
			return err
		}
		for _, a := range batch[:7] {
			if _, err := d.awards().Claim(t.Context(), tx, a.ID, false, false); err != nil {
				return err
			}
		}
		return nil
	}))
	v := d.visitor()
	page := v.launch(t, 3) + "/badges/" + string(badge.ID)
	seen := map[string]int{}
	pages := 0
	for next := page; next != ""; pages++ {
		w := v.get(t, next)
		if w.Code != http.StatusOK || pages > 5 {
			t.Fatalf("page %d is answered %d", pages, w.Code)
		}
		body := w.Body.String()
		if pages > 0 && strings.Contains(body, "<html") {
			t.Error("a further page is a whole document")
		}
		rows := nameRow.FindAllStringSubmatch(body, -1)
		if len(rows) > 50 {
			t.Errorf("page %d shows %d recipients", pages, len(rows))
		}
		for _, row := range rows {
			seen[row[1]]++
		}
		next = ""
		if more := moreRow.FindStringSubmatch(body); more != nil {
			next = strings.ReplaceAll(more[1], "&amp;", "&")
		}
	}
	if len(seen) != 120 || pages != 3 {
		t.Errorf("%d recipients on %d pages, want 120 on 3", len(seen), pages)
	}
	for name, n := range seen {
		if n != 1 {
			t.Errorf("%s is there %d times", name, n)
		}
	}
	for query, want := range map[string]int{"state=claimed&name=personne": 7, "name=personne+00": 10, "name=PERSONNE+11&state=pending": 10, "name=nobody": 0} {
		w := v.get(t, page+"/recipients?"+query)
		if rows := nameRow.FindAllString(w.Body.String(), -1); len(rows) != want || !strings.Contains(said(w), fmt.Sprint(want, " sur 12")) {
			t.Errorf("%s finds %d: %s", query, len(rows), said(w))
		}
	}
}
