package openbadges

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
)

// Errors of UnbakePNG.
var (
	ErrNotPNG   = errors.New("not a PNG picture")
	ErrNotBaked = errors.New("the picture carries no badge")
	ErrTwice    = errors.New("the picture carries more than one badge")
)

const (
	pngSignature = "\x89PNG\r\n\x1a\n"
	keyword2     = "openbadges" // Open Badges 2.0 baking specification
	chunkExtra   = 12           // length, type and checksum of a chunk
)

// chunk is one chunk of a PNG; raw includes length and checksum.
type chunk struct {
	kind      string
	data, raw []byte
}

// chunks splits a PNG, checking lengths and checksums.
func chunks(png []byte) ([]chunk, error) {
	rest, ok := bytes.CutPrefix(png, []byte(pngSignature))
	if !ok {
		return nil, ErrNotPNG
	}
	var list []chunk
	for len(rest) > 0 {
		if len(rest) < chunkExtra {
			return nil, ErrNotPNG
		}
		n := int64(binary.BigEndian.Uint32(rest))
		if n > int64(len(rest)-chunkExtra) {
			return nil, ErrNotPNG
		}
		c := chunk{kind: string(rest[4:8]), data: rest[8 : 8+n], raw: rest[:chunkExtra+n]}
		if crc32.ChecksumIEEE(rest[4:8+n]) != binary.BigEndian.Uint32(rest[8+n:]) {
			return nil, ErrNotPNG
		}
		list = append(list, c)
		rest = rest[chunkExtra+n:]
		if c.kind == "IEND" {
			break // what follows is not part of the picture
		}
	}
	if len(list) < 2 || list[0].kind != "IHDR" || list[len(list)-1].kind != "IEND" {
		return nil, ErrNotPNG
	}
	return list, nil
}

// BakePNG returns the picture with payload, the JSON or the address of an
// assertion, in one uncompressed iTXt chunk directly after the header. It
// replaces a badge that is already in the picture.
func BakePNG(png, payload []byte) ([]byte, error) {
	list, err := chunks(png)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.Grow(len(png) + len(payload) + 64)
	out.WriteString(pngSignature)
	for i, c := range list {
		if _, baked := payloadOf(c); baked {
			continue
		}
		out.Write(c.raw)
		if i == 0 {
			writeITXt(&out, payload)
		}
	}
	return out.Bytes(), nil
}

// writeITXt writes keyword, no compression, no language, no translated keyword
// (PNG 1.2, section 4.2.3.3).
func writeITXt(out *bytes.Buffer, payload []byte) {
	data := append([]byte("iTXt"+keyword2+"\x00\x00\x00\x00\x00"), payload...)
	var n [4]byte
	binary.BigEndian.PutUint32(n[:], uint32(len(data)-4)) //nolint:gosec // a payload is far below 4 GiB
	out.Write(n[:])
	out.Write(data)
	binary.BigEndian.PutUint32(n[:], crc32.ChecksumIEEE(data))
	out.Write(n[:])
}

// payloadOf returns the payload of an Open Badges 2.0 chunk. It does not read
// compressed text: no issuer writes it, and it may be a decompression bomb.
func payloadOf(c chunk) ([]byte, bool) {
	if c.kind != "iTXt" && c.kind != "tEXt" {
		return nil, false
	}
	key, rest, ok := bytes.Cut(c.data, []byte{0})
	if !ok || string(key) != keyword2 {
		return nil, false
	}
	if c.kind == "tEXt" {
		return rest, true
	}
	if len(rest) < 2 || rest[0] != 0 {
		return nil, false
	}
	_, rest, ok = bytes.Cut(rest[2:], []byte{0}) // language
	if !ok {
		return nil, false
	}
	_, text, ok := bytes.Cut(rest, []byte{0}) // translated keyword
	return text, ok
}

// UnbakePNG returns the payload of a baked PNG: the JSON or the address of an
// assertion.
func UnbakePNG(png []byte) ([]byte, error) {
	list, err := chunks(png)
	if err != nil {
		return nil, err
	}
	var found []byte
	n := 0
	for _, c := range list {
		if payload, ok := payloadOf(c); ok {
			found = payload
			n++
		}
	}
	switch n {
	case 0:
		return nil, ErrNotBaked
	case 1:
		return found, nil
	default:
		return nil, ErrTwice
	}
}
