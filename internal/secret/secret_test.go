package secret_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/internal/secret"
)

func TestSealAndOpen(t *testing.T) {
	s := newSecret(t, strings.Repeat("a", secret.MinLength))
	sealed, err := s.Seal([]byte("web-service token"), "platform 1")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte("token")) {
		t.Error("the sealed value can be read")
	}
	plain, err := s.Open(sealed, "platform 1")
	if err != nil || string(plain) != "web-service token" {
		t.Errorf("Open() = %q, %v", plain, err)
	}

	changed := bytes.Clone(sealed)
	changed[len(changed)-1] ^= 1
	attacks := []struct {
		name   string
		by     *secret.Secret
		sealed []byte
		place  string
	}{
		{"moved to another row", s, sealed, "platform 2"},
		{"changed", s, changed, "platform 1"},
		{"cut", s, sealed[:5], "platform 1"},
		{"another secret", newSecret(t, strings.Repeat("b", secret.MinLength)), sealed, "platform 1"},
	}
	for _, tt := range attacks {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := tt.by.Open(tt.sealed, tt.place); !errors.Is(err, secret.ErrUnreadable) {
				t.Errorf("Open() error = %v, want ErrUnreadable", err)
			}
		})
	}
}

func TestKeysDifferByPurpose(t *testing.T) {
	s := newSecret(t, strings.Repeat("a", secret.MinLength))
	session, err := s.Key("session")
	if err != nil {
		t.Fatal(err)
	}
	claim, err := s.Key("claim")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(session, claim) || len(session) != 32 {
		t.Errorf("keys of two purposes are equal or of the wrong length (%d)", len(session))
	}
}

func TestShortSecretIsRefused(t *testing.T) {
	if _, err := secret.New([]byte("short"), rand.Reader); err == nil {
		t.Error("New accepted a secret of 5 bytes")
	}
}

func newSecret(t *testing.T, value string) *secret.Secret {
	t.Helper()
	s, err := secret.New([]byte(value), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
