package vc

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"strings"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jws"
)

const (
	minRSA = 2048 // bits
	maxRSA = 8192
	maxJWT = 3 << 20 // bytes
)

// SignJWT returns a JSON object as a signed compact JWT: RS256 by an RSA key, ES256 by
// a P-256 key. Its header has only alg, kid and typ.
func SignJWT(payload []byte, key Key) (string, error) {
	if _, err := parseDocument(payload); err != nil {
		return "", err
	}
	public, err := key.public()
	if err != nil {
		return "", err
	}
	algorithm, err := algorithmOf(public)
	if err != nil {
		return "", err
	}
	headers := jws.NewHeaders()
	for name, value := range map[string]any{jws.KeyIDKey: key.ID, jws.TypeKey: "JWT"} {
		if err := headers.Set(name, value); err != nil {
			return "", err
		}
	}
	signed, err := jws.Sign(payload, jws.WithKey(algorithm, key.Private, jws.WithProtectedHeaders(headers)))
	return string(signed), err
}

// JWTHeader is the header of a JWT. It is not yet checked.
type JWTHeader struct {
	Algorithm string
	KeyID     string
}

// ReadJWTHeader returns the header of a compact JWT, so that a caller can find its key.
// It refuses a header that brings a key of its own, or asks for what we do not do.
func ReadJWTHeader(token string) (JWTHeader, error) {
	if len(token) > maxJWT {
		return JWTHeader{}, malformed("the JWT has more than %d bytes", maxJWT)
	}
	if strings.Count(token, ".") != 2 {
		return JWTHeader{}, malformed("a JWT has three parts")
	}
	encoded, _, _ := strings.Cut(token, ".")
	data, err := base64.RawURLEncoding.Strict().DecodeString(encoded)
	if err != nil {
		return JWTHeader{}, malformed("the header of the JWT is not base64url")
	}
	header, err := parseDocument(data)
	if err != nil {
		return JWTHeader{}, err
	}
	for _, name := range [...]string{"jwk", "jku", "x5u", "x5c", "crit", "b64", "zip"} {
		if _, found := header[name]; found {
			return JWTHeader{}, unsupported("the header %s of a JWT", name)
		}
	}
	return JWTHeader{Algorithm: str(header["alg"]), KeyID: str(header["kid"])}, nil
}

// VerifyJWT checks that a compact JWT was signed by the key public, and returns its
// payload, a JSON object. The algorithm is the one of the key: the header cannot
// choose another one, nor none.
func VerifyJWT(token string, public crypto.PublicKey) ([]byte, error) {
	algorithm, err := algorithmOf(public)
	if err != nil {
		return nil, err
	}
	header, err := ReadJWTHeader(token)
	if err != nil {
		return nil, err
	}
	if header.Algorithm != algorithm.String() {
		return nil, unsupported("the algorithm %q with a key for %s", shorten(header.Algorithm), algorithm)
	}
	payload, err := jws.Verify([]byte(token), jws.WithKey(algorithm, public))
	if err != nil {
		return nil, ErrSignature
	}
	if _, err := parseDocument(payload); err != nil {
		return nil, err
	}
	return bytes.Clone(payload), nil
}

// algorithmOf returns the one algorithm that a key is used with.
func algorithmOf(public crypto.PublicKey) (jwa.SignatureAlgorithm, error) {
	switch public := public.(type) {
	case *rsa.PublicKey:
		if bits := public.N.BitLen(); bits < minRSA || bits > maxRSA {
			return "", keyError("an RSA key of %d bits", bits)
		}
		return jwa.RS256, nil
	case *ecdsa.PublicKey:
		if public.Curve != elliptic.P256() {
			return "", keyError("an elliptic curve other than P-256")
		}
		return jwa.ES256, nil
	default:
		return "", keyError("a JWT needs an RSA or P-256 key")
	}
}
