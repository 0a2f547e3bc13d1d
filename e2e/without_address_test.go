package e2e_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/openbadges"
	"github.com/insigne-badges/insigne/store"
)

// josé has no e-mail address in the campus.
const josé = 17

// awardJosé gives José the grade that earns the badge, and returns the award.
func awardJosé(t *testing.T, d *demo) badges.Assertion {
	t.Helper()
	enough := 85.0
	must(t, d.Campus.SetGrade(josé, quiz, &enough))
	eventually(t, "José's award", func() bool { return len(d.assertions(t, "17")) == 1 })
	return d.assertions(t, "17")[0]
}

// TestWithoutAddress follows a learner without an address from the message of the LMS to
// the claim, with real mails.
func TestWithoutAddress(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	a := awardJosé(t, d)
	if a.State != badges.Pending || a.Recipient.Email != "" {
		t.Fatalf("the award: %+v", a)
	}
	eventually(t, "the LMS message", func() bool { return len(d.Campus.Messages(josé)) == 1 })
	message := d.Campus.Messages(josé)[0].HTML
	if !strings.Contains(message, "ne nous communique pas votre adresse électronique") || !strings.Contains(message, d.claimLink(t, a.ID)) {
		t.Errorf("the message: %s", message)
	}

	// The link of the message cannot claim.
	stranger := d.visitor()
	if w := stranger.post(t, d.claimLink(t, a.ID), url.Values{"decision": {"accept"}}); w.Code != http.StatusConflict {
		t.Errorf("claimed with the link alone: %d %s", w.Code, said(w))
	}
	teacher := d.visitor()
	recipients := teacher.launch(t, 3) + "/badges/" + string(a.Badge) + "/recipients"
	d.workEnds(t) // the message is there before its row says so
	if text := said(teacher.get(t, recipients+"?lang=en")); !regexp.MustCompile(`José María Núñez.* No e-mail address; told by LMS message`).MatchString(text) {
		t.Errorf("the teacher reads: %s", text)
	}
	if table := teacher.get(t, recipients+".csv?lang=fr").Body.String(); !regexp.MustCompile(`José María Núñez;;[^\n]*Pas d’adresse électronique[^\n]*avis envoyé par un message du LMS`).MatchString(table) {
		t.Errorf("the table: %s", table)
	}

	learner := d.visitor()
	giving := learner.launch(t, josé) + "/mine/awards/" + string(a.ID) + "/address"
	form := url.Values{"csrf": {learner.csrf(t, giving)}, "address": {"Jose.Nunez@Casa.example"}}
	if w := learner.post(t, giving, url.Values{"address": form["address"]}); w.Code != http.StatusForbidden {
		t.Errorf("without the token: %d %s", w.Code, said(w))
	}
	if w := learner.post(t, giving, form); w.Code != http.StatusSeeOther {
		t.Fatalf("given: %d %s", w.Code, said(w))
	}
	mail := d.waitMail(t, "Jose.Nunez@Casa.example")
	if !strings.Contains(mail.Text, "cette adresse électronique a été indiquée") || strings.Contains(mail.Text+mail.HTML+mail.Subject, "José") {
		t.Errorf("the mail: %s\n%s", mail.Subject, mail.Text)
	}
	eventually(t, "the page says that the mail was sent", func() bool {
		return strings.Contains(said(learner.get(t, giving+"?lang=en")), "a mail was sent to Jose.Nunez@Casa.example")
	})
	link, err := url.Parse(mail.Links[0])
	must(t, err)
	if w := stranger.get(t, link.Path); w.Code != http.StatusOK || d.assertions(t, "17")[0].State != badges.Pending {
		t.Errorf("opened: %d %s", w.Code, said(w))
	}
	if w := stranger.post(t, link.Path, url.Values{"decision": {"accept"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("claimed: %d %s", w.Code, said(w))
	}
	var document openbadges.Assertion
	must(t, json.Unmarshal(stranger.get(t, "/v/"+string(a.ID)+".json").Body.Bytes(), &document))
	if want := openbadges.HashEmail("jose.nunez@casa.example", a.Salt); document.Recipient.Identity != want {
		t.Errorf("the identity is %s, want the hash of the address in lower case", document.Recipient.Identity)
	}
	if n := len(d.Campus.Messages(josé)); n != 1 {
		t.Errorf("%d messages", n)
	}
}

// TestAddressToldLater gives the account in the LMS an address after the award. The
// launch brings it, and the link of the notice can claim.
func TestAddressToldLater(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	a := awardJosé(t, d)
	must(t, d.Campus.SetEmail(josé, "jose@example.org"))
	d.visitor().launch(t, josé)
	eventually(t, "the address", func() bool { return d.assertions(t, "17")[0].Recipient.Email == "jose@example.org" })
	if w := d.visitor().post(t, d.claimLink(t, a.ID), url.Values{"decision": {"accept"}}); w.Code != http.StatusSeeOther {
		t.Errorf("claimed: %d %s", w.Code, said(w))
	}
}

// TestNobodyCanBeTold awards to a learner without an address in an LMS that takes no
// messages. The teacher reads that the learner sees the badge only in the course.
func TestNobodyCanBeTold(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	h := d.byHand(t, 3)
	d.enroled(t)
	course, _ := d.course(t)
	must(t, d.App.Store().Tx(t.Context(), func(tx *store.Tx) error { return tx.SetService(t.Context(), course.Platform, badges.Service{}) }))
	if w := h.send(t, "award", url.Values{"learner": {"17"}}, nil); w.Code != http.StatusSeeOther {
		t.Fatalf("awarding is answered %d: %s", w.Code, said(w))
	}
	says := regexp.MustCompile(`José María Núñez.* No e-mail address, and no LMS message either: the badge is shown on the course page only`)
	eventually(t, "the teacher reads that nobody was told", func() bool { return says.MatchString(said(h.get(t, h.badge+"/recipients?lang=en"))) })
	if n := d.mailsTo(""); n != 0 || len(d.Campus.Messages(josé)) != 0 {
		t.Errorf("%d mails to nobody, %d messages", n, len(d.Campus.Messages(josé)))
	}
	learner := d.visitor()
	if text := said(learner.get(t, learner.launch(t, josé)+"/mine?lang=en")); !strings.Contains(text, "Give your e-mail address") {
		t.Errorf("the learner reads: %s", text)
	}
}
