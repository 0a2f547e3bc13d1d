package campus

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jws"
)

// Forgery is how a token differs from one of the platform's own. The zero value differs
// in nothing.
type Forgery struct {
	Header    map[string]any         // members of the header to set; nil removes a member
	Algorithm jwa.SignatureAlgorithm // used to sign, independently of the header; "none" makes no signature; default RS256
	Key       any                    // key to sign with; nil is the platform's key
}

// MintLaunch returns the signed id_token that the platform would send to a tool for a
// user of the first course and a nonce. If change is not nil, it can change the claims
// first. It serves tests of launches that must be refused.
func (c *Campus) MintLaunch(clientID string, user int64, nonce string, change func(claims map[string]any)) (string, error) {
	claims, err := c.LaunchClaims(clientID, user, nonce)
	if err != nil {
		return "", err
	}
	if change != nil {
		change(claims)
	}
	return c.sign(claims)
}

// LaunchClaims returns the claims that the platform would send to a tool for the
// activity of the first course that opens it.
func (c *Campus) LaunchClaims(clientID string, user int64, nonce string) (map[string]any, error) {
	return c.ActivityClaims(clientID, ToolCMID, user, nonce)
}

// ActivityClaims returns the claims that the platform would send to a tool for one of
// its activities, in any course.
func (c *Campus) ActivityClaims(clientID string, cmid, user int64, nonce string) (map[string]any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.tool(clientID)
	if t == nil {
		return nil, fmt.Errorf("campus: no tool %q", clientID)
	}
	k, a, ok := c.school.find(cmid)
	if !ok || a.Module != "lti" || !a.opens(t) {
		return nil, fmt.Errorf("campus: no activity %d of tool %q", cmid, clientID)
	}
	target := cmp.Or(a.target, t.targetURL)
	return c.claims(launch{user: user, tool: t, course: k, activity: a, message: resourceLaunch, target: target}, nonce)
}

// Forge signs any payload, for example with another key, with another algorithm or with
// a header that does not match.
func (c *Campus) Forge(payload []byte, f Forgery) (string, error) {
	header := map[string]any{"typ": "JWT", "alg": jwa.RS256.String(), "kid": c.kid}
	maps.Copy(header, f.Header)
	maps.DeleteFunc(header, func(_ string, v any) bool { return v == nil })
	head, err := json.Marshal(header)
	if err != nil {
		return "", fmt.Errorf("campus: write header: %w", err)
	}
	input := bytes.Join([][]byte{encode(head), encode(payload)}, []byte("."))
	signature, err := c.signature(input, f)
	if err != nil {
		return "", err
	}
	return string(input) + "." + string(encode(signature)), nil
}

func (c *Campus) signature(input []byte, f Forgery) ([]byte, error) {
	if f.Algorithm == jwa.NoSignature {
		return nil, nil
	}
	if f.Algorithm == "" {
		f.Algorithm = jwa.RS256
	}
	if f.Key == nil {
		key, err := c.key()
		if err != nil {
			return nil, err
		}
		f.Key = key
	}
	signer, err := jws.NewSigner(f.Algorithm)
	if err != nil {
		return nil, fmt.Errorf("campus: sign with %s: %w", f.Algorithm, err)
	}
	signature, err := signer.Sign(input, f.Key)
	if err != nil {
		return nil, fmt.Errorf("campus: sign with %s: %w", f.Algorithm, err)
	}
	return signature, nil
}

func encode(raw []byte) []byte {
	return base64.RawURLEncoding.AppendEncode(nil, raw)
}
