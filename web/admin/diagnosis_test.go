package admin_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
)

// TestDiagnosis shows the result of each launch and how to correct it.
func TestDiagnosis(t *testing.T) {
	s := newSite(t)
	b := s.Administrator(t)
	shows(t, b.Get("/admin/diagnosis"), http.StatusOK, "Nobody has opened Insigne yet")
	known := lti.Registration{ID: lti.RegistrationID(s.World.Course.Platform)}
	s.tx(t, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.UseLogin(ctx, "bare", lti.Launch{Registration: known, Message: lti.DeepLinkingRequest, IssuedAt: tx.Now().Add(-time.Second)}); err != nil {
			return err
		}
		return tx.UseLogin(ctx, "login", lti.Launch{
			Registration: known, Message: lti.ResourceLinkRequest, IssuedAt: tx.Now().Add(-41 * time.Second),
			Services: lti.Services{MembershipsURL: "https://lms.example.org/r", LineItemsURL: "https://lms.example.org/i", GradeScopes: []string{lti.ScopeScore, lti.ScopeResult}},
		})
	})
	for _, refused := range []error{
		&lti.Error{Reason: lti.TokenExpired, Registration: known.ID, Detail: "expires -1m0s from now", ReturnURL: "https://lms.example.org/?sesskey=S3ssKey"},
		&lti.Error{Reason: lti.StateUnknown},
	} {
		must(t, s.handler.Diagnosis.NoteLaunch(t.Context(), refused))
	}
	s.handler.Diagnosis.NoteLogin(lti.LoginRequest{Issuer: "https://stranger.example", ClientID: "<c>"}, &lti.Error{Reason: lti.RegistrationUnknown})
	a := b.Get("/admin/diagnosis")
	shows(t, a, http.StatusOK,
		"LtiResourceLinkRequest Opened Services offered: list of participants, sending grades, reading grades 41 seconds",
		"LtiDeepLinkingRequest Opened No services offered 1 second",
		"token_expired", "expires -1m0s from now", "Set both servers’ clocks by NTP.", "client",
		"state_unknown", "Not known", "Nothing to do if it happened once.",
		"https://stranger.example", "<c>", "registration_unknown", "Compare issuer and client id on both sides")
	if strings.Contains(a.Body, "S3ssKey") || strings.Contains(a.Body, "<c>") {
		t.Error("the page has the LMS's session key, or markup from a request")
	}
	if skewed := strings.Count(a.Body, `class="text-danger"`); skewed != 1 {
		t.Errorf("%d launches are shown with clocks that differ too much, want 1", skewed)
	}
}
