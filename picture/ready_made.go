package picture

import (
	"embed"
	"fmt"
	"slices"
	"sync"

	"github.com/insigne-badges/insigne/internal/fault"
)

//go:embed ready/*.svg
var ready embed.FS

// readyIDs lists the ready-made pictures in the order in which pages offer them.
var readyIDs = []string{"star", "summit", "book", "leaf", "code", "dialogue", "laurel", "rocket", "idea"}

// Ready is a ready-made picture.
type Ready struct {
	ID   string // such as "star"; stable
	Key  string // catalogue key of its name
	Hash string // that of Picture
	draw func() (Picture, error)
}

// Picture returns the picture. The first call in a process draws it, in the same
// way as uploads.
func (r Ready) Picture() (Picture, error) { return r.draw() }

// Library has the ready-made pictures.
type Library struct{ list []Ready }

// LoadLibrary returns the ready-made pictures.
func LoadLibrary() (*Library, error) { return readLibrary() }

var readLibrary = sync.OnceValues(func() (*Library, error) {
	l := &Library{}
	for _, id := range readyIDs {
		raw, err := ready.ReadFile("ready/" + id + ".svg")
		if err != nil {
			return nil, fmt.Errorf("read picture %s: %w", id, err)
		}
		doc, err := readSVG(raw)
		if err != nil {
			return nil, fmt.Errorf("read picture %s: %w", id, err)
		}
		l.list = append(l.list, Ready{
			ID: id, Key: "picture.ready." + id, Hash: hash(doc.bytes()),
			draw: sync.OnceValues(func() (Picture, error) { return cleanSVG(raw) }),
		})
	}
	return l, nil
})

// All returns the pictures in the order in which to offer them.
func (l *Library) All() []Ready { return slices.Clone(l.list) }

// Find returns a picture by id; the error is fault.NotFound.
func (l *Library) Find(id string) (Ready, error) {
	return l.find(func(r Ready) bool { return r.ID == id })
}

func (l *Library) find(is func(Ready) bool) (Ready, error) {
	i := slices.IndexFunc(l.list, is)
	if i < 0 {
		return Ready{}, fault.New(fault.NotFound, "picture.unknown")
	}
	return l.list[i], nil
}

// Read returns the picture with a hash; the error is fault.NotFound.
func (l *Library) Read(hash string) (Picture, error) {
	r, err := l.find(func(r Ready) bool { return r.Hash == hash })
	if err != nil {
		return Picture{}, err
	}
	return r.Picture()
}
