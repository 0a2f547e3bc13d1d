package connect_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/internal/fault"
)

// TestSignIn uses an administrator's link once, within 15 minutes.
func TestSignIn(t *testing.T) {
	w := newWorld(t)
	link := func() string {
		t.Helper()
		address, err := w.signIn.Link(t.Context())
		w.must(err)
		return tokenOf(t, address, w.url+"/admin/sign-in/")
	}
	gone := func(name, token string) {
		t.Helper()
		if err := w.signIn.Use(t.Context(), token); !refused(err, fault.Gone, "admin.link_used") {
			t.Errorf("%s: %v, want admin.link_used", name, err)
		}
	}
	token, other := link(), link()
	if token == other {
		t.Error("two links are the same")
	}
	w.clock.Add(15*time.Minute - time.Second)
	w.must(w.signIn.Use(t.Context(), token))
	gone("used", token)
	w.clock.Add(time.Second)
	gone("expired", other)
	gone("empty", "")
	gone("an invitation", w.invite())
	want := []string{"operator admin_link_made", "operator admin_link_made", "admin admin_signed_in", "operator invitation_created"}
	if diff := cmp.Diff(want, w.acts("")); diff != "" {
		t.Errorf("audit log (-want +got):\n%s", diff)
	}
}
