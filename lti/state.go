package lti

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// LoginLifetime is how long a login can be used for a launch.
const LoginLifetime = 10 * time.Minute

// state is a login that has begun. It travels to the platform and back in the parameter
// of the same name. It is signed by us and not stored, so that nobody can fill the
// database by starting logins. Verified.Redeem records that it was used.
type state struct {
	Nonce        string         `json:"n"`
	Browser      string         `json:"b"` // hash of the cookie's value
	Registration RegistrationID `json:"r"`
	Target       string         `json:"t"`           // path of the link
	Storage      string         `json:"s,omitempty"` // the frame in which the platform stores data for tools
	Expires      int64          `json:"e"`           // Unix seconds
}

// seal returns the state as a signed parameter.
func (t *Tool) seal(s state) (string, error) {
	raw, err := json.Marshal(s)
	if err != nil {
		return "", fmt.Errorf("lti: write login state: %w", err)
	}
	text := base64.RawURLEncoding.EncodeToString(raw)
	return text + "." + t.mac(text), nil
}

// unseal returns the state in a parameter. It returns an error if the signature is
// wrong or the login has expired.
func (t *Tool) unseal(parameter string) (state, error) {
	text, signature, _ := strings.Cut(parameter, ".")
	if !same(signature, t.mac(text)) {
		return state{}, refuse(StateUnknown)
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return state{}, refuseBecause(StateUnknown, err)
	}
	var s state
	if err := json.Unmarshal(raw, &s); err != nil {
		return state{}, refuseBecause(StateUnknown, err)
	}
	if s.Expires < t.cfg.Now().Unix() {
		return state{}, refuse(StateUnknown)
	}
	return s, nil
}

func (t *Tool) mac(text string) string {
	h := hmac.New(sha256.New, t.cfg.StateKey)
	h.Write([]byte(text))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// PlatformStorage returns the storage frame that a login request named, and the address
// of the platform that stores data in it. It reads both from the state that the
// platform sent back, because anybody can send a launch. Both are empty if there is no
// frame, and for a state that is invalid or expired.
func (t *Tool) PlatformStorage(ctx context.Context, parameter string) (target, address string, err error) {
	s, err := t.unseal(parameter)
	if err != nil || s.Storage == "" {
		return "", "", nil //nolint:nilerr // an invalid state has no storage either
	}
	reg, err := t.cfg.Registrations.Registration(ctx, s.Registration)
	if errors.Is(err, ErrNotFound) {
		return "", "", nil
	}
	if err != nil {
		return "", "", fmt.Errorf("lti: find registration %s: %w", s.Registration, err)
	}
	return s.Storage, reg.AuthURL, nil
}
