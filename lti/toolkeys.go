package lti

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwk"
)

// public returns the public key for the key set.
func (k SigningKey) public() (jwk.Key, error) {
	public, err := jwk.FromRaw(k.Private.Public())
	if err != nil {
		return nil, fmt.Errorf("lti: public key: %w", err)
	}
	for name, value := range map[string]any{jwk.KeyIDKey: k.ID, jwk.AlgorithmKey: jwa.RS256, jwk.KeyUsageKey: jwk.ForSignature} {
		if err := public.Set(name, value); err != nil {
			return nil, fmt.Errorf("lti: public key: %w", err)
		}
	}
	return public, nil
}

// PublicKeys returns the tool's key set as JSON (RFC 7517). It contains no private
// parts.
func (t *Tool) PublicKeys(ctx context.Context) ([]byte, error) {
	keys, err := t.cfg.Keys.SigningKeys(ctx)
	if err != nil {
		return nil, fmt.Errorf("lti: read signing keys: %w", err)
	}
	set := jwk.NewSet()
	for _, k := range keys {
		public, err := k.public()
		if err != nil {
			return nil, err
		}
		if err := set.AddKey(public); err != nil {
			return nil, fmt.Errorf("lti: key set: %w", err)
		}
	}
	return json.Marshal(set)
}
