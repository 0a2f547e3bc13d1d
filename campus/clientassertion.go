package campus

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwk"
	"github.com/lestrrat-go/jwx/v2/jws"
)

// assertion is a JWT by which a tool identifies itself (RFC 7523, section 3).
type assertion struct {
	raw     []byte
	payload []byte
	kid     string
	claims  struct {
		Issuer   string   `json:"iss"`
		Subject  string   `json:"sub"`
		Audience audience `json:"aud"`
		IssuedAt *float64 `json:"iat"`
		Expires  *float64 `json:"exp"`
		ID       string   `json:"jti"`
	}
}

// audience is a text or a list of texts.
type audience []string

func (a *audience) UnmarshalJSON(raw []byte) error {
	var one string
	if err := json.Unmarshal(raw, &one); err == nil {
		*a = audience{one}
		return nil
	}
	return json.Unmarshal(raw, (*[]string)(a))
}

// assertedTool verifies a client assertion with the tool's key set. It follows the
// specification where Moodle is lenient: audience, expiry, one issuer, and a jti that
// was not used before.
func (c *Campus) assertedTool(ctx context.Context, raw string) (*tool, error) {
	a, err := parseAssertion(raw)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	t := c.tool(a.claims.Subject)
	c.mu.Unlock()
	if t == nil {
		return nil, tokenError("invalid_client")
	}
	if err := c.verify(ctx, a, t); err != nil {
		return nil, err
	}
	if err := c.checkTimes(a); err != nil {
		return nil, err
	}
	return t, c.acceptOnce(a, t)
}

func parseAssertion(raw string) (a assertion, err error) {
	message, err := jws.Parse([]byte(raw), jws.WithCompact())
	if err != nil {
		return a, tokenError("invalid_request")
	}
	if err := json.Unmarshal(message.Payload(), &a.claims); err != nil {
		return a, tokenError("invalid_request")
	}
	a.raw, a.payload, a.kid = []byte(raw), message.Payload(), message.Signatures()[0].ProtectedHeaders().KeyID()
	return a, nil
}

// verify checks the signature with the key that the header names.
func (c *Campus) verify(ctx context.Context, a assertion, t *tool) error {
	if a.kid == "" {
		return tokenError("error/Error: kid must be provided in JWT header.")
	}
	set, err := c.fetchKeys(ctx, t.keysURL)
	if err != nil {
		c.cfg.Log.Warn("tool's key set not read", "error", err)
		return tokenError("invalid_client")
	}
	key, ok := set.LookupKeyID(a.kid)
	if !ok {
		return tokenError(`"kid" invalid, unable to lookup correct key`)
	}
	if _, err := jws.Verify(a.raw, jws.WithKey(jwa.RS256, key)); err != nil {
		return tokenError("Signature verification failed")
	}
	return nil
}

func (c *Campus) checkTimes(a assertion) error {
	now := c.cfg.Now()
	if a.claims.Expires == nil || a.claims.IssuedAt == nil {
		return tokenError("invalid_client")
	}
	if !now.Before(unixTime(*a.claims.Expires)) {
		return tokenError("Expired token")
	}
	if issued := unixTime(*a.claims.IssuedAt); issued.After(now) {
		return tokenError("Cannot handle token with iat prior to " + issued.UTC().Format("2006-01-02T15:04:05-0700"))
	}
	return nil
}

func unixTime(seconds float64) time.Time { return time.Unix(int64(seconds), 0) }

func (c *Campus) acceptOnce(a assertion, t *tool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case !t.Active, a.claims.Issuer != a.claims.Subject, a.claims.ID == "":
		return tokenError("invalid_client")
	case !slices.Contains(a.claims.Audience, c.url("/mod/lti/token.php")) && !slices.Contains(a.claims.Audience, c.cfg.BaseURL):
		return tokenError("invalid_client")
	case c.jtis[t.ClientID+" "+a.claims.ID]:
		return tokenError("invalid_client")
	}
	c.jtis[t.ClientID+" "+a.claims.ID] = true
	return nil
}

func (c *Campus) fetchKeys(ctx context.Context, address string) (jwk.Set, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("campus: ask for keys: %w", err)
	}
	resp, err := c.cfg.Client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("campus: fetch keys: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return nil, fmt.Errorf("campus: read keys: %w", err)
	}
	set, err := jwk.Parse(body)
	if err != nil {
		return nil, fmt.Errorf("campus: read keys: %w", err)
	}
	return set, nil
}
