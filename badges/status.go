package badges

import (
	mathbits "math/bits"
	"time"
)

// StatusPurpose says what a set bit of a status list means.
type StatusPurpose string

// The purposes (statusPurpose of Bitstring Status List 1.0).
const (
	ForRevocation StatusPurpose = "revocation" // the award was revoked
	ForMessage    StatusPurpose = "message"    // a higher step replaced the award, which stays verifiable
)

// StatusListSize is the number of bits of a status list, the smallest that the
// standard allows: a reader who fetches it does not tell which award they ask
// about (Bitstring Status List 1.0, section 3.3).
const StatusListSize = 131072

// StatusListFull is the number of entries from which a list gets no more: half
// of its bits, so that a free index is soon found and stays hard to guess.
const StatusListFull = StatusListSize / 2

// StatusListID is the id of a status list, a part of its address.
type StatusListID string

// StatusList is the list of one issuer, base URL and purpose. When it is half
// full, another begins.
type StatusList struct {
	ID        StatusListID
	Issuer    IssuerID
	BaseURL   string // as in Assertion
	Purpose   StatusPurpose
	Version   int       // from 1; one more after each transaction that changed bits of the list
	ChangedAt time.Time // when the list began, or when its bits changed last
}

// StatusEntry is the place of one award in a status list. The claim draws it, and
// it never changes.
type StatusEntry struct {
	List    StatusListID
	BaseURL string
	Purpose StatusPurpose
	Index   int // from 0
}

// StatusBits returns the bits of a list of which the given indices are set, the
// first index in the highest bit of the first byte (Bitstring Status List 1.0,
// section 3.3).
func StatusBits(set []int) []byte {
	bits := make([]byte, StatusListSize/8)
	for _, index := range set {
		SetStatusBit(bits, index, true)
	}
	return bits
}

// SetStatusBit sets or clears one of the bits that StatusBits returned.
func SetStatusBit(bits []byte, index int, set bool) {
	if mask := byte(0x80) >> (index % 8); set {
		bits[index/8] |= mask
	} else {
		bits[index/8] &^= mask
	}
}

// StatusIndices returns the indices whose bits are set, in order.
func StatusIndices(bits []byte) []int {
	var set []int
	for i, eight := range bits {
		for eight != 0 {
			place := mathbits.LeadingZeros8(eight)
			set = append(set, i*8+place)
			eight &^= 0x80 >> place
		}
	}
	return set
}

// Revocation is an entry of an issuer's list of revoked awards, which Open Badges
// 2.0 has for signed assertions.
type Revocation struct {
	Assertion AssertionID
	Replaced  bool   // a higher step replaced it; false for one that is not public
	Reason    string // in the teacher's words; empty if it was replaced or is not public
}
