package picture

import (
	"encoding/xml"
	"regexp"
	"slices"
	"strings"

	"github.com/insigne-badges/insigne/internal/fault"
)

const svgSpace = "http://www.w3.org/2000/svg"

// parents lists the elements that are allowed, and in which elements each may
// stand. All others cannot be drawn correctly, or do more than draw.
var parents = map[string][]string{
	"svg":            {""},
	"g":              {"svg", "g", "defs"},
	"defs":           {"svg", "g"},
	"path":           {"svg", "g", "defs"},
	"rect":           {"svg", "g", "defs"},
	"circle":         {"svg", "g", "defs"},
	"ellipse":        {"svg", "g", "defs"},
	"line":           {"svg", "g", "defs"},
	"polyline":       {"svg", "g", "defs"},
	"polygon":        {"svg", "g", "defs"},
	"linearGradient": {"svg", "g", "defs"},
	"radialGradient": {"svg", "g", "defs"},
	"stop":           {"linearGradient", "radialGradient"},
	"title":          {"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon"},
	"desc":           {"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon"},
}

// judgeElement keeps, drops or refuses an element. It drops the notes of drawing
// programs, and refuses an element that would be missing from the picture.
func judgeElement(name xml.Name, parent *element) (keep bool, err error) {
	switch strings.ToLower(name.Local) {
	case "script", "foreignobject", "handler", "listener":
		return false, fault.New(fault.Invalid, "picture.svg_script")
	}
	if parent == nil && name.Local != "svg" {
		return false, fault.New(fault.Invalid, "picture.format")
	}
	if name.Local == "metadata" || parent != nil && name.Space != "" && name.Space != svgSpace {
		return false, nil
	}
	within := ""
	if parent != nil {
		within = parent.name
	}
	if !slices.Contains(parents[name.Local], within) {
		return false, fault.New(fault.Invalid, "picture.svg_element").With("Element", clip(name.Local))
	}
	return true, nil
}

// allowed are the attributes that are kept. A declaration in a style attribute
// counts as an attribute.
var allowed = set("id viewBox width height x y rx ry cx cy r x1 y1 x2 y2 points d transform " +
	"offset gradientUnits gradientTransform stop-color stop-opacity " +
	"fill fill-opacity opacity stroke stroke-opacity stroke-width stroke-linecap stroke-linejoin stroke-miterlimit color")

// harmless lists values that change nothing, for attributes that are refused with
// any other value.
var harmless = map[string]string{
	"fill-rule": "nonzero", "clip-rule": "nonzero evenodd", "display": "inline block", "visibility": "visible",
	"filter": "none", "mask": "none", "clip-path": "none", "marker": "none", "marker-start": "none",
	"marker-mid": "none", "marker-end": "none", "stroke-dasharray": "none", "mix-blend-mode": "normal",
	"spreadMethod": "pad", "paint-order": "normal", "preserveAspectRatio": "xMidYMid xMidYMid meet",
}

// meaningless are attributes that change nothing in this kind of picture. They
// are dropped with any value.
var meaningless = set("version baseProfile class lang role stroke-dashoffset enable-background xml:space isolation " +
	"shape-rendering color-rendering image-rendering text-rendering color-interpolation color-interpolation-filters " +
	"vector-effect font-family font-size font-weight font-style text-anchor line-height overflow focusable tabindex " +
	"contentScriptType contentStyleType zoomAndPan solid-color solid-opacity stop fx fy fr")

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// judgeAttributes keeps the allowed attributes and refuses those whose loss
// would change the picture. It drops attributes of foreign namespaces, except
// links.
func judgeAttributes(attrs []xml.Attr) ([]attribute, error) {
	var kept []attribute
	for _, a := range attrs {
		var pairs []attribute
		switch {
		case a.Name.Local == "href":
			pairs = []attribute{{"href", a.Value}}
		case a.Name.Space != "" || a.Name.Local == "xmlns":
			continue
		case a.Name.Local == "style":
			pairs = declarations(a.Value)
		default:
			pairs = []attribute{{a.Name.Local, a.Value}}
		}
		for _, p := range pairs {
			keep, err := judgeAttribute(&p)
			if err != nil {
				return nil, err
			}
			if keep {
				kept = replace(kept, p)
			}
		}
	}
	return kept, nil
}

// declarations splits a style attribute.
func declarations(style string) []attribute {
	var list []attribute
	for d := range strings.SplitSeq(style, ";") {
		name, value, found := strings.Cut(d, ":")
		if found {
			list = append(list, attribute{strings.TrimSpace(name), strings.TrimSpace(value)})
		}
	}
	return list
}

// replace sets an attribute. In CSS, the later of two declarations wins.
func replace(list []attribute, a attribute) []attribute {
	for i := range list {
		if list[i].name == a.name {
			list[i].value = a.value
			return list
		}
	}
	return append(list, a)
}

// plainValue matches numbers, colours, paths and transformations.
var plainValue = regexp.MustCompile(`^[A-Za-z0-9_#%().,+\-\s]*$`)

func judgeAttribute(a *attribute) (keep bool, err error) {
	value := strings.TrimSpace(a.value)
	lower := strings.ToLower(a.name)
	switch {
	case strings.HasPrefix(lower, "on"):
		return false, fault.New(fault.Invalid, "picture.svg_script")
	case a.name == "href", strings.Contains(strings.ToLower(value), "url("):
		// Only the document's own gradients may be pointed at.
		if _, ok := localReference(value); !ok || a.name != "href" && a.name != "fill" && a.name != "stroke" {
			return false, fault.New(fault.Invalid, "picture.svg_reference")
		}
		a.value = value
		return true, nil
	case !allowed[a.name]:
		if meaningless[a.name] || strings.HasPrefix(lower, "aria-") || strings.HasPrefix(lower, "data-") ||
			strings.HasPrefix(lower, "-") || slices.Contains(strings.Fields(harmless[a.name]), value) {
			return false, nil
		}
		return false, fault.New(fault.Invalid, "picture.svg_attribute").With("Attribute", clip(a.name))
	case !plainValue.MatchString(value):
		return false, fault.New(fault.Invalid, "picture.svg_attribute").With("Attribute", a.name)
	}
	a.value = value
	return true, nil
}

var reference = regexp.MustCompile(`^(?:url\(\s*['"]?#([A-Za-z_][\w.\-]*)['"]?\s*\)|#([A-Za-z_][\w.\-]*))$`)

// localReference returns the id that url(#id), or #id in a link, points at.
func localReference(value string) (id string, ok bool) {
	m := reference.FindStringSubmatch(value)
	if m == nil {
		return "", false
	}
	return m[1] + m[2], true
}

// clip shortens a name from the upload, for a message.
func clip(name string) string {
	if r := []rune(name); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return name
}
