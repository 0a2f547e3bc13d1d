package lti

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jws"
	"golang.org/x/sync/singleflight"
)

// AccessToken gives access to the platform's services.
type AccessToken struct {
	Value   string
	Scopes  []string // granted; may be fewer than requested
	Expires time.Time
}

const (
	assertionLifetime = 5 * time.Minute
	assertionLead     = 20 * time.Second // a platform whose clock is late refuses an assertion from the future
	accessMargin      = time.Minute      // a token is renewed this long before it expires
)

// accessCache stores access tokens until shortly before they expire.
type accessCache struct {
	flight singleflight.Group

	mu     sync.Mutex
	tokens map[accessKey]AccessToken
}

type accessKey struct {
	registration RegistrationID
	scopes       string
}

// AccessToken returns a token for the scopes at the registration's platform, from the
// cache if possible. If several callers need the same token, only one of them asks the
// platform. It returns AccessRefused if the platform gives no token.
func (t *Tool) AccessToken(ctx context.Context, reg Registration, scopes ...string) (AccessToken, error) {
	scopes = slices.Compact(slices.Sorted(slices.Values(scopes)))
	key := accessKey{reg.ID, strings.Join(scopes, " ")}
	if token := t.access.get(key, t.cfg.Now()); token.Value != "" {
		return token, nil
	}
	found, err, _ := t.access.flight.Do(string(key.registration)+"\n"+key.scopes, func() (any, error) {
		return t.renewAccess(ctx, reg, key)
	})
	if err != nil {
		return AccessToken{}, err
	}
	token, _ := found.(AccessToken)
	return token, nil
}

// renewAccess requests a token unless another caller has just done so. Other callers
// wait for the same answer, so the request continues if the first caller gives up.
func (t *Tool) renewAccess(ctx context.Context, reg Registration, key accessKey) (AccessToken, error) {
	if token := t.access.get(key, t.cfg.Now()); token.Value != "" {
		return token, nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchTimeout)
	defer cancel()
	token, err := t.requestAccess(ctx, reg, key.scopes)
	if err != nil {
		return AccessToken{}, err
	}
	t.access.put(key, token)
	return token, nil
}

// get returns a token that is valid for at least accessMargin; otherwise the zero
// token.
func (c *accessCache) get(key accessKey, now time.Time) AccessToken {
	c.mu.Lock()
	defer c.mu.Unlock()
	token := c.tokens[key]
	if !now.Before(token.Expires.Add(-accessMargin)) {
		return AccessToken{}
	}
	return token
}

func (c *accessCache) put(key accessKey, token AccessToken) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tokens[key] = token
}

// requestAccess requests a token with client credentials and a signed assertion
// (1EdTech Security Framework, section 4.1; RFC 7523).
func (t *Tool) requestAccess(ctx context.Context, reg Registration, scopes string) (AccessToken, error) {
	assertion, err := t.clientAssertion(ctx, reg)
	if err != nil {
		return AccessToken{}, err
	}
	form := url.Values{
		"grant_type":            {"client_credentials"},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
		"client_assertion":      {assertion},
		"scope":                 {scopes},
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, reg.TokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		return AccessToken{}, refuseBecause(AccessRefused, withoutAddress(err))
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	status, answer, err := exchange(t.cfg.Client, req)
	if err != nil {
		return AccessToken{}, refuseBecause(AccessRefused, err)
	}
	if status != http.StatusOK {
		// Moodle's errors are not always JSON, so the text is only passed on.
		return AccessToken{}, &Error{Reason: AccessRefused, Detail: errorText(status, answer)}
	}
	return readAccess(answer, t.cfg.Now())
}

func readAccess(answer []byte, now time.Time) (AccessToken, error) {
	var granted struct {
		Token   string      `json:"access_token"`
		Expires json.Number `json:"expires_in"` // seconds; some platforms send it as text
		Scope   string      `json:"scope"`
	}
	if json.Unmarshal(answer, &granted) != nil || granted.Token == "" {
		return AccessToken{}, &Error{Reason: AccessRefused, Detail: "the answer contains no access token"}
	}
	seconds, err := granted.Expires.Int64()
	if err != nil || seconds < 0 {
		seconds = 0 // unknown lifetime: used once
	}
	return AccessToken{
		Value: granted.Token, Scopes: strings.Fields(granted.Scope),
		Expires: now.Add(time.Duration(min(seconds, 24*60*60)) * time.Second),
	}, nil
}

// clientAssertion returns a signed assertion that identifies the tool to the platform's
// token endpoint.
func (t *Tool) clientAssertion(ctx context.Context, reg Registration) (string, error) {
	id, err := t.random()
	if err != nil {
		return "", err
	}
	issued := t.cfg.Now().Add(-assertionLead)
	payload, err := json.Marshal(map[string]any{
		"iss": reg.ClientID, "sub": reg.ClientID, "aud": reg.TokenURL, "jti": id,
		"iat": issued.Unix(), "exp": issued.Add(assertionLifetime).Unix(),
	})
	if err != nil {
		return "", fmt.Errorf("lti: encode client assertion: %w", err)
	}
	return t.sign(ctx, payload)
}

// sign signs the payload with the first of the tool's keys.
func (t *Tool) sign(ctx context.Context, payload []byte) (string, error) {
	keys, err := t.cfg.Keys.SigningKeys(ctx)
	if err != nil {
		return "", fmt.Errorf("lti: read signing keys: %w", err)
	}
	if len(keys) == 0 {
		return "", errors.New("lti: there is no signing key")
	}
	return keys[0].sign(payload)
}

func (k SigningKey) sign(payload []byte) (string, error) {
	header := jws.NewHeaders()
	for name, value := range map[string]string{jws.KeyIDKey: k.ID, jws.TypeKey: "JWT"} {
		if err := header.Set(name, value); err != nil {
			return "", fmt.Errorf("lti: sign: %w", err)
		}
	}
	signed, err := jws.Sign(payload, jws.WithKey(jwa.RS256, k.Private, jws.WithProtectedHeaders(header)))
	if err != nil {
		return "", fmt.Errorf("lti: sign: %w", err)
	}
	return string(signed), nil
}
