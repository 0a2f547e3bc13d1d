package connect_test

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
)

func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// TestInvitation makes an invitation. The store keeps its hash and its end, and the
// audit log has its maker.
func TestInvitation(t *testing.T) {
	w := newWorld(t)
	made, err := w.invitations.New(t.Context(), badges.ByAdmin)
	w.must(err)
	if token := tokenOf(t, made.Address, w.url+"/lti/register?invite="); token != made.Token {
		t.Errorf("the address has the token %q, want %q", token, made.Token)
	}
	w.must(w.invitations.Check(t.Context(), made.Token))
	open, err := w.invitations.Open(t.Context())
	w.must(err)
	want := []connect.OpenInvitation{{Hash: hashOf(made.Token), Expires: begin.Add(24 * time.Hour)}}
	if diff := cmp.Diff(want, open); diff != "" {
		t.Errorf("open invitations (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"admin invitation_created"}, w.acts("")); diff != "" {
		t.Errorf("audit log (-want +got):\n%s", diff)
	}
	if other := w.invite(); other == made.Token {
		t.Error("two invitations are the same")
	}
}

// TestUnusableInvitations tries invitations that must not work. Nothing is fetched and
// nothing is written.
func TestUnusableInvitations(t *testing.T) {
	for name, spend := range map[string]func(w *world, token string) string{
		"empty":   func(*world, string) string { return "" },
		"made up": func(_ *world, token string) string { return token[1:] + "A" },
		"expired": func(w *world, token string) string { w.clock.Add(24 * time.Hour); return token },
		"revoked": func(w *world, token string) string {
			w.must(w.invitations.Revoke(w.Context(), hashOf(token)))
			return token
		},
		"used": func(w *world, token string) string {
			w.tx(func(tx *store.Tx) error {
				sum := sha256.Sum256([]byte(token))
				return tx.UseLink(w.Context(), store.Invitation, sum[:])
			})
			return token
		},
		"of an administrator's link": func(w *world, _ string) string {
			link, err := w.signIn.Link(w.Context())
			w.must(err)
			return tokenOf(w.T, link, w.url+"/admin/sign-in/")
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			platform := newLMS(w)
			token := spend(w, w.invite())
			before := w.acts("")
			check := w.invitations.Check(t.Context(), token)
			_, ask := w.registration.Ask(t.Context(), token, platform.URL)
			_, register := w.registration.Register(t.Context(), connect.Confirmed{Invitation: token, Configuration: platform.URL, Again: true})
			for call, err := range map[string]error{"Check": check, "Ask": ask, "Register": register} {
				if !refused(err, fault.Gone, "problem.invitation_used") {
					t.Errorf("%s: %v, want problem.invitation_used", call, err)
				}
			}
			if fetched, posted := platform.asked(); fetched+posted > 0 {
				t.Errorf("the platform was asked %d times", fetched+posted)
			}
			if len(w.platforms()) > 0 {
				t.Errorf("platforms = %v", w.platforms())
			}
			if diff := cmp.Diff(before, w.acts("")); diff != "" {
				t.Errorf("audit log before (-) and after (+):\n%s", diff)
			}
		})
	}
}

// TestOpenInvitations lists the invitations that can still be used, those that expire
// first at the top.
func TestOpenInvitations(t *testing.T) {
	w := newWorld(t)
	first := w.invite()
	w.clock.Add(time.Hour)
	second, third := w.invite(), w.invite()
	w.must(w.invitations.Revoke(t.Context(), hashOf(third)))
	hashes := func() (list []string) {
		open, err := w.invitations.Open(t.Context())
		w.must(err)
		for _, o := range open {
			list = append(list, o.Hash)
		}
		return list
	}
	if diff := cmp.Diff([]string{hashOf(first), hashOf(second)}, hashes()); diff != "" {
		t.Errorf("open (-want +got):\n%s", diff)
	}
	w.clock.Add(23 * time.Hour)
	if diff := cmp.Diff([]string{hashOf(second)}, hashes()); diff != "" {
		t.Errorf("open, a day after the first (-want +got):\n%s", diff)
	}
}

// TestRevoke revokes invitations, and nothing else.
func TestRevoke(t *testing.T) {
	w := newWorld(t)
	token := w.invite()
	w.must(w.invitations.Revoke(t.Context(), hashOf(token)))
	if err := w.invitations.Revoke(t.Context(), hashOf(token)); err != nil {
		t.Errorf("again: %v", err)
	}
	if diff := cmp.Diff([]string{"operator invitation_created", "admin invitation_revoked"}, w.acts("")); diff != "" {
		t.Errorf("audit log (-want +got):\n%s", diff)
	}
	if err := w.invitations.Revoke(t.Context(), "nothing"); !refused(err, fault.Invalid, "problem.form_unreadable") {
		t.Errorf("not a hash: %v", err)
	}
	link, err := w.signIn.Link(t.Context())
	w.must(err)
	admin := tokenOf(t, link, w.url+"/admin/sign-in/")
	w.must(w.invitations.Revoke(t.Context(), hashOf(admin)))
	if err := w.signIn.Use(t.Context(), admin); err != nil {
		t.Errorf("an administrator's link was revoked as an invitation: %v", err)
	}
}

// TestNoRandomness checks that without randomness no token is made, because it could be
// guessed.
func TestNoRandomness(t *testing.T) {
	w := newWorld(t)
	broken := errors.New("no randomness")
	if _, err := connect.NewInvitations(w.store, w.url, iotest.ErrReader(broken)).New(t.Context(), badges.ByAdmin); !errors.Is(err, broken) {
		t.Errorf("invitation: %v", err)
	}
	short := io.LimitReader(rand.Reader, 31) // one byte less than a token needs
	if _, err := connect.NewSignIn(w.store, w.url, short).Link(t.Context()); err == nil {
		t.Error("a sign-in link was made")
	}
	if acts := w.acts(""); len(acts) > 0 {
		t.Errorf("written: %v", acts)
	}
}
