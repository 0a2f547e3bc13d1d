package public_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/web/public"
	"github.com/insigne-badges/insigne/web/webtest"
)

func newSite(t *testing.T) *webtest.Site {
	t.Helper()
	s := webtest.NewSite(t)
	s.Mount(&public.Handler{
		Renderer: s.Gates.Renderer, Views: s.Views, Store: s.Store, Links: s.Links, ReadyMade: s.Library,
		Documents: credential.Documents{Links: s.Links, Words: s.Gates.Templates},
	})
	return s
}

// TestBadgePage opens the public page of an award in every state: only a claimed
// one, and what became of it later, is public.
func TestBadgePage(t *testing.T) {
	s := newSite(t)
	for state, want := range map[badges.AssertionState]int{
		badges.Pending: http.StatusNotFound, badges.Claimed: http.StatusOK, badges.Declined: http.StatusNotFound,
	} {
		a := s.Has(t, badges.UserID("learner "+string(state)), state)
		got := s.Anybody().Get("/v/" + string(a.ID))
		if got.Status != want {
			t.Errorf("%s: status %d, want %d", state, got.Status, want)
		}
		if shown := strings.Contains(got.Body, s.Links.JSON(a.ID)); shown != (want == http.StatusOK) {
			t.Errorf("%s: the badge is shown: %t", state, shown)
		}
	}
}
