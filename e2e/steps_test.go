package e2e_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
)

// TestClimb follows Zoë: her grade earns bronze, then silver, whose claim replaces
// bronze. Silver is taken back and bronze is restored. Then she earns gold.
func TestClimb(t *testing.T) {
	t.Parallel()
	c := newClimbers(t)
	c.switchOn(t)
	c.readTwice(t)
	if got := c.has(t); got != "- - -" {
		t.Fatalf("without a grade: %s", got)
	}

	c.grade(t, 55)
	c.stand(t, "pending - -")
	c.decide(t, 0, "accept")
	bronze := c.award(t, 0)
	c.isPublic(t, bronze, nil)
	learner := c.visitor()
	mine := learner.launch(t, zoe) + "/mine"
	if text := said(learner.get(t, mine)); !strings.Contains(text, "Niveau suivant : Argent") || !strings.Contains(text, "55 %") || !strings.Contains(text, "Ensuite : Or") || strings.Contains(text, "Niveau suivant : Or") {
		t.Errorf("the learner reads %s", text)
	}

	c.grade(t, 75)
	c.stand(t, "claimed pending -")
	eventually(t, "the mail of silver", func() bool { return len(c.letters(1)) == 1 })
	if text := c.letters(1)[0].Text; !strings.Contains(text, "niveau suivant après «\u00a0Bronze\u00a0»") {
		t.Errorf("the mail says %s", text)
	}
	eventually(t, "the message of silver", func() bool {
		return strings.Contains(fmt.Sprint(c.Campus.Messages(zoe)), "niveau suivant après «\u00a0Bronze\u00a0»")
	})
	c.isPublic(t, bronze, nil)
	path := c.decide(t, 1, "accept")
	silver := c.award(t, 1)
	if got := c.has(t); got != "replaced claimed -" {
		t.Fatalf("silver is claimed: %s", got)
	}
	c.isPublic(t, bronze, &silver)
	c.isPublic(t, silver, nil)
	body := learner.get(t, mine).Body.String()
	if n := strings.Count(body, `<li class="card earned earned-`); n != 1 || !strings.Contains(body, "Niveau suivant\u00a0: Or") || !strings.Contains(body, "Autres niveaux") {
		t.Errorf("%d entries for one badge: %s", n, body)
	}
	if text := said(c.teacher.get(t, c.page(0)+"/recipients?state=replaced")); !strings.Contains(text, "Zoë") || !strings.Contains(text, "Remplacé par un niveau supérieur") {
		t.Errorf("replaced recipients: %s", text)
	}
	if text := said(c.teacher.get(t, c.page(0)+"/recipients/"+string(bronze.ID))); !strings.Contains(text, "Argent") || !strings.Contains(text, "Remplacé par un niveau supérieur") {
		t.Errorf("the teacher reads of bronze: %s", text)
	}
	if table := c.teacher.get(t, c.page(0)+"/recipients.csv").Body.String(); !strings.Contains(table, "Remplacé par un niveau supérieur") {
		t.Errorf("the table says %s", table)
	}
	old, err := url.Parse(c.letters(0)[0].Links[0])
	must(t, err)
	if text := said(c.visitor().get(t, old.Path)); !strings.Contains(text, "Remplacé par le niveau suivant") || !strings.Contains(text, "Argent") {
		t.Errorf("the old link says %s", text)
	}
	for show, want := range map[string]bool{"yes": true, "": false} {
		w := c.visitor().post(t, old.Path, url.Values{"decision": {"accept"}, "show_name": {show}})
		if named := strings.Contains(said(c.visitor().get(t, "/v/"+string(bronze.ID))), "Zoë"); w.Code != http.StatusSeeOther || named != want {
			t.Errorf("the choice to show the name is answered %d, the page of the replaced award names her: %v, want %v", w.Code, named, want)
		}
	}
	if got := c.has(t); got != "replaced claimed -" {
		t.Errorf("after that choice: %s", got)
	}

	c.takeBack(t, 1)
	c.stand(t, "claimed revoked -")
	c.isPublic(t, bronze, nil)
	if w := c.visitor().get(t, "/v/"+string(silver.ID)+".json"); w.Code != http.StatusGone {
		t.Errorf("silver, which was taken back: %d", w.Code)
	}
	if text := said(c.teacher.get(t, c.page(0)+"/recipients/"+string(bronze.ID))); !strings.Contains(text, "De nouveau valable") {
		t.Errorf("the teacher reads of bronze: %s", text)
	}
	if text := said(c.visitor().get(t, path)); !strings.Contains(text, "plus disponible") {
		t.Errorf("the link of silver says %s", text)
	}

	c.grade(t, 95)
	c.stand(t, "claimed revoked pending")
	c.decide(t, 2, "accept")
	gold := c.award(t, 2)
	c.isPublic(t, bronze, &gold)
	c.isPublic(t, gold, nil)
	if n := len(c.letters(0)) + len(c.letters(1)) + len(c.letters(2)); n != 3 {
		t.Errorf("%d mails about three steps", n)
	}
	eventually(t, "a list of badges in steps", func() bool {
		text := said(c.teacher.get(t, c.session+"/badges"))
		first, second, third := strings.Index(text, "Niveau 1 sur 3"), strings.Index(text, "Niveau 2 sur 3"), strings.Index(text, "Niveau 3 sur 3")
		return first >= 0 && first < second && second < third
	})
}

