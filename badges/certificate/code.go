package certificate

import (
	"fmt"

	"rsc.io/qr"
)

// code draws the QR code of an address as shapes, so that it stays sharp in print.
// The square has its left bottom corner at x and y. It includes no quiet zone: the
// page leaves more than four modules of white around it.
func (k *ink) code(address string, x, y, side float64) error {
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		return fmt.Errorf("%w: address: %w", ErrInvalid, err)
	}
	module := side / float64(code.Size)
	k.fill(ink0)
	for row := range code.Size {
		for column := 0; column < code.Size; {
			end := column
			for end < code.Size && code.Black(end, row) {
				end++
			}
			if end == column {
				column++
				continue
			}
			k.op("re", x+float64(column)*module, y+side-float64(row+1)*module, float64(end-column)*module, module)
			column = end
		}
	}
	k.out.WriteString("f\n")
	return nil
}
