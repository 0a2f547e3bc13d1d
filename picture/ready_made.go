package picture

import (
	"embed"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/insigne-badges/insigne/internal/fault"
)

//go:embed ready/*.svg
var ready embed.FS

// readyIDs lists the ready-made pictures in the order in which pages offer them.
var readyIDs = []string{"star", "summit", "book", "leaf", "code", "dialogue", "laurel", "rocket", "idea"}

// Ready is a ready-made picture.
type Ready struct {
	ID      string // such as "star"; stable
	Key     string // catalogue key of its name
	Picture Picture
}

// Library holds the ready-made pictures.
type Library struct{ list []Ready }

// LoadLibrary returns the ready-made pictures. The first call draws them, in the
// same way as uploads.
func LoadLibrary() (*Library, error) { return drawLibrary() }

var drawLibrary = sync.OnceValues(func() (*Library, error) {
	l := &Library{list: make([]Ready, len(readyIDs))}
	var group errgroup.Group
	for i, id := range readyIDs {
		group.Go(func() error {
			raw, err := ready.ReadFile("ready/" + id + ".svg")
			if err != nil {
				return fmt.Errorf("read picture %s: %w", id, err)
			}
			p, err := cleanSVG(raw)
			if err != nil {
				return fmt.Errorf("draw picture %s: %w", id, err)
			}
			l.list[i] = Ready{ID: id, Key: "picture.ready." + id, Picture: p}
			return nil
		})
	}
	return l, group.Wait()
})

// All returns the pictures in the order to offer them.
func (l *Library) All() []Ready { return slices.Clone(l.list) }

// Find returns a picture by id; the error is fault.NotFound.
func (l *Library) Find(id string) (Ready, error) {
	for _, r := range l.list {
		if r.ID == id {
			return r, nil
		}
	}
	return Ready{}, fault.New(fault.NotFound, "picture.unknown")
}

// ByHash returns the picture with a hash.
func (l *Library) ByHash(hash string) (p Picture, found bool) {
	i := slices.IndexFunc(l.list, func(r Ready) bool { return r.Picture.Hash == hash })
	if i < 0 {
		return Picture{}, false
	}
	return l.list[i].Picture, true
}

// PNG returns the pixels of the picture with a hash.
func (l *Library) PNG(hash string) (png []byte, found bool) {
	p, found := l.ByHash(hash)
	return p.PNG, found
}