// TestGoldStraightAway checks that a learner who meets the highest rule at once gets
// only that step and one notice, and no lower step later.
func TestGoldStraightAway(t *testing.T) {
	t.Parallel()
	c := newClimbers(t)
	c.grade(t, 95)
	for step, want := range []badges.Standing{badges.Above, badges.Above, badges.Earns} {
		if got := c.standing(t, step); got != want {
			t.Errorf("the preview of %s has Zoë under %q, want %q", stepNames[step], got, want)
		}
	}
	c.switchOn(t)
	c.stand(t, "- - pending")
	c.decide(t, 2, "accept")
	c.stand(t, "- - claimed")
	if n := len(c.letters(0)) + len(c.letters(1)); n != 0 {
		t.Errorf("%d mails about lower steps", n)
	}
	if text := c.letters(2)[0].Text; strings.Contains(text, "niveau suivant") {
		t.Errorf("the mail speaks of a lower step: %s", text)
	}
	if got := c.standing(t, 0); got != badges.Above {
		t.Errorf("the preview of bronze has Zoë under %q", got)
	}
	text := said(c.teacher.post(t, c.page(0)+"/award", url.Values{"csrf": {c.teacher.csrf(t, c.page(0))}, "do": {"check"}, "list": {zoesMail}}))
	if !strings.Contains(text, "A déjà un niveau supérieur") {
		t.Errorf("by hand: %s", text)
	}
}

