package e2e_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/app"
	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/openbadges"
	"github.com/insigne-badges/insigne/campus"
	"github.com/insigne-badges/insigne/store"
)

// lastingDemo is a demo with a clock of its own and a badge that is valid for a month.
// The badge needs 50 percent in the quiz; Zoë has 92.
type lastingDemo struct {
	calendarDemo

	form url.Values
}

func newLastingDemo(t *testing.T) lastingDemo {
	t.Helper()
	d := lastingDemo{calendarDemo: newCalendarDemo(t)}
	seeded := d.seededBadge(t)
	d.form = url.Values{
		"csrf": {d.teacher.csrf(t, d.page+"/edit")}, "name": {"Moitié"}, "description": {"x"}, "match": {"all"},
		"picture": {string(seeded.Current.Picture)}, "issuer": {string(seeded.Current.Issuer)},
		"node": {"condition:1"}, "condition": {"activity_grade:3"}, "percent": {"50"}, "valid_months": {"1"},
	}
	if w := d.teacher.post(t, d.page+"/edit", d.form); w.Code != http.StatusSeeOther {
		t.Fatalf("saving: %d %s", w.Code, said(w))
	}
	d.turn(t, "on")
	eventually(t, "Zoë's award", func() bool { return len(d.chain(t)) == 1 })
	return d
}

func (d lastingDemo) turn(t *testing.T, state string) {
	t.Helper()
	w := d.teacher.post(t, d.page+"/switch", url.Values{"csrf": {d.teacher.csrf(t, d.page)}, "state": {state}, "earlier": {"notify"}})
	if w.Code != http.StatusSeeOther {
		t.Fatalf("switching %s: %d %s", state, w.Code, said(w))
	}
}

// later moves the clock forward. Sessions expire, so the teacher opens Insigne again.
func (d *lastingDemo) later(t *testing.T, days int) {
	t.Helper()
	d.jump(days)
	d.teacher = d.visitor()
	d.page = d.teacher.launch(t, 3) + d.page[strings.Index(d.page, "/badges/"):]
}

// chain returns Zoë's awards of the badge, the newest first.
func (d lastingDemo) chain(t *testing.T) []badges.Assertion {
	t.Helper()
	chain, err := d.App.Store().Chain(t.Context(), d.seededBadge(t).Course, d.badge, "6")
	must(t, err)
	return chain
}

// letters returns Zoë's mails about the badge, the newest first.
func (d lastingDemo) letters() []campus.Mail {
	var list []campus.Mail
	for _, m := range d.Campus.Inbox() {
		if m.To == zoesMail && strings.Contains(m.Subject, "Moitié") {
			list = append(list, m)
		}
	}
	return list
}

