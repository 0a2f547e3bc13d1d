package certificate

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"sync"

	"github.com/insigne-badges/insigne/badges/certificate/pdf"
)

// raster is a picture in the form that the file holds: colours and, where it is not
// opaque, how opaque each pixel is. Both are packed with PNG's filters (7.4.4.4).
type raster struct {
	width, height int
	colours       []byte
	opacity       []byte // empty: opaque everywhere
}

// maxKept is how many bytes of packed pictures a Renderer keeps.
const maxKept = 16 << 20

// pictures keeps packed pictures by the hash of their PNG: packing one takes longer
// than the rest of the page.
type pictures struct {
	mu   sync.Mutex
	kept map[[sha256.Size]byte]*raster
	size int
}

func newPictures() *pictures { return &pictures{kept: map[[sha256.Size]byte]*raster{}} }

func (p *pictures) read(field string, file []byte) (*raster, error) {
	key := sha256.Sum256(file)
	p.mu.Lock()
	r, has := p.kept[key]
	p.mu.Unlock()
	if has {
		return r, nil
	}
	r, err := pack(field, file)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if same, has := p.kept[key]; has { // packed for another certificate at the same time
		return same, nil
	}
	if p.size += r.size(); p.size > maxKept {
		clear(p.kept) // rare: an installation has few pictures in use at a time
		p.size = r.size()
	}
	p.kept[key] = r
	return r, nil
}

func (r *raster) size() int { return len(r.colours) + len(r.opacity) }

func pack(field string, file []byte) (*raster, error) {
	if len(file) > MaxImage {
		return nil, invalid(field, "too many bytes")
	}
	size, err := png.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return nil, invalid(field, "not a PNG")
	}
	if size.Width > MaxPixels || size.Height > MaxPixels {
		return nil, invalid(field, fmt.Sprintf("more than %d pixels on a side", MaxPixels))
	}
	decoded, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, invalid(field, "a PNG with errors")
	}
	return packImage(decoded)
}

func packImage(decoded image.Image) (*raster, error) {
	bounds := image.Rect(0, 0, decoded.Bounds().Dx(), decoded.Bounds().Dy())
	pixels := image.NewNRGBA(bounds)
	draw.Draw(pixels, bounds, decoded, decoded.Bounds().Min, draw.Src)
	opacity := image.NewGray(bounds)
	opaque := true
	for y := range bounds.Dy() {
		for x := range bounds.Dx() {
			c := pixels.NRGBAAt(x, y)
			opaque = opaque && c.A == 255
			opacity.SetGray(x, y, color.Gray{Y: c.A})
			c.A = 255
			pixels.SetNRGBA(x, y, c)
		}
	}
	out := &raster{width: bounds.Dx(), height: bounds.Dy()}
	var err error
	if out.colours, err = deflated(pixels); err != nil || opaque {
		return out, err
	}
	out.opacity, err = deflated(opacity)
	return out, err
}

// deflated returns the data of img as PNG packs it, which a PDF can hold unchanged.
func deflated(img image.Image) ([]byte, error) {
	var file, data bytes.Buffer
	if err := png.Encode(&file, img); err != nil {
		return nil, fmt.Errorf("pack picture: %w", err)
	}
	const signature, around = 8, 12 // length, type and checksum of a chunk
	for rest := file.Bytes()[signature:]; len(rest) >= around; {
		length := binary.BigEndian.Uint32(rest)
		if string(rest[4:8]) == "IDAT" {
			data.Write(rest[8 : 8+length])
		}
		rest = rest[around+length:]
	}
	return data.Bytes(), nil
}

// write adds the picture to the file.
func (r *raster) write(w *pdf.Writer) pdf.Ref {
	mask := ""
	if len(r.opacity) > 0 {
		mask = "/SMask " + w.Raw(r.entries("Gray", 1), r.opacity).String()
	}
	return w.Raw(r.entries("RGB", 3)+mask, r.colours)
}

func (r *raster) entries(space string, channels int) string {
	return fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/Device%s/BitsPerComponent 8/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors %d/BitsPerComponent 8/Columns %d>>",
		r.width, r.height, space, channels, r.width)
}
