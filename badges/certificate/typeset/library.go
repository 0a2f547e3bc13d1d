package typeset

import (
	"sync"

	"github.com/go-text/typesetting/font"
)

// Library holds the fonts. A font is read when a text first needs it, and stays in
// memory. It is safe for concurrent use.
type Library struct {
	fonts   map[string]func() (*Font, error)
	setters sync.Pool
}

// NewLibrary returns a Library that has not read any font yet.
func NewLibrary() *Library {
	l := &Library{fonts: map[string]func() (*Font, error){}}
	for _, name := range FileNames() {
		l.fonts[name] = sync.OnceValues(func() (*Font, error) { return openFont(name) })
	}
	l.setters.New = func() any { return newSetter(l) }
	return l
}

// Font returns the font of a name in FileNames.
func (l *Library) Font(name string) (*Font, error) { return l.fonts[name]() }

// loaded is a font in use by one setter. A font.Face is not safe for concurrent use.
type loaded struct {
	font *Font
	face *font.Face
}
