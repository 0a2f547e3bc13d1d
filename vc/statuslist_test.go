package vc_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"testing"

	"github.com/insigne-badges/insigne/vc"
)

// The encoded list of an empty list in the examples of Bitstring Status List 1.0.
const publishedEmptyList = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"

func TestStatusListOfTheSpecification(t *testing.T) {
	bits, err := vc.DecodeStatusList(publishedEmptyList)
	if err != nil {
		t.Fatal(err)
	}
	assertEqual(t, bytes.Equal(bits, make([]byte, vc.MinStatusList/8)), true)
}

// setStatus sets the bit at an index to 1.
func setStatus(bits []byte, index int) { bits[index/8] |= 0x80 >> (index % 8) }

func TestStatusList(t *testing.T) {
	bits := make([]byte, vc.MinStatusList/8)
	for _, index := range []int{0, 9, 94567, vc.MinStatusList - 1} {
		setStatus(bits, index)
	}
	// Index 0 is the left-most bit (section 3.2, "generate bitstring").
	assertEqual(t, bits[:2], []byte{0b1000_0000, 0b0100_0000})
	encoded, err := vc.EncodeStatusList(bits)
	if err != nil {
		t.Fatal(err)
	}
	again, err := vc.EncodeStatusList(bits)
	if err != nil {
		t.Fatal(err)
	}
	assertEqual(t, again, encoded)
	read, err := vc.DecodeStatusList(encoded)
	if err != nil {
		t.Fatal(err)
	}
	for index, want := range map[int]bool{0: true, 1: false, 9: true, 94567: true, 94568: false, vc.MinStatusList - 1: true} {
		got, err := vc.Status(read, index)
		if err != nil || got != want {
			t.Errorf("index %d is %t, %v, want %t", index, got, err, want)
		}
	}
}

// A time or name in the header would make each list different.
func TestEncodeStatusListHasNoTime(t *testing.T) {
	encoded, err := vc.EncodeStatusList(nil)
	if err != nil {
		t.Fatal(err)
	}
	packed, err := base64.RawURLEncoding.DecodeString(encoded[1:])
	if err != nil {
		t.Fatal(err)
	}
	assertEqual(t, binary.LittleEndian.Uint32(packed[4:8]), uint32(0))
	assertEqual(t, packed[3], byte(0)) // flags: no name, no comment
}

func TestEncodeStatusListIsAtLeastTheMinimum(t *testing.T) {
	encoded, err := vc.EncodeStatusList([]byte{0x80})
	if err != nil {
		t.Fatal(err)
	}
	bits, err := vc.DecodeStatusList(encoded)
	if err != nil {
		t.Fatal(err)
	}
	assertEqual(t, len(bits)*8, vc.MinStatusList)
	if _, err := vc.EncodeStatusList(make([]byte, 17<<20)); !errors.Is(err, vc.ErrMalformed) {
		t.Errorf("17 MiB: error %v, want ErrMalformed", err)
	}
}

func TestStatusRefusesAnIndexOutsideOfTheList(t *testing.T) {
	bits := make([]byte, vc.MinStatusList/8)
	for _, index := range []int{-1, vc.MinStatusList, 1 << 40} {
		if _, err := vc.Status(bits, index); !errors.Is(err, vc.ErrMalformed) {
			t.Errorf("index %d: error %v, want ErrMalformed", index, err)
		}
	}
}

func pack(t testing.TB, size int) string {
	t.Helper()
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	zeros := make([]byte, 1<<20)
	for size > 0 {
		n, err := writer.Write(zeros[:min(size, len(zeros))])
		if err != nil {
			t.Fatal(err)
		}
		size -= n
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return "u" + base64.RawURLEncoding.EncodeToString(packed.Bytes())
}

func TestDecodeStatusListRefuses(t *testing.T) {
	whole := pack(t, vc.MinStatusList/8)
	tests := []struct{ name, encoded string }{
		{"nothing", ""},
		{"another multibase", "z" + whole[1:]},
		{"no base64url", "u%%%"},
		{"no gzip", "uAAAA"},
		{"half of it", whole[:len(whole)/2]},
		{"a list that is too short: few holders could be told apart", pack(t, vc.MinStatusList/8-1)},
		{"a bomb: 200 kB that unpack to 200 MB", pack(t, 200<<20)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := vc.DecodeStatusList(test.encoded); !errors.Is(err, vc.ErrMalformed) {
				t.Errorf("error %v, want ErrMalformed", err)
			}
		})
	}
}

func BenchmarkEncodeStatusList(b *testing.B) {
	bits := make([]byte, vc.MinStatusList/8)
	for index := 0; index < vc.MinStatusList; index += 37 {
		setStatus(bits, index)
	}
	for range b.N {
		if _, err := vc.EncodeStatusList(bits); err != nil {
			b.Fatal(err)
		}
	}
}
