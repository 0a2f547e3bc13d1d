package picture

import "github.com/insigne-badges/insigne/internal/fault"

// Limits of the work for one picture, so that the worst upload takes a second or
// two. Rich drawings need far less than a tenth of each.
const (
	maxPixels = 120 * Side * Side // painted with one colour; with a gradient they count four times
	maxLines  = 500_000           // after curves and strokes became lines
	maxLayers = 32                // each a whole image
)

// work counts the work that was done to draw one picture.
type work struct{ pixels, lines, layers int }

func (w *work) exceeded() bool {
	return w.pixels > maxPixels || w.lines > maxLines || w.layers > maxLayers
}

// check refuses a picture that takes too much.
func (w *work) check() error {
	if w.exceeded() {
		return fault.New(fault.Invalid, "picture.svg_complex")
	}
	return nil
}
