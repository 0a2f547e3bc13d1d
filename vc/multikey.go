package vc

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"math/big"
	"strings"

	"github.com/mr-tron/base58"
)

// The first bytes of a Multikey name the kind of key (section 2.2.2 of Controlled
// Identifiers 1.0).
var (
	multikeyEd25519 = []byte{0xed, 0x01}
	multikeyP256    = []byte{0x80, 0x24}
)

// EncodeMultikey returns a public key as publicKeyMultibase: Ed25519 or P-256.
func EncodeMultikey(public crypto.PublicKey) (string, error) {
	switch public := public.(type) {
	case ed25519.PublicKey:
		if len(public) != ed25519.PublicKeySize {
			return "", keyError("an Ed25519 key of %d bytes", len(public))
		}
		return multibase58(multikeyEd25519, public), nil
	case *ecdsa.PublicKey:
		if public.Curve != elliptic.P256() {
			return "", keyError("an elliptic curve other than P-256")
		}
		point, err := public.Bytes()
		if err != nil {
			return "", keyError("%v", err)
		}
		return multibase58(multikeyP256, compress(point)), nil
	default:
		return "", keyError("%T cannot be a Multikey", public)
	}
}

// DecodeMultikey returns the key of a publicKeyMultibase: ed25519.PublicKey or
// *ecdsa.PublicKey on P-256.
func DecodeMultikey(text string) (crypto.PublicKey, error) {
	const longest = 128
	encoded, found := strings.CutPrefix(text, "z")
	if !found || len(text) > longest {
		return nil, keyError("a Multikey is base58 with z in front")
	}
	data, err := base58.Decode(encoded)
	if err != nil {
		return nil, keyError("a Multikey that is not base58")
	}
	if key, found := bytes.CutPrefix(data, multikeyEd25519); found && len(key) == ed25519.PublicKeySize {
		return ed25519.PublicKey(key), nil
	}
	if key, found := bytes.CutPrefix(data, multikeyP256); found {
		x, y := elliptic.UnmarshalCompressed(elliptic.P256(), key)
		if x == nil {
			return nil, keyError("a Multikey that is no point on P-256")
		}
		return p256(x, y)
	}
	return nil, unsupported("a Multikey of another kind than Ed25519 and P-256")
}

func p256(x, y *big.Int) (crypto.PublicKey, error) {
	const half = 32
	point := make([]byte, 1+2*half)
	point[0] = 4 // uncompressed
	x.FillBytes(point[1 : 1+half])
	y.FillBytes(point[1+half:])
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		return nil, keyError("%v", err)
	}
	return key, nil
}

func multibase58(prefix, data []byte) string {
	return "z" + base58.Encode(append(bytes.Clone(prefix), data...))
}

// compress turns an uncompressed point (4, x, y) into its short form.
func compress(point []byte) []byte {
	half := (len(point) - 1) / 2
	sign := 2 + point[len(point)-1]&1
	return append([]byte{sign}, point[1:1+half]...)
}