// claim claims the badge with the link of the newest mail.
func (d lastingDemo) claim(t *testing.T, letters int) (path string) {
	t.Helper()
	eventually(t, "the mail", func() bool { return len(d.letters()) == letters })
	u, err := url.Parse(d.letters()[0].Links[0])
	must(t, err)
	if w := d.visitor().post(t, u.Path, url.Values{"decision": {"accept"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("claiming: %d %s", w.Code, said(w))
	}
	return u.Path
}

// another runs the background work of one more process on the same database, until stop
// is called.
func (d lastingDemo) another(t *testing.T) (stop func()) {
	t.Helper()
	s, err := app.New(t.Context(), d.Config, quickPace())
	must(t, err)
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- s.Work(ctx) }()
	return func() {
		cancel()
		if err := errors.Join(<-ended, s.Close()); err != nil {
			t.Errorf("the other process ended with %v", err)
		}
	}
}

func (d lastingDemo) reads(t *testing.T, path, want string) {
	t.Helper()
	if text := said(d.visitor().get(t, path)); !strings.Contains(text, want) {
		t.Errorf("%s says %s; want %q", path, text, want)
	}
}

// TestExpiry follows a badge that is valid for a month. It is awarded and claimed.
// Three processes send the learner only one reminder. The old evidence does not renew
// it, a newer grade does. Both awards are shown, and then they expire.
func TestExpiry(t *testing.T) {
	t.Parallel()
	d := newLastingDemo(t)
	path := d.claim(t, 1)
	first := d.chain(t)[0]
	month := badges.Content{ValidMonths: 1}
	if ends := month.Ends(first.AwardedAt); !first.ExpiresAt.Equal(ends) {
		t.Fatalf("ends %s, want %s", first.ExpiresAt, ends)
	}
	public := "/v/" + string(first.ID)
	d.checkDocument(t, public, first.ExpiresAt, openbadges.Valid)
	d.reads(t, public, "Valid badge, until ")
	if body := d.visitor().get(t, public).Body.String(); !strings.Contains(body, "expirationYear="+first.ExpiresAt.Format("2006")) || !strings.Contains(body, "expirationMonth="+first.ExpiresAt.Format("1")+"&") {
		t.Error("the link to LinkedIn does not have the end")
	}

	d.later(t, 10)
	d.readTwice(t)
	if n := len(d.letters()); n != 1 {
		t.Errorf("%d mails after ten days, want that of the award", n)
	}

	stop := d.another(t)
	messages := len(d.Campus.Messages(6))
	d.later(t, 10)
	eventually(t, "the reminder", func() bool { return len(d.letters()) == 2 && len(d.Campus.Messages(6)) == messages+1 })
	stop()
	d.another(t)()
	stop = d.another(t)
	d.readTwice(t)
	d.workEnds(t)
	stop()
	if letters := d.letters(); len(letters) != 2 || !strings.Contains(letters[0].Subject, "se termine") || !strings.Contains(letters[0].Text, "50 %") || len(d.Campus.Messages(6)) != messages+1 {
		t.Errorf("%d mails, the last %q: %s; %d messages; want one reminder by each", len(letters), letters[0].Subject, letters[0].Text, len(d.Campus.Messages(6))-messages)
	}
	if u, err := url.Parse(d.letters()[0].Links[0]); err != nil || u.Path != path {
		t.Errorf("the reminder leads to %v, want %s", u, path)
	}
	d.reads(t, path, "obtenir ce badge à nouveau dans son cours")
	if n := len(d.chain(t)); n != 1 {
		t.Fatalf("%d awards: renewed by what earned the first", n)
	}
	zoe := d.visitor()
	if w := zoe.get(t, zoe.launch(t, 6)+"/mine"); !strings.Contains(said(w), "seul compte ce qui a lieu après") || !strings.Contains(w.Body.String(), `<progress max="100" value="0"`) {
		t.Errorf("the learner reads %s", said(w))
	}
	d.previews(t, "Zoë Ångström", badges.Holds)

	better := 95.0
	must(t, d.Campus.SetGrade(6, quiz, &better))
	eventually(t, "the renewal", func() bool { return len(d.chain(t)) == 2 })
	if body := d.visitor().get(t, public).Body.String(); strings.Contains(body, "newer") {
		t.Error("the public page shows an award that was not claimed")
	}
	d.claim(t, 3)
	second := d.chain(t)[0]
	if second.Previous != first.ID || second.EvidenceAfter.Before(first.AwardedAt) || len(second.Facts) != 1 || second.Facts[0].Percent != better {
		t.Errorf("the renewal is %+v", second)
	}
	d.reads(t, public, "There is a newer award")
	d.reads(t, "/v/"+string(second.ID), "Earlier award of this badge")
	if text := said(d.teacher.get(t, d.page+"/recipients/"+string(second.ID))); !strings.Contains(text, "Toutes les attributions de ce badge") || !strings.Contains(text, "affichée ici") {
		t.Errorf("the teacher reads %s", text)
	}
	if text := said(zoe.get(t, zoe.launch(t, 6)+"/mine")); !strings.Contains(text, "Attributions précédentes") {
		t.Errorf("the learner reads %s", text)
	}
	d.readTwice(t)
	if n := len(d.chain(t)); n != 2 {
		t.Errorf("%d awards by one grade", n)
	}

	d.later(t, 15)
	d.checkDocument(t, public, first.ExpiresAt, openbadges.Expired)
	d.checkDocument(t, "/v/"+string(second.ID), second.ExpiresAt, openbadges.Valid)
	d.reads(t, public, "Expired on ")
	d.later(t, 45)
	d.previews(t, "Zoë Ångström", badges.NotYet)
	if text := said(d.teacher.get(t, d.page+"/recipients?state=expired")); !strings.Contains(text, "expiré le") || strings.Count(text, "Zoë") != 1 {
		t.Errorf("who has expired: %s", text)
	}
	csv := d.teacher.get(t, d.page+"/recipients.csv").Body.String()
	if !strings.Contains(csv, first.ExpiresAt.Format(time.DateOnly)) || !strings.Contains(csv, second.ExpiresAt.Format(time.DateOnly)) {
		t.Errorf("the table says %s", csv)
	}
}

// previews checks that the preview has a learner in the group of a standing.
func (d lastingDemo) previews(t *testing.T, name string, want badges.Standing) {
	t.Helper()
	body := d.teacher.get(t, d.page+"/preview").Body.String()
	for _, group := range strings.Split(body, `class="preview-group preview-`)[1:] {
		standing, _, _ := strings.Cut(group, `"`)
		if strings.Contains(group, name) {
			if badges.Standing(standing) != want {
				t.Errorf("%s is under %s, want %s", name, standing, want)
			}
			return
		}
	}
	t.Errorf("%s is not in the preview: %s", name, body)
}

// checkDocument verifies the hosted document.
func (d lastingDemo) checkDocument(t *testing.T, path string, ends time.Time, want openbadges.Status) {
	t.Helper()
	var document struct{ Expires time.Time }
	body := d.visitor().get(t, path+".json").Body.Bytes()
	if err := json.Unmarshal(body, &document); err != nil || !document.Expires.Equal(ends.Truncate(time.Second)) {
		t.Errorf("expires %s (%v), want %s", document.Expires, err, ends)
	}
	report, err := openbadges.Verify(t.Context(), []byte(d.url+path), func(ctx context.Context, address string) ([]byte, error) {
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, strings.TrimPrefix(address, d.url), nil)
		r.Header.Set("Accept", "application/ld+json")
		return d.visitor().do(t, r).Body.Bytes(), nil
	}, d.now())
	if err != nil || report.Status != want {
		t.Errorf("checked: %s, %v; want %s", report.Status, err, want)
	}
}

