package openbadges

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"github.com/insigne-badges/insigne/vc"
)

// minRSA is the shortest RSA key that may sign, in bits.
const minRSA = 2048

// urn returns the id of a signed 2.0 assertion. It has no web address of its
// own, so that nobody takes it for the hosted one.
func urn(uuid string) string { return "urn:uuid:" + uuid }

// Signed returns the signed 2.0 assertion of an award, a JWS in compact form with
// RS256, or an *InputError. The id of the key is the address of its 2.0 document.
// The same input gives the same bytes.
func Signed(a Award, key vc.Key) (string, error) {
	var c checker
	c.uuid("award", a.UUID)
	c.address("key", key.ID)
	private, ok := key.Private.(*rsa.PrivateKey)
	if !ok || private.N.BitLen() < minRSA {
		c.refuse("key", WrongKey)
	}
	if c.err != nil {
		return "", c.err
	}
	document, err := assertion(a, urn(a.UUID), Verification{Type: "SignedBadge", Creator: key.ID})
	if err != nil {
		return "", err
	}
	payload, err := json.Marshal(document)
	if err != nil {
		return "", fmt.Errorf("write assertion: %w", err)
	}
	return signRS256(payload, private)
}

// signRS256 returns a JWS with alg as its only header: the address of the key is
// inside the assertion.
func signRS256(payload []byte, key *rsa.PrivateKey) (string, error) {
	encode := base64.RawURLEncoding.EncodeToString
	input := encode([]byte(`{"alg":"RS256"}`)) + "." + encode(payload)
	sum := sha256.Sum256([]byte(input))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		return "", fmt.Errorf("sign assertion: %w", err)
	}
	return input + "." + encode(signature), nil
}
