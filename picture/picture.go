package picture

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"github.com/insigne-badges/insigne/internal/fault"
)

// Side is the width and height of every picture's PNG, in pixels.
const Side = 512

// MaxUpload is how many bytes of an upload are accepted.
const MaxUpload = 2 << 20

// Picture is a badge picture that is safe to store and to serve.
type Picture struct {
	Hash string // SHA-256 in hex of the SVG where there is one, else of the PNG
	PNG  []byte // Side × Side pixels; for mails, public pages and baking
	SVG  []byte // cleaned source of an SVG upload, else nil
}

// Clean returns the safe picture of an uploaded PNG or SVG. It finds the format
// from the content. Errors are fault.Invalid, except when reading the upload fails.
func Clean(upload io.Reader) (Picture, error) {
	raw, err := io.ReadAll(io.LimitReader(upload, MaxUpload+1))
	if err != nil {
		return Picture{}, fmt.Errorf("read picture: %w", err)
	}
	switch {
	case len(raw) > MaxUpload:
		return Picture{}, fault.New(fault.Invalid, "picture.too_large").With("Megabytes", MaxUpload>>20)
	case len(raw) == 0:
		return Picture{}, fault.New(fault.Invalid, "picture.empty")
	case bytes.HasPrefix(raw, []byte("\x89PNG\r\n\x1a\n")):
		return cleanPNG(raw)
	case looksLikeXML(raw):
		return cleanSVG(raw)
	}
	return Picture{}, fault.New(fault.Invalid, "picture.format")
}

// looksLikeXML only decides which reader is used. That reader checks everything.
func looksLikeXML(raw []byte) bool {
	text := bytes.TrimLeft(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")), " \t\r\n")
	return bytes.HasPrefix(text, []byte("<?xml")) || bytes.HasPrefix(text, []byte("<svg")) ||
		bytes.HasPrefix(text, []byte("<!"))
}

func cleanPNG(raw []byte) (Picture, error) {
	img, err := decodePNG(raw)
	if err != nil {
		return Picture{}, err
	}
	return finish(fit(img), nil)
}

func cleanSVG(raw []byte) (Picture, error) {
	doc, err := readSVG(raw)
	if err != nil {
		return Picture{}, err
	}
	img, err := doc.draw()
	if err != nil {
		return Picture{}, err
	}
	return finish(img, doc.bytes())
}

// refuse is an Invalid fault with a cause for the log.
func refuse(key string, cause error) *fault.Error { return fault.Wrap(cause, fault.Invalid, key) }

// refused returns a fault as it is, and any other error as Invalid with the key.
func refused(err error, key string) error {
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	return refuse(key, err)
}

func hash(master []byte) string {
	sum := sha256.Sum256(master)
	return hex.EncodeToString(sum[:])
}
