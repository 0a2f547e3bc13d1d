package credential

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"

	"github.com/google/uuid"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
)

// AddressLink is the token of a claim link that also confirms an address. The
// token names the award and its own end, and is bound to the address without
// containing it. It proves nothing before Confirms says so.
type AddressLink struct {
	Assertion badges.AssertionID
	Ends      time.Time // in whole seconds

	id  uuid.UUID
	tag []byte
}

// addressTokenSize is the size of a decoded token: id, end and tag. It differs
// from that of the other claim tokens.
const addressTokenSize = 16 + 8 + claimTagSize

// AddressToken returns the token that confirms address for an assertion until
// ends: 54 URL-safe characters. It fails if the id is not a UUID.
func (l ClaimLinks) AddressToken(id badges.AssertionID, address string, ends time.Time) (string, error) {
	u, err := uuid.Parse(string(id))
	if err != nil {
		return "", fault.Wrap(err, fault.Internal, "problem.internal")
	}
	raw := binary.BigEndian.AppendUint64(append([]byte(nil), u[:]...), uint64(ends.Unix())) //nolint:gosec // a time of our own, after 1970
	return base64.RawURLEncoding.EncodeToString(append(raw, l.addressTag(u, ends, address)...)), nil
}

// ParseAddress reads a token of AddressToken; fault.NotFound if it has another
// form.
func (l ClaimLinks) ParseAddress(token string) (AddressLink, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) != addressTokenSize {
		return AddressLink{}, fault.New(fault.NotFound, "claim.unknown")
	}
	u := uuid.UUID(raw[:16])
	ends := time.Unix(int64(binary.BigEndian.Uint64(raw[16:24])), 0).UTC() //nolint:gosec // any value is harmless before Confirms
	return AddressLink{Assertion: badges.AssertionID(u.String()), Ends: ends, id: u, tag: raw[24:]}, nil
}

// Confirms reports whether the link was made for the address, in any spelling
// that has the same hash.
func (l ClaimLinks) Confirms(link AddressLink, address string) bool {
	return address != "" && hmac.Equal(link.tag, l.addressTag(link.id, link.Ends, address))
}

// addressTag begins with a word, so that no tag of a claim link equals one.
func (l ClaimLinks) addressTag(id uuid.UUID, ends time.Time, address string) []byte {
	mac := hmac.New(sha256.New, l.key)
	mac.Write([]byte("address\x00"))
	mac.Write(id[:])
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(ends.Unix()))) //nolint:gosec // only compared
	mac.Write([]byte(badges.IdentityAddress(address)))
	return mac.Sum(nil)[:claimTagSize]
}

// ClaimAt returns the secret address where the learner claims an award and
// confirms their own address, until ends. It fails if the id is not a UUID.
func (a Addresses) ClaimAt(id badges.AssertionID, address string, ends time.Time) (string, error) {
	token, err := a.claims.AddressToken(id, address, ends)
	if err != nil {
		return "", err
	}
	return a.base + "/claim/" + token, nil
}

// ParseAddressLink reads the token of an address that ClaimAt returned; see
// ClaimLinks.ParseAddress.
func (a Addresses) ParseAddressLink(token string) (AddressLink, error) {
	return a.claims.ParseAddress(token)
}

// Confirms reports whether the link was made for the address.
func (a Addresses) Confirms(link AddressLink, address string) bool {
	return a.claims.Confirms(link, address)
}
