package badges_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
)

// TestStatusBits checks the order of the bits (Bitstring Status List 1.0, section 3.3:
// the first index is the left-most bit) and the way back.
func TestStatusBits(t *testing.T) {
	for name, tt := range map[string]struct {
		set   []int
		bytes map[int]byte // those that are not 0
	}{
		"none":            {},
		"the first":       {[]int{0}, map[int]byte{0: 0x80}},
		"the eighth":      {[]int{7}, map[int]byte{0: 0x01}},
		"the ninth":       {[]int{8}, map[int]byte{1: 0x80}},
		"the last":        {[]int{131071}, map[int]byte{16383: 0x01}},
		"several at once": {[]int{0, 3, 7, 8, 65536}, map[int]byte{0: 0x91, 1: 0x80, 8192: 0x80}},
	} {
		bits := badges.StatusBits(tt.set)
		if len(bits) != 16384 {
			t.Errorf("%s: %d bytes", name, len(bits))
		}
		for i, b := range bits {
			if b != tt.bytes[i] {
				t.Errorf("%s: byte %d is %#x, want %#x", name, i, b, tt.bytes[i])
			}
		}
		if diff := cmp.Diff(tt.set, badges.StatusIndices(bits)); diff != "" {
			t.Errorf("%s, read back (-want +got):\n%s", name, diff)
		}
		for _, index := range tt.set {
			badges.SetStatusBit(bits, index, false)
		}
		if left := badges.StatusIndices(bits); left != nil {
			t.Errorf("%s: %v are left", name, left)
		}
	}
}
