package e2e_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/app"
	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/openbadges"
	"github.com/insigne-badges/insigne/campus"
	"github.com/insigne-badges/insigne/store"
)

// climbers is a demo with a ladder, made on the pages: bronze, silver and gold for 50,
// 70 and 90 percent in the quiz. At first nobody has a grade in the quiz.
type climbers struct {
	*demo
	*calendar

	teacher visitor
	session string
	steps   []badges.BadgeID // bronze, silver, gold
}

const zoe = 6

// stepNames are the names of the steps.
var stepNames = []string{"Bronze", "Argent", "Or"}

func newClimbers(t *testing.T, months ...string) *climbers {
	t.Helper()
	c := &climbers{calendar: &calendar{}}
	c.demo = newDemoIn(t, campus.Faults{}, app.DemoConfig{Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Now: c.now})
	for _, p := range c.Campus.Learners() {
		must(t, c.Campus.SetGrade(p.ID, quiz, nil))
	}
	c.start(t)
	c.readTwice(t)
	seeded := c.seededBadge(t)
	must(t, c.App.Store().Tx(t.Context(), func(tx *store.Tx) error {
		return tx.SwitchBadge(t.Context(), seeded.Course, seeded.ID, badges.Off, "3")
	}))
	c.teacher = c.visitor()
	c.session = c.teacher.launch(t, 3)
	after := ""
	for i, name := range stepNames {
		form := url.Values{
			"csrf": {c.teacher.csrf(t, c.session+"/badges/new")}, "name": {name}, "description": {"x"}, "match": {"all"},
			"picture": {string(seeded.Current.Picture)}, "issuer": {string(seeded.Current.Issuer)}, "after": {after},
			"node": {"condition:1"}, "condition": {"activity_grade:3"}, "percent": {fmt.Sprint(50 + 20*i)},
		}
		if i < len(months) {
			form.Set("valid_months", months[i])
		}
		w := c.teacher.post(t, c.session+"/badges/new", form)
		if w.Code != http.StatusSeeOther {
			t.Fatalf("saving %s: %d %s", name, w.Code, said(w))
		}
		page := w.Header().Get("Location")
		after = page[strings.LastIndex(page, "/")+1:]
		c.steps = append(c.steps, badges.BadgeID(after))
	}
	return c
}

func (c *climbers) page(step int) string { return c.session + "/badges/" + string(c.steps[step]) }

// switchOn switches on the lowest step together with the drafts above.
func (c *climbers) switchOn(t *testing.T) {
	t.Helper()
	if text := said(c.teacher.get(t, c.page(0))); !strings.Contains(text, "Activer aussi les niveaux supérieurs : Argent, Or") {
		t.Errorf("the page of bronze says %s", text)
	}
	w := c.teacher.post(t, c.page(0)+"/switch", url.Values{"csrf": {c.teacher.csrf(t, c.page(0))}, "state": {"on"}, "earlier": {"notify"}, "higher": {"on"}})
	if w.Code != http.StatusSeeOther {
		t.Fatalf("switching on: %d %s", w.Code, said(w))
	}
}

// grade gives Zoë a grade in percent.
func (c *climbers) grade(t *testing.T, percent float64) {
	t.Helper()
	must(t, c.Campus.SetGrade(zoe, quiz, &percent))
}

// has returns the states of the newest awards of the steps.
func (c *climbers) has(t *testing.T) string {
	t.Helper()
	var states []string
	for _, id := range c.steps {
		if state, any := c.holders(t, id)["6"]; any {
			states = append(states, string(state))
		} else {
			states = append(states, "-")
		}
	}
	return strings.Join(states, " ")
}

// stand waits until the steps have these states, and checks that they stay so for two
// readings.
func (c *climbers) stand(t *testing.T, want string) {
	t.Helper()
	eventually(t, want, func() bool { return c.has(t) == want })
	c.readTwice(t)
	if got := c.has(t); got != want {
		t.Errorf("the steps are %s, want %s", got, want)
	}
}

