package openbadges

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"slices"
)

const (
	pngSignature = "\x89PNG\r\n\x1a\n"
	keyword2     = "openbadges"          // Open Badges 2.0 baking specification
	keyword3     = "openbadgecredential" // Open Badges 3.0, section 5.3.1
	chunkExtra   = 12                    // length, type and checksum of a chunk
	maxChunks    = 10_000
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
	if len(png) > maxPicture {
		return nil, ErrTooLarge
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
		if list = append(list, c); len(list) > maxChunks {
			return nil, ErrTooLarge
		}
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

// NewBlankPNG returns a PNG without the badge that it may carry. It keeps all
// other chunks as they are. Errors: ErrNotPNG, ErrTooLarge.
func NewBlankPNG(png []byte) (Blank, error) {
	list, err := chunks(png)
	if err != nil {
		return Blank{}, err
	}
	head := slices.Concat([]byte(pngSignature), list[0].raw)
	var tail bytes.Buffer
	tail.Grow(len(png))
	for _, c := range list[1:] {
		if generation(c) == 0 {
			tail.Write(c.raw)
		}
	}
	return Blank{head: head, tail: tail.Bytes(), write: writeChunks}, nil
}

// BakePNG returns the PNG with each payload in one uncompressed iTXt chunk
// directly after the header. It replaces badges that are already in the picture.
// Errors: ErrNotPNG, ErrTooLarge, ErrPayload.
func BakePNG(png []byte, p Payloads) ([]byte, error) {
	blank, err := NewBlankPNG(png)
	if err != nil {
		return nil, err
	}
	return blank.Bake(p)
}

func writeChunks(out *bytes.Buffer, p Payloads) {
	if p.OB2 != nil {
		writeITXt(out, keyword2, p.OB2)
	}
	if p.OB3 != nil {
		writeITXt(out, keyword3, p.OB3)
	}
}

// writeITXt writes keyword, no compression, no language, no translated keyword
// (PNG 1.2, section 4.2.3.3).
func writeITXt(out *bytes.Buffer, keyword string, payload []byte) {
	data := slices.Concat([]byte("iTXt"+keyword+"\x00\x00\x00\x00\x00"), payload)
	var n [4]byte
	binary.BigEndian.PutUint32(n[:], uint32(len(data)-4)) //nolint:gosec // a payload is bounded, far below 4 GiB
	out.Write(n[:])
	out.Write(data)
	binary.BigEndian.PutUint32(n[:], crc32.ChecksumIEEE(data))
	out.Write(n[:])
}

// generation returns 2 or 3 if a chunk is a badge, in whatever form, else 0.
func generation(c chunk) int {
	if c.kind != "iTXt" && c.kind != "tEXt" && c.kind != "zTXt" {
		return 0
	}
	key, _, _ := bytes.Cut(c.data, []byte{0})
	switch string(key) {
	case keyword2:
		return 2
	case keyword3:
		return 3
	}
	return 0
}

// payloadOf returns the payload of a badge's chunk. It does not read compressed
// text: no issuer writes it, and it may be a decompression bomb.
func payloadOf(c chunk) ([]byte, bool) {
	_, rest, ok := bytes.Cut(c.data, []byte{0})
	if !ok || c.kind == "zTXt" {
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

// UnbakePNG returns the payloads of a baked PNG. Errors: ErrNotPNG, ErrNotBaked,
// ErrTwice, ErrTooLarge.
func UnbakePNG(png []byte) (Payloads, error) {
	list, err := chunks(png)
	if err != nil {
		return Payloads{}, err
	}
	var f found
	for _, c := range list {
		if g := generation(c); g != 0 {
			if payload, ok := payloadOf(c); ok {
				f.add(g, payload)
			}
		}
	}
	return f.result()
}
