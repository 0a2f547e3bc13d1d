package openbadges

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/xml"
	"fmt"
)

// maxSide is the longest side of a PNG that is wrapped, in pixels.
const maxSide = 1 << 15

// WrapPNG returns an SVG that shows a PNG at its own size, for a badge whose
// picture is not drawn. caption says what the picture shows; it may be empty.
// Errors: ErrNotPNG, ErrTooLarge, ErrPayload if the caption cannot be in an SVG.
func WrapPNG(png []byte, caption string) ([]byte, error) {
	blank, err := NewBlankWrapped(png, caption)
	if err != nil {
		return nil, err
	}
	return blank.Bake(Payloads{})
}

// NewBlankWrapped returns the SVG of WrapPNG, ready to be baked. It takes a small
// part of the time of reading that SVG.
func NewBlankWrapped(png []byte, caption string) (Blank, error) {
	width, height, err := sizeOf(png)
	if err != nil {
		return Blank{}, err
	}
	if !carriable([]byte(caption)) {
		return Blank{}, ErrPayload
	}
	head := fmt.Sprintf(`<svg xmlns="%s" xmlns:xlink="http://www.w3.org/1999/xlink" width="%d" height="%d" viewBox="0 0 %[2]d %[3]d"`, namespaceSVG, width, height)
	var tail bytes.Buffer
	tail.Grow(base64.StdEncoding.EncodedLen(len(png)) + len(caption) + 512)
	if caption != "" {
		tail.WriteString("<title>")
		_ = xml.EscapeText(&tail, []byte(caption)) // a buffer does not fail
		tail.WriteString("</title>")
	}
	fmt.Fprintf(&tail, `<image width="%d" height="%d" xlink:href="data:image/png;base64,`, width, height)
	encoder := base64.NewEncoder(base64.StdEncoding, &tail)
	_, _ = encoder.Write(png) // a buffer does not fail
	_ = encoder.Close()
	tail.WriteString(`"/></svg>`)
	return Blank{head: []byte(head), tail: tail.Bytes(), write: elements("")}, nil
}

// sizeOf returns width and height of a PNG in pixels (PNG 1.2, section 4.1.1).
func sizeOf(png []byte) (width, height uint32, err error) {
	list, err := chunks(png)
	if err != nil {
		return 0, 0, err
	}
	header := list[0].data
	if len(header) != 13 {
		return 0, 0, ErrNotPNG
	}
	width, height = binary.BigEndian.Uint32(header), binary.BigEndian.Uint32(header[4:])
	switch {
	case width == 0 || height == 0:
		return 0, 0, ErrNotPNG
	case width > maxSide || height > maxSide:
		return 0, 0, ErrTooLarge
	}
	return width, height, nil
}