func (c *climbers) award(t *testing.T, step int) badges.Assertion {
	t.Helper()
	chain, err := c.App.Store().Chain(t.Context(), c.seededBadge(t).Course, c.steps[step], "6")
	must(t, err)
	if len(chain) == 0 {
		t.Fatalf("no award of %s", stepNames[step])
	}
	return chain[0]
}

// letters returns Zoë's mails about a step, the newest first.
func (c *climbers) letters(step int) (list []campus.Mail) {
	for _, m := range c.Campus.Inbox() {
		if m.To == zoesMail && strings.Contains(m.Subject, "«\u00a0"+stepNames[step]+"\u00a0»") {
			list = append(list, m)
		}
	}
	return list
}

// decide sends a decision with the link of the newest mail about a step.
func (c *climbers) decide(t *testing.T, step int, decision string) (path string) {
	t.Helper()
	eventually(t, "the mail of "+stepNames[step], func() bool { return len(c.letters(step)) > 0 })
	u, err := url.Parse(c.letters(step)[0].Links[0])
	must(t, err)
	if w := c.visitor().post(t, u.Path, url.Values{"decision": {decision}}); w.Code != http.StatusSeeOther {
		t.Fatalf("%s of %s: %d %s", decision, stepNames[step], w.Code, said(w))
	}
	return u.Path
}

func (c *climbers) takeBack(t *testing.T, step int) {
	t.Helper()
	a := c.award(t, step)
	w := c.teacher.post(t, c.page(step)+"/recipients/"+string(a.ID)+"/take-back", url.Values{"csrf": {c.teacher.csrf(t, c.page(step))}, "reason": {"Copie"}})
	if w.Code != http.StatusSeeOther {
		t.Fatalf("taking back: %d %s", w.Code, said(w))
	}
}

// isPublic checks the public page and the documents of an award: valid, or replaced if
// by is not nil.
func (c *climbers) isPublic(t *testing.T, a badges.Assertion, by *badges.Assertion) {
	t.Helper()
	path := "/v/" + string(a.ID)
	page, document := c.visitor().get(t, path), c.visitor().get(t, path+".json")
	picture := c.visitor().get(t, path+".png")
	if by == nil {
		if page.Code != http.StatusOK || !strings.Contains(said(page), "Valid badge") || document.Code != http.StatusOK || picture.Code != http.StatusOK {
			t.Errorf("%d %d %d %s; want a valid badge", page.Code, document.Code, picture.Code, said(page))
		}
		return
	}
	text := said(page)
	if page.Code != http.StatusOK || !strings.Contains(text, "Replaced by the next step") || strings.Contains(text, "Valid badge") || strings.Contains(text, "LinkedIn") {
		t.Errorf("the page of the replaced award: %d %s", page.Code, text)
	}
	if !strings.Contains(page.Body.String(), `href="`+c.url+"/v/"+string(by.ID)+`"`) {
		t.Error("the page has no link to the higher step")
	}
	var revoked openbadges.RevokedAssertion
	if err := json.Unmarshal(document.Body.Bytes(), &revoked); document.Code != http.StatusGone || err != nil || !revoked.Revoked || !strings.Contains(revoked.RevocationReason, "/v/"+string(by.ID)) {
		t.Errorf("the document is %d %s", document.Code, document.Body)
	}
	if picture.Code != http.StatusGone {
		t.Errorf("the picture is answered %d", picture.Code)
	}
	if class := c.visitor().get(t, "/badges/"+string(a.Version)); class.Code != http.StatusOK {
		t.Errorf("the class is answered %d", class.Code)
	}
}

// standing returns the group of the preview that Zoë is in.
func (c *climbers) standing(t *testing.T, step int) badges.Standing {
	t.Helper()
	in, _ := find(c.teacher.get(t, c.page(step)+"/preview").Body.String(), "Zoë Ångström")
	return in.standing
}
