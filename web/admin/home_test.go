package admin_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
	"github.com/insigne-badges/insigne/web/webtest"
)

// TestHome lists platforms, invitations and failing notices.
func TestHome(t *testing.T) {
	s := newSite(t)
	b := s.Administrator(t)
	shows(t, b.Get("/admin"), http.StatusOK, "No mail server is set up", "client", "https://lms.example.org", "Web services to be set up", "one course", "All notices are out.")

	s.failingNotice(t)
	s.another(t, "https://other.example")
	s.tx(t, func(ctx context.Context, tx *store.Tx) error {
		return tx.SetService(ctx, s.World.Course.Platform, badges.Service{URL: "https://lms.example.org", Token: "t0ken"})
	})
	s.read(t, "problem.moodle.maintenance")
	a := b.Get("/admin")
	shows(t, a, http.StatusOK, "Other", "https://other.example", "Web services set up", "0 courses", "one not read", "2 notices are waiting.", "E-mail", "Try again")
	if strings.Contains(a.Body, "t0ken") {
		t.Error("the page has the token")
	}

	withMail := newSiteWithMail(t, "smtp://127.0.0.1:1?tls=none")
	if a := withMail.Administrator(t).Get("/admin"); a.Shows("No mail server is set up") {
		t.Error(a.Text())
	}
}

// read saves a reading of the world's course that failed with problem.
func (s *site) read(t *testing.T, problem string) {
	t.Helper()
	course, err := s.Store.LeaseCourse(t.Context(), time.Minute)
	must(t, err)
	now := s.Clock.Now()
	must(t, s.Store.FinishSync(t.Context(), course, badges.SyncRun{StartedAt: now, EndedAt: now, Cause: course.Cause, Problem: problem},
		badges.SyncState{DueAt: now.Add(time.Hour), Failures: 1}))
}

// TestInvitation shows a new invitation once, lists it without its address, and revokes
// it.
func TestInvitation(t *testing.T) {
	s := newSite(t)
	b := s.Administrator(t)
	a := b.Post("/admin/invitations", nil)
	shows(t, a, http.StatusOK, "Paste this address into “Tool URL”", "The address works once, for 24 hours.", "A registration address is open until")
	_, token, ok := strings.Cut(a.Body, `value="`+webtest.BaseURL+"/lti/register?invite=")
	token, _, _ = strings.Cut(token, `"`)
	if err := s.handler.Invitations.Check(t.Context(), token); !ok || err != nil {
		t.Fatalf("the invitation %q that is shown: %v", token, err)
	}
	open, err := s.handler.Invitations.Open(t.Context())
	if err != nil || len(open) != 1 || !open[0].Expires.Equal(s.Clock.Now().Add(24*time.Hour)) {
		t.Fatalf("open invitations %+v, %v", open, err)
	}
	if later := b.Get("/admin"); !later.Shows("A registration address is open until") || later.Shows("Paste this address") || strings.Contains(later.Body, token) {
		t.Errorf("later: %s", later.Text())
	}
	if stored := s.column(t, `select hash from links`); len(stored) != 1 || strings.Contains(stored[0], token) {
		t.Errorf("stored %q", stored)
	}

	shows(t, b.Post("/admin/invitations/revoke", url.Values{"invitation": {"no hash"}}), http.StatusUnprocessableEntity, "The form could not be read.")
	if err := s.handler.Invitations.Check(t.Context(), token); err != nil {
		t.Errorf("after a wrong hash: %v", err)
	}
	for range 2 { // somebody else may have revoked it
		leadsTo(t, b.Post("/admin/invitations/revoke", url.Values{"invitation": {open[0].Hash}}), "/admin")
	}
	if err := s.handler.Invitations.Check(t.Context(), token); !fault.Is(err, fault.Gone) {
		t.Errorf("after it was revoked: %v", err)
	}
	if diff := cmp.Diff([]string{"admin invitation_created", "admin invitation_revoked"}, s.acts(t, "")); diff != "" {
		t.Errorf("audit log (-want +got):\n%s", diff)
	}
}

// TestRetryNotice sends a failing notice again. A second press has no effect.
func TestRetryNotice(t *testing.T) {
	s := newSite(t)
	of := s.failingNotice(t)
	b := s.Administrator(t)
	path := "/admin/notices/" + string(of.Assertion) + "/award/mail/retry"
	if a := b.Get("/admin"); !strings.Contains(a.Body, `action="`+path+`"`) || !a.Shows("The mail server refuses this recipient for good.") {
		t.Errorf("the page shows %s", a.Text())
	}
	for range 2 { // the second comes too late
		leadsTo(t, b.Post(path, nil), "/admin")
	}
	notice, err := s.Store.Notice(t.Context(), of)
	if err != nil || notice.Problem != "" {
		t.Errorf("notice %+v, %v", notice, err)
	}
	if jobs := storetest.Jobs(t, s.Address, badges.SendNotice{}); len(jobs) != 1 || !strings.Contains(jobs[0], string(of.Assertion)) {
		t.Errorf("jobs %v", jobs)
	}
	leadsTo(t, b.Post("/admin/notices/"+webtest.ID+"/award/mail/retry", nil), "/admin")
	if a := b.Post("/admin/notices/"+string(of.Assertion)+"/award/post/retry", nil); a.Status != http.StatusNotFound {
		t.Errorf("by an unknown channel: status %d", a.Status)
	}
}
