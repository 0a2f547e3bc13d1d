// Package secret derives all keys of Insigne from the one secret that the operator
// sets, and encrypts what must not be readable in the database.
//
// Each purpose has its own key: a cookie cannot be used as a claim link, and the
// sealed token of one row cannot be moved to another.
package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
)

// MinLength is the minimum length of the operator's secret, in bytes.
const MinLength = 32

// ErrUnreadable means that sealed bytes were changed, or were sealed with
// another secret or for another place.
var ErrUnreadable = errors.New("sealed value cannot be opened with this secret key")

// Secret is the operator's secret. Make it with New.
type Secret struct {
	root []byte
	rand io.Reader
}

// New returns the operator's secret. It fails if value is shorter than
// MinLength. rand supplies nonces.
func New(value []byte, rand io.Reader) (*Secret, error) {
	if len(value) < MinLength {
		return nil, fmt.Errorf("secret key has %d bytes, needs at least %d", len(value), MinLength)
	}
	return &Secret{root: value, rand: rand}, nil
}

// Key returns the 32-byte key of a purpose; it is always the same.
func (s *Secret) Key(purpose string) ([]byte, error) {
	key, err := hkdf.Key(sha256.New, s.root, nil, "insigne/"+purpose, 32)
	if err != nil {
		return nil, fmt.Errorf("derive key %s: %w", purpose, err)
	}
	return key, nil
}

// Seal encrypts plain with AES-256-GCM and binds it to place, for example
// "platform 7f3…/service_token".
func (s *Secret) Seal(plain []byte, place string) ([]byte, error) {
	aead, err := s.aead()
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize())
	if _, err := io.ReadFull(s.rand, nonce); err != nil {
		return nil, fmt.Errorf("seal %s: %w", place, err)
	}
	return aead.Seal(nonce, nonce, plain, []byte(place)), nil
}

// Open decrypts what Seal returned for the same place. It fails with
// ErrUnreadable.
func (s *Secret) Open(sealed []byte, place string) ([]byte, error) {
	aead, err := s.aead()
	if err != nil {
		return nil, err
	}
	if len(sealed) < aead.NonceSize() {
		return nil, fmt.Errorf("open %s: %w", place, ErrUnreadable)
	}
	nonce, box := sealed[:aead.NonceSize()], sealed[aead.NonceSize():]
	plain, err := aead.Open(nil, nonce, box, []byte(place))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", place, ErrUnreadable)
	}
	return plain, nil
}

func (s *Secret) aead() (cipher.AEAD, error) {
	key, err := s.Key("seal")
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("make cipher: %w", err)
	}
	return cipher.NewGCM(block)
}
