package vc

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
	"strings"
)

// Bounds of a status list, in bits. The smallest is the one of the specification
// (section 2.2 of Bitstring Status List 1.0): a place in a list must not tell who has it.
const (
	MinStatusList = 131_072
	maxStatusList = 1 << 27 // 16 MiB
)

// EncodeStatusList returns bits as the encodedList of a BitstringStatusList: multibase
// u, base64url, gzip. Bit 0 is the left-most bit of the first byte (Status). The
// list is filled up with zeros to at least MinStatusList bits. The same bits give the
// same text.
func EncodeStatusList(bits []byte) (string, error) {
	if len(bits) > maxStatusList/8 {
		return "", malformed("a status list of more than %d bits", maxStatusList)
	}
	if missing := MinStatusList/8 - len(bits); missing > 0 {
		bits = append(bytes.Clone(bits), make([]byte, missing)...)
	}
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed) // its header has no time and no name
	if _, err := writer.Write(bits); err != nil {
		return "", err
	}
	if err := writer.Close(); err != nil {
		return "", err
	}
	return "u" + base64.RawURLEncoding.EncodeToString(packed.Bytes()), nil
}

// DecodeStatusList returns the bits of an encodedList. A list that unpacks to less
// than MinStatusList bits, or to more than 16 MiB, is refused.
func DecodeStatusList(encoded string) ([]byte, error) {
	text, found := strings.CutPrefix(encoded, "u")
	if !found {
		return nil, malformed("a status list is base64url with u in front")
	}
	if len(text) > maxStatusList/4 {
		return nil, malformed("a status list of more than %d bits", maxStatusList)
	}
	packed, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "="))
	if err != nil {
		return nil, malformed("a status list that is not base64url")
	}
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, malformed("a status list that is not gzip")
	}
	bits, err := io.ReadAll(io.LimitReader(reader, maxStatusList/8+1))
	switch {
	case err != nil:
		return nil, malformed("a status list with damaged gzip")
	case len(bits) > maxStatusList/8:
		return nil, malformed("a status list of more than %d bits", maxStatusList)
	case len(bits) < MinStatusList/8:
		return nil, malformed("a status list of less than %d bits", MinStatusList)
	}
	return bits, nil
}

// Status reports whether the bit at an index is 1. An index outside of the list is an
// error: it says nothing about the credential.
func Status(bits []byte, index int) (bool, error) {
	if index < 0 || index/8 >= len(bits) {
		return false, malformed("the index %d is not in the status list", index)
	}
	return bits[index/8]&(0x80>>(index%8)) != 0, nil
}
