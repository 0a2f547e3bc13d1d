package picture

import (
	"errors"

	"github.com/insigne-badges/insigne/internal/fault"
)

// link finds the gradients, gives each what it inherits from another, and checks
// that every reference leads to a gradient.
func (d *document) link() error {
	d.root.each(func(e *element) {
		if id := e.attr("id"); id != "" && isGradient(e) {
			d.gradients[id] = e
		}
	})
	var failed error
	d.root.each(func(e *element) {
		if failed == nil {
			failed = d.resolve(e)
		}
	})
	return failed
}

func isGradient(e *element) bool { return e.name == "linearGradient" || e.name == "radialGradient" }

func (e *element) each(visit func(*element)) {
	visit(e)
	for _, c := range e.children {
		c.each(visit)
	}
}

func (d *document) resolve(e *element) error {
	for _, name := range []string{"fill", "stroke"} {
		if id, ok := localReference(e.attr(name)); ok && e.attr(name)[0] == 'u' && d.gradients[id] == nil {
			return fault.New(fault.Invalid, "picture.svg_reference")
		}
	}
	if len(e.children) > maxStops && isGradient(e) {
		return fault.New(fault.Invalid, "picture.svg_complex")
	}
	if e.attr("href") == "" {
		return nil
	}
	if !isGradient(e) {
		return fault.New(fault.Invalid, "picture.svg_reference")
	}
	return d.inherit(e)
}

// inherit copies stops and attributes from the gradients that e links to, in
// the way drawing programs share stops, and removes the link.
func (d *document) inherit(e *element) error {
	next := e.attr("href")
	e.drop("href")
	for range maxDepth {
		id, ok := localReference(next)
		from := d.gradients[id]
		if !ok || from == nil {
			return fault.New(fault.Invalid, "picture.svg_reference")
		}
		if len(e.children) == 0 {
			e.children = from.children
		}
		for _, a := range from.attrs {
			if a.name != "id" && a.name != "href" && e.attr(a.name) == "" {
				e.attrs = append(e.attrs, a)
			}
		}
		if next = from.attr("href"); next == "" {
			return nil
		}
	}
	return refuse("picture.svg_reference", errors.New("gradients link in a circle"))
}

func (e *element) drop(name string) {
	for i, a := range e.attrs {
		if a.name == name {
			e.attrs = append(e.attrs[:i:i], e.attrs[i+1:]...)
			return
		}
	}
}