// TestStepsAfterTheAward checks the rows of docs/after-the-award.md about steps.
func TestStepsAfterTheAward(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		happens func(t *testing.T, c *climbers)
		states  string
		mails   []int // number of Zoë's mails at the end, by step
	}{
		"the lower waits": {func(t *testing.T, c *climbers) {
			c.grade(t, 55)
			c.stand(t, "pending - -")
			eventually(t, "the mail", func() bool { return len(c.letters(0)) == 1 })
			c.grade(t, 75)
		}, "replaced pending -", []int{1, 1, 0}},
		"the higher is declined": {func(t *testing.T, c *climbers) {
			c.grade(t, 55)
			c.stand(t, "pending - -")
			eventually(t, "the mail", func() bool { return len(c.letters(0)) == 1 })
			c.grade(t, 75)
			c.decide(t, 1, "decline")
		}, "pending declined -", []int{1, 1, 0}},
		"the higher, which came first, is declined": {func(t *testing.T, c *climbers) {
			c.grade(t, 95)
			c.decide(t, 2, "decline")
		}, "- - declined", []int{0, 0, 1}},
		"the policy withdraws the higher": {func(t *testing.T, c *climbers) {
			for _, id := range c.steps {
				must(t, c.App.Store().Tx(t.Context(), func(tx *store.Tx) error {
					return tx.SetPolicy(t.Context(), c.seededBadge(t).Course, id, badges.TakeBack, "3")
				}))
			}
			c.grade(t, 95)
			c.stand(t, "- - pending")
			eventually(t, "the mail", func() bool { return len(c.letters(2)) == 1 })
			c.grade(t, 75)
		}, "- pending withdrawn", []int{0, 1, 1}},
		"the higher, claimed at once, is revoked": {func(t *testing.T, c *climbers) {
			c.grade(t, 95)
			c.decide(t, 2, "accept")
			c.takeBack(t, 2)
		}, "- pending revoked", []int{0, 1, 1}},
		"withheld, then released": {func(t *testing.T, c *climbers) {
			must(t, c.App.Store().Tx(t.Context(), func(tx *store.Tx) error {
				return tx.SetJury(t.Context(), c.seededBadge(t).Course, c.steps[2], true, "3")
			}))
			c.grade(t, 75)
			c.stand(t, "- pending -")
			eventually(t, "the mail", func() bool { return len(c.letters(1)) == 1 })
			c.grade(t, 95)
			c.stand(t, "- pending withheld")
			w := c.teacher.post(t, c.page(2)+"/release", url.Values{"csrf": {c.teacher.csrf(t, c.page(2))}, "award": {string(c.award(t, 2).ID)}})
			if w.Code != http.StatusSeeOther {
				t.Errorf("releasing: %d %s", w.Code, said(w))
			}
			c.readTwice(t)
			c.stand(t, "- pending withheld") // as long as the release can be undone
			c.wait(badges.UndoWindow)
		}, "- replaced pending", []int{0, 1, 1}},
		"the middle step is off": {func(t *testing.T, c *climbers) {
			w := c.teacher.post(t, c.page(1)+"/switch", url.Values{"csrf": {c.teacher.csrf(t, c.page(1))}, "state": {"off"}})
			if w.Code != http.StatusSeeOther {
				t.Errorf("switching off: %d %s", w.Code, said(w))
			}
			c.grade(t, 75)
		}, "pending - -", []int{1, 0, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClimbers(t)
			c.switchOn(t)
			tt.happens(t, c)
			c.stand(t, tt.states)
			eventually(t, "the mails", func() bool {
				return len(c.letters(0)) == tt.mails[0] && len(c.letters(1)) == tt.mails[1] && len(c.letters(2)) == tt.mails[2]
			})
		})
	}
}

// TestStepsThatEnd checks that no lower step is restored when a higher one expires,
// that the old evidence earns no lower step, and that newer evidence earns the highest
// step that it meets.
func TestStepsThatEnd(t *testing.T) {
	t.Parallel()
	c := newClimbers(t, "", "", "1")
	c.switchOn(t)
	c.grade(t, 55)
	c.decide(t, 0, "accept")
	c.grade(t, 95)
	c.decide(t, 2, "accept")
	bronze, gold := c.award(t, 0), c.award(t, 2)
	c.isPublic(t, bronze, &gold)
	c.jump(40)
	c.teacher = c.visitor()
	c.session = c.teacher.launch(t, 3)
	c.stand(t, "replaced - claimed")
	c.isPublic(t, bronze, &gold)
	if text := said(c.visitor().get(t, "/v/"+string(gold.ID))); !strings.Contains(text, "Expired on") {
		t.Errorf("gold has expired: %s", text)
	}
	c.grade(t, 76)
	c.stand(t, "replaced pending claimed")
	if n := len(c.letters(0)); n != 1 {
		t.Errorf("%d mails about bronze", n)
	}
}

