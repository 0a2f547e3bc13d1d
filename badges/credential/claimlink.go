package credential

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"

	"github.com/google/uuid"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
)

// ClaimLinks makes and reads the tokens of claim links. A token names one
// assertion and is authenticated by a key. Tokens are not stored, and a notice
// that is sent again contains the same link.
type ClaimLinks struct{ key []byte }

// NewClaimLinks returns ClaimLinks with a key of 32 bytes, which serves no
// other purpose.
func NewClaimLinks(key []byte) ClaimLinks { return ClaimLinks{key: key} }

const claimTagSize = 16 // 128 bits, which nobody can guess

// Token returns the token of an assertion: 43 URL-safe characters. It fails if
// the id is not a UUID.
func (l ClaimLinks) Token(id badges.AssertionID) (string, error) {
	u, err := uuid.Parse(string(id))
	if err != nil {
		return "", fault.Wrap(err, fault.Internal, "problem.internal")
	}
	return base64.RawURLEncoding.EncodeToString(append(u[:], l.tag(u)...)), nil
}

// Parse returns the assertion that a token names; fault.NotFound if Insigne did
// not make the token.
func (l ClaimLinks) Parse(token string) (badges.AssertionID, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) != 16+claimTagSize {
		return "", fault.New(fault.NotFound, "claim.unknown")
	}
	u := uuid.UUID(raw[:16])
	if !hmac.Equal(raw[16:], l.tag(u)) {
		return "", fault.New(fault.NotFound, "claim.unknown")
	}
	return badges.AssertionID(u.String()), nil
}

func (l ClaimLinks) tag(id uuid.UUID) []byte {
	mac := hmac.New(sha256.New, l.key)
	mac.Write(id[:])
	return mac.Sum(nil)[:claimTagSize]
}
