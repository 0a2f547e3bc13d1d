package admin_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
)

// TestConnection tries what the LMS grants over LTI. It changes nothing.
func TestConnection(t *testing.T) {
	s := newSite(t)
	l := newLMS(t)
	b := s.Administrator(t)
	platform := s.another(t, l.URL)
	path := "/admin/platforms/" + string(platform)
	a := b.Post(path+"/connection", nil)
	shows(t, a, http.StatusOK, "Access granted "+lti.ScopeMemberships, "No course was opened from this LMS yet", "Open Insigne once from a course.")
	if b.Get(path).Shows("Access granted") {
		t.Error("the results are shown again later")
	}

	s.tx(t, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.Arrive(ctx, store.Arrival{
			Course: badges.Course{CourseKey: badges.CourseKey{Platform: platform, Context: "9"}, Title: "Opened"}, Member: badges.Member{User: "3"},
			Services: lti.Services{MembershipsURL: l.URL + "/roster", LineItemsURL: l.URL + "/items", GradeScopes: []string{lti.ScopeLineItem}},
		}); err != nil {
			return err
		}
		return tx.UseLogin(ctx, "login", lti.Launch{Registration: lti.Registration{ID: lti.RegistrationID(platform)}, IssuedAt: tx.Now()})
	})
	before := s.everything(t)
	shows(t, b.Post(path+"/connection", nil), http.StatusOK, "Roster: 2 people", "Gradebook: 0 columns", "The clocks differ by 0 seconds")
	if diff := cmp.Diff(before, s.everything(t)); diff != "" {
		t.Errorf("the check changes something (-before +after):\n%s", diff)
	}
}

// TestConnectionRefused shows what the LMS does not grant.
func TestConnectionRefused(t *testing.T) {
	s := newSite(t)
	l := newLMS(t)
	l.set(func(l *lms) { l.refuses = lti.ScopeScore })
	path := "/admin/platforms/" + string(s.another(t, l.URL))
	shows(t, s.Administrator(t).Post(path+"/connection", nil), http.StatusOK,
		"Your LMS refuses Insigne the access it asks for. Tell your administrator. "+lti.ScopeScore+" Look at the tool’s services and privacy settings in the LMS.",
		"Access granted "+lti.ScopeLineItem)
}