// TestStepsOnThePages makes steps, refuses some, and takes a step out.
func TestStepsOnThePages(t *testing.T) {
	t.Parallel()
	c := newClimbers(t)
	page := c.teacher.get(t, c.session+"/badges/new?after="+string(c.steps[2]))
	if text := said(page); page.Code != http.StatusOK || !strings.Contains(text, "Niveau suivant après « Or »") || !strings.Contains(page.Body.String(), `value="90"`) {
		t.Errorf("the form of the next step: %d %s", page.Code, text)
	}
	for name, tt := range map[string]struct {
		after  string
		status int
	}{
		"one that has a next step": {string(c.steps[0]), http.StatusConflict},
		"none that exists":         {"0195a1f0-0000-7000-8000-000000000001", http.StatusNotFound},
		"no id":                    {"'; drop table badges", http.StatusNotFound},
	} {
		if w := c.teacher.get(t, c.session+"/badges/new?after="+url.QueryEscape(tt.after)); w.Code != tt.status {
			t.Errorf("the form after %s: %d", name, w.Code)
		}
		form := url.Values{"csrf": {c.teacher.csrf(t, c.session+"/badges/new")}, "after": {tt.after}}
		if w := c.teacher.post(t, c.session+"/badges/new", form); w.Code != tt.status {
			t.Errorf("saving after %s: %d", name, w.Code)
		}
	}
	seeded := c.seededBadge(t)
	same := url.Values{
		"csrf": {c.teacher.csrf(t, c.session+"/badges/new")}, "name": {"Or encore"}, "description": {"x"}, "match": {"all"},
		"picture": {string(seeded.Current.Picture)}, "issuer": {string(seeded.Current.Issuer)}, "after": {string(c.steps[2])},
		"node": {"condition:1"}, "condition": {"activity_grade:3"}, "percent": {"90"},
	}
	if w := c.teacher.post(t, c.session+"/badges/new", same); w.Code != http.StatusUnprocessableEntity || !strings.Contains(said(w), "demande la même chose") {
		t.Errorf("a step that asks for the same: %d %s", w.Code, said(w))
	}

	leave := func(step int) int {
		return c.teacher.post(t, c.page(step)+"/leave-steps", url.Values{"csrf": {c.teacher.csrf(t, c.page(step))}}).Code
	}
	if code := leave(1); code != http.StatusSeeOther {
		t.Errorf("taking the middle step out: %d", code)
	}
	if text := said(c.teacher.get(t, c.page(0))); strings.Contains(text, "Argent") || !strings.Contains(text, "Or") {
		t.Errorf("the gap is not closed: %s", text)
	}
	w := c.teacher.post(t, c.page(0)+"/switch", url.Values{"csrf": {c.teacher.csrf(t, c.page(0))}, "state": {"on"}})
	if w.Code != http.StatusSeeOther {
		t.Fatal(said(w))
	}
	if code := leave(0); code != http.StatusConflict {
		t.Errorf("taking out a step that is on: %d", code)
	}
}

// TestStepsTakenOver copies a ladder with its course.
func TestStepsTakenOver(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	v := d.visitor()
	v.launchWith(t, 3, otherCourse)
	here := d.seededBadge(t).Course
	source := badges.CourseKey{Platform: here.Platform, Context: "77"}
	var originals []badges.BadgeID
	must(t, d.App.Store().Tx(t.Context(), func(tx *store.Tx) error {
		for i := range 3 {
			b, err := tx.CreateBadge(t.Context(), source, d.seededBadge(t).Current.Content, "3")
			if err != nil {
				return err
			}
			if i > 0 {
				if err := tx.SetStep(t.Context(), source, b.ID, originals[i-1], "3"); err != nil {
					return err
				}
			}
			originals = append(originals, b.ID)
		}
		return nil
	}))
	list := sessionOf(v.launchWith(t, 3, func(c map[string]any) { c[ltiClaim+"custom"] = map[string]string{"context_history": "77"} })) + "/badges"
	if w := v.post(t, list+"/take-over", url.Values{"csrf": {v.csrf(t, list)}, "source": {"77"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("taking over: %d %s", w.Code, said(w))
	}
	steps, err := d.App.Store().Steps(t.Context(), here)
	must(t, err)
	var copies []badges.BadgeID
	for _, id := range originals {
		copied, err := d.App.Store().CopyOf(t.Context(), here, id)
		must(t, err)
		copies = append(copies, copied)
	}
	if got := steps.Ladder(copies[0]); strings.Join(strs(got), " ") != strings.Join(strs(copies), " ") {
		t.Errorf("the copies are in steps %v, want %v", got, copies)
	}
}
