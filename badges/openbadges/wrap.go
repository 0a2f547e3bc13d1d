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
	list, err := chunks(png)
	if err != nil {
		return nil, err
	}
	header := list[0].data
	if len(header) != 13 { // PNG 1.2, section 4.1.1
		return nil, ErrNotPNG
	}
	width, height := binary.BigEndian.Uint32(header), binary.BigEndian.Uint32(header[4:])
	if width == 0 || height == 0 {
		return nil, ErrNotPNG
	}
	if width > maxSide || height > maxSide {
		return nil, ErrTooLarge
	}
	if !carriable([]byte(caption)) {
		return nil, ErrPayload
	}
	var out bytes.Buffer
	out.Grow(base64.StdEncoding.EncodedLen(len(png)) + len(caption) + 512)
	fmt.Fprintf(&out, `<svg xmlns="%s" xmlns:xlink="http://www.w3.org/1999/xlink" width="%d" height="%d" viewBox="0 0 %[2]d %[3]d">`, namespaceSVG, width, height)
	if caption != "" {
		out.WriteString("<title>")
		_ = xml.EscapeText(&out, []byte(caption)) // a buffer does not fail
		out.WriteString("</title>")
	}
	fmt.Fprintf(&out, `<image width="%d" height="%d" xlink:href="data:image/png;base64,`, width, height)
	encoder := base64.NewEncoder(base64.StdEncoding, &out)
	_, _ = encoder.Write(png) // a buffer does not fail
	_ = encoder.Close()
	out.WriteString(`"/></svg>`)
	return out.Bytes(), nil
}
