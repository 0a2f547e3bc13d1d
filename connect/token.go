package connect

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
)

// newToken returns 256 random bits as URL-safe text.
func newToken(r io.Reader) (string, error) {
	var raw [32]byte
	if _, err := io.ReadFull(r, raw[:]); err != nil {
		return "", fmt.Errorf("make token: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw[:]), nil
}

// hashToken returns what the store keeps instead of a one-time token.
func hashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
