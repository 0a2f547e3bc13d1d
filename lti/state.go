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

// LoginLifetime is how long after its beginning a login can lead to a launch.
const LoginLifetime = 10 * time.Minute

// state is a login under way. It travels to the platform and back in the
// parameter of the same name, signed by us, so that whoever starts logins fills
// no database; that it led to a launch is noted by Verified.Redeem.
type state struct {
	Nonce        string         `json:"n"`
	Browser      string         `json:"b"` // hash of the cookie's value
	Registration RegistrationID `json:"r"`
	Target       string         `json:"t"`           // path of the link
	Storage      string         `json:"s,omitempty"` // the platform's frame that keeps data for tools
	Expires      int64          `json:"e"`           // Unix seconds
}

// seal returns the state as a parameter.
func (t *Tool) seal(s state) (string, error) {
	raw, err := json.Marshal(s)
	if err != nil {
		return "", fmt.Errorf("lti: write login state: %w", err)
	}
	text := base64.RawURLEncoding.EncodeToString(raw)
	return text + "." + t.mac(text), nil
}

// unseal returns the state that a parameter holds, unless somebody else wrote
// it or it is over.
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

// PlatformStorage returns the frame a login told of and the address of the
// platform that keeps data in it, by the state that the platform sent back: who
// sends a launch may be anybody. Both are empty without a frame, and for a state
// that is not ours or is over.
func (t *Tool) PlatformStorage(ctx context.Context, parameter string) (target, address string, err error) {
	s, err := t.unseal(parameter)
	if err != nil || s.Storage == "" {
		return "", "", nil //nolint:nilerr // a launch that is not one has no storage either
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
