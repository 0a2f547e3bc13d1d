package certificate

import (
	"fmt"
	"sync"

	"github.com/insigne-badges/insigne/badges/certificate/pdf"
	"github.com/insigne-badges/insigne/badges/certificate/typeset"
)

// Renderer makes certificates. It keeps the fonts that were needed so far and the
// pictures of late, ready for the file. It is safe for concurrent use.
type Renderer struct {
	fonts    *typeset.Library
	pictures *pictures
	writers  sync.Pool
}

// NewRenderer returns a Renderer that has read nothing yet.
func NewRenderer() *Renderer {
	return &Renderer{
		fonts: typeset.NewLibrary(), pictures: newPictures(),
		writers: sync.Pool{New: func() any { return pdf.New() }},
	}
}

// Render returns the PDF. An error that is ErrInvalid names the value that is wrong.
func (r *Renderer) Render(c Certificate) (file []byte, err error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	// The rules of all scripts meet texts of strangers here: a mistake in them must
	// cost one certificate, not the process.
	defer func() {
		if p := recover(); p != nil {
			file, err = nil, fmt.Errorf("render certificate: panic: %v", p)
		}
	}()
	writer, _ := r.writers.Get().(*pdf.Writer)
	writer.Reset()
	defer r.writers.Put(writer)
	d := newDocument(c, writer)
	page := &page{certificate: c, document: d, fonts: r.fonts, ink: newInk(d), size: c.Size.points()}
	if err := page.draw(r.pictures); err != nil {
		return nil, err
	}
	return d.finish(page)
}
