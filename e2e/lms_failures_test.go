package e2e_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/campus"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/templates"
)

// TestSiteFailsAndRecovers breaks the LMS in several ways while a learner earns a
// badge. Each failure has a name for the people who can act. Nothing is awarded without
// a reading. After each failure the award and the notice follow without help.
func TestSiteFailsAndRecovers(t *testing.T) {
	t.Parallel()
	pages, err := templates.Load()
	must(t, err)
	d := newDemo(t, campus.Faults{})
	d.start(t)
	eventually(t, "the first mail", func() bool { return d.mailsTo(zoesMail) == 1 })
	for _, tt := range []struct {
		name    string
		faults  campus.Faults
		problem string
	}{
		{"token revoked", campus.Faults{TokenRevoked: true}, moodle.TokenInvalid.Key()},
		{"page instead of JSON", campus.Faults{HTML: true}, moodle.NotJSON.Key()},
		{"server error", campus.Faults{ServerError: true}, moodle.ServerFailed.Key()},
		{"maintenance", campus.Faults{Maintenance: true, RetryAfter: time.Second}, moodle.Maintenance.Key()},
		{"maintenance page of the site", campus.Faults{SiteMaintenance: true}, moodle.Maintenance.Key()},
		{"function missing", campus.Faults{WithoutFunction: []string{"gradereport_user_get_grade_items"}}, moodle.FunctionMissing.Key()},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d.Campus.SetFaults(tt.faults)
			eventually(t, tt.problem, func() bool { return d.problem(t) == tt.problem })
			for _, lang := range []string{"en", "fr"} {
				if text := pages.Locale(lang).T(tt.problem, map[string]any{"detail": ""}); text == tt.problem || text == "" {
					t.Errorf("%s says nothing in %s", tt.problem, lang)
				}
			}
			d.Campus.SetFaults(campus.Faults{})
			eventually(t, "a reading without problem", func() bool { return d.problem(t) == "" })
		})
	}
	d.Campus.SetFaults(campus.Faults{TokenRevoked: true})
	eventually(t, "a failed reading", func() bool { return d.problem(t) != "" })
	enough := 85.0
	must(t, d.Campus.SetGrade(sinead, quiz, &enough))
	d.readTwice(t)
	if got := d.assertions(t, "7"); len(got) != 0 {
		t.Fatalf("awarded while the site could not be read: %v", got)
	}
	d.Campus.SetFaults(campus.Faults{})
	eventually(t, "Sinéad's mail", func() bool { return d.mailsTo(sineadsMail) == 1 })
	eventually(t, "Sinéad's message", func() bool { return len(d.Campus.Messages(sinead)) == 1 })
	if got := d.assertions(t, "7"); len(got) != 1 || got[0].State != badges.Pending {
		t.Errorf("assertions = %v, want one pending", got)
	}
}

// TestActivityDeleted deletes the quiz that a rule asks about. Nothing is awarded by
// guessing, and the run counts the unknown learners.
func TestActivityDeleted(t *testing.T) {
	t.Parallel()
	d := newDemo(t, campus.Faults{})
	d.start(t)
	eventually(t, "the first mail", func() bool { return d.mailsTo(zoesMail) == 1 })
	d.Campus.DeleteActivity(quiz)
	eventually(t, "learners that stay unknown", func() bool {
		c, ok := d.course(t)
		return ok && c.Sync.Last != nil && c.Sync.Last.Problem == "" && c.Sync.Last.Unreadable > 0
	})
	must(t, d.Campus.SetCourseCompleted(sinead, true))
	d.readTwice(t)
	if got := d.assertions(t, "7"); len(got) != 0 {
		t.Errorf("awarded without the deleted quiz: %v", got)
	}
	if got := d.assertions(t, "6"); len(got) != 1 || got[0].State != badges.Pending {
		t.Errorf("Zoë's badge = %v, want it kept", got)
	}
	v := d.visitor()
	session := v.launch(t, 3)
	badge := session + "/badges/" + string(d.seededBadge(t).ID)
	const gone = "n’est plus dans ce cours"
	for _, path := range []string{badge + "/preview", badge + "/edit"} {
		if w := v.get(t, path); w.Code != http.StatusOK || !strings.Contains(said(w), gone) {
			t.Errorf("the teacher reads on %s, %d: %s", path, w.Code, said(w))
		}
	}
	form := url.Values{
		"csrf": {v.csrf(t, badge+"/edit")}, "name": {"x"}, "description": {"x"}, "match": {"all"}, "picture": {string(d.seededBadge(t).Current.Picture)},
		"issuer": {string(d.seededBadge(t).Current.Issuer)}, "node": {"condition:1"}, "condition": {fmt.Sprintf("activity_grade:%d", quiz)}, "percent": {"50"},
	}
	if w := v.post(t, badge+"/edit", form); w.Code != http.StatusUnprocessableEntity || !strings.Contains(said(w), gone) {
		t.Errorf("saving a rule on the deleted quiz is answered %d: %s", w.Code, said(w))
	}
}

// TestMailServerDown checks that the award and its notice wait until the mail server
// works again, and that one mail is sent.
func TestMailServerDown(t *testing.T) {
	t.Parallel()
	d := newDemo(t, campus.Faults{MailDown: true})
	d.start(t)
	var award []badges.Assertion
	eventually(t, "the award", func() bool { award = d.assertions(t, "6"); return len(award) == 1 })
	eventually(t, "a failed notice with its reason", func() bool {
		n, err := d.App.Store().Notice(t.Context(), badges.SendNotice{Assertion: award[0].ID, Channel: badges.ByMail})
		return err == nil && n.Attempts > 0 && strings.HasPrefix(n.Problem, "mail.")
	})
	d.Campus.SetFaults(campus.Faults{})
	eventually(t, "the mail", func() bool { return d.mailsTo(zoesMail) == 1 })
	d.workEnds(t)
	if n := d.mailsTo(zoesMail); n != 1 {
		t.Errorf("%d mails, want 1", n)
	}
}

// TestKilledBetweenAwardAndNotice kills the service like kill -9, after it wrote the
// award and before it sent the notice. A new process sends one notice.
func TestKilledBetweenAwardAndNotice(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("waits half a minute until the queue tries the job again")
	}
	d := newDemo(t, campus.Faults{MailDown: true})
	serveCampus(t, d)
	must(t, d.Seed(t.Context()))
	must(t, d.Web.Close())
	var award []badges.Assertion
	_, killed := d.serve(t)
	within(t, 3*time.Minute, "the award", func() bool { award = d.assertions(t, "6"); return len(award) == 1 }) // a process starts slowly with the race detector
	killed()
	n, err := d.App.Store().Notice(t.Context(), badges.SendNotice{Assertion: award[0].ID, Channel: badges.ByMail})
	if err != nil || !n.SentAt.IsZero() || d.mailsTo(zoesMail) != 0 {
		t.Fatalf("notice = %+v, %v; want it written and not sent", n, err)
	}
	d.Campus.SetFaults(campus.Faults{})
	d.serve(t)
	// The queue retries a job of a killed process after half a minute.
	within(t, 4*time.Minute, "the mail", func() bool { return d.mailsTo(zoesMail) > 0 })
	d.workEnds(t)
	if n := d.mailsTo(zoesMail); n != 1 {
		t.Errorf("%d mails, want 1", n)
	}
	if got := d.assertions(t, "6"); len(got) != 1 {
		t.Errorf("%d assertions, want 1", len(got))
	}
}