// TestEndOfAnAward checks the rows of docs/after-the-award.md about the end of an
// award. Zoë's award is made and in some cases claimed. Then something happens, then it
// expires, then she gets a better grade.
func TestEndOfAnAward(t *testing.T) {
	t.Parallel()
	const awarded, reminder = "Vous avez reçu", "se termine"
	decide := func(decision string) func(t *testing.T, d *lastingDemo) {
		return func(t *testing.T, d *lastingDemo) {
			eventually(t, "the mail", func() bool { return len(d.letters()) == 1 })
			u, err := url.Parse(d.letters()[0].Links[0])
			must(t, err)
			d.visitor().post(t, u.Path, url.Values{"decision": {decision}})
		}
	}
	revoke := func(t *testing.T, d *lastingDemo) {
		decide("accept")(t, d)
		must(t, d.App.Store().Tx(t.Context(), func(tx *store.Tx) error {
			a := d.chain(t)[0]
			_, err := d.awards().TakeBack(t.Context(), tx, a.Course, a.Badge, a.ID, "3", "Copie")
			return err
		}))
	}
	off := func(t *testing.T, d *lastingDemo) { decide("accept")(t, d); d.turn(t, "off") }
	for name, tt := range map[string]struct {
		happens func(t *testing.T, d *lastingDemo)
		states  []badges.AssertionState // states of her awards at the end, the newest first
		letters []string                // subjects of her mails, the newest first
	}{
		"claimed":      {decide("accept"), []badges.AssertionState{badges.Pending, badges.Claimed}, []string{awarded, reminder, awarded}},
		"not claimed":  {func(*testing.T, *lastingDemo) {}, []badges.AssertionState{badges.Pending, badges.Pending}, []string{awarded, awarded}},
		"declined":     {decide("decline"), []badges.AssertionState{badges.Declined}, []string{awarded}},
		"revoked":      {revoke, []badges.AssertionState{badges.Revoked}, []string{awarded}},
		"switched off": {off, []badges.AssertionState{badges.Claimed}, []string{reminder, awarded}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newLastingDemo(t)
			eventually(t, "the mail", func() bool { return len(d.letters()) == 1 })
			tt.happens(t, &d)
			d.later(t, 20)
			if len(tt.letters) > 1 && strings.Contains(strings.Join(tt.letters, " "), reminder) {
				eventually(t, "the reminder", func() bool { return len(d.letters()) == 2 })
				if text, again := d.letters()[0].Text, name == "claimed"; strings.Contains(text, "l’obtenir à nouveau") != again {
					t.Errorf("the reminder says how to earn it again = %v: %s", !again, text)
				}
			}
			d.later(t, 20)
			d.readTwice(t)
			if n := len(d.chain(t)); n != 1 {
				t.Errorf("%d awards after it had expired", n)
			}
			better := 97.0
			must(t, d.Campus.SetGrade(6, quiz, &better))
			eventually(t, "the end", func() bool { return len(d.chain(t)) == len(tt.states) && len(d.letters()) == len(tt.letters) })
			d.readTwice(t)
			var states []badges.AssertionState
			for _, a := range d.chain(t) {
				states = append(states, a.State)
			}
			if strings.Join(strs(states), " ") != strings.Join(strs(tt.states), " ") {
				t.Errorf("awards %v, want %v", states, tt.states)
			}
			for i, m := range d.letters() {
				if i >= len(tt.letters) || !strings.Contains(m.Subject, tt.letters[i]) {
					t.Errorf("mail %d: %q", i, m.Subject)
				}
			}
			if name == "not claimed" { // an expired award can still be claimed
				first := d.chain(t)[1]
				must(t, d.App.Store().Tx(t.Context(), func(tx *store.Tx) error {
					_, err := d.awards().Claim(t.Context(), tx, first.ID, false, false)
					return err
				}))
				d.reads(t, "/v/"+string(first.ID), "Expired on ")
			}
		})
	}
}

// TestMonthsRefused types texts that are not a number of months.
func TestMonthsRefused(t *testing.T) {
	t.Parallel()
	d := newLastingDemo(t)
	for _, months := range []string{"121", "-1", "x", "1.5", "99999999999999999999"} {
		d.form.Set("valid_months", months)
		if w := d.teacher.post(t, d.page+"/edit", d.form); w.Code != http.StatusUnprocessableEntity || !strings.Contains(said(w), "nombre entier de mois") {
			t.Errorf("%s months: %d", months, w.Code)
		}
	}
	d.form.Set("valid_months", "")
	if w := d.teacher.post(t, d.page+"/edit", d.form); w.Code != http.StatusSeeOther {
		t.Errorf("no months: %d %s", w.Code, said(w))
	}
}
