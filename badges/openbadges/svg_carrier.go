package openbadges

import (
	"bytes"
	"encoding/xml"
)

// elements returns a function that ends the start tag of a root and writes the
// elements that carry the payloads. declared is what the root declares for the
// prefix already, or "".
func elements(declared string) func(*bytes.Buffer, Payloads) {
	return func(out *bytes.Buffer, p Payloads) {
		declared := declared
		if declared == "" && (p.OB2 != nil || p.OB3 != nil) {
			declared = namespace2
			if p.OB2 == nil {
				declared = namespace3
			}
			out.WriteString(` xmlns:` + prefix + `="` + declared + `"`)
		}
		out.WriteString(">")
		if p.OB2 != nil {
			writeElement(out, element{name: prefix + ":assertion", namespace: namespace2, declared: declared, payload: p.OB2, verify: verify2(p.OB2)})
		}
		if p.OB3 != nil {
			writeElement(out, element{name: prefix + ":credential", namespace: namespace3, declared: declared, payload: p.OB3, verify: verify3(p.OB3)})
		}
	}
}

// verify2 returns the attribute of a 2.0 badge: the address if it is hosted,
// since Open Badge Passport reads nothing else, or the signed form.
func verify2(payload []byte) string {
	if isJSON(payload) {
		return idOf(payload)
	}
	return string(payload)
}

// verify3 returns the attribute of a 3.0 badge: its signed form. A badge with an
// embedded proof has none (Open Badges 3.0, section 5.3.2.1).
func verify3(payload []byte) string {
	if isJSON(payload) {
		return ""
	}
	return string(payload)
}

// element is an element that carries a badge.
type element struct {
	name, namespace string
	declared        string // what the prefix means outside
	payload         []byte
	verify          string
}

func writeElement(out *bytes.Buffer, e element) {
	out.WriteString("<" + e.name)
	if e.namespace != e.declared {
		out.WriteString(` xmlns:` + prefix + `="` + e.namespace + `"`)
	}
	if e.verify != "" {
		out.WriteString(` verify="`)
		_ = xml.EscapeText(out, []byte(e.verify)) // a buffer does not fail
		out.WriteString(`"`)
	}
	out.WriteString(">")
	if isJSON(e.payload) {
		out.WriteString("<![CDATA[")
		// "]]>" ends CDATA. In JSON it is possible inside a string only, where
		// \u003e is the same character. Two CDATA sections instead of it would be
		// correct too, but some readers take only one of them.
		out.Write(bytes.ReplaceAll(e.payload, []byte("]]>"), []byte(`]]\u003e`)))
		out.WriteString("]]>")
	}
	out.WriteString("</" + e.name + ">")
}

// UnbakeSVG returns the payloads of a baked SVG. Errors: ErrNotSVG, ErrNotBaked,
// ErrTwice, ErrTooLarge.
func UnbakeSVG(svg []byte) (Payloads, error) {
	var f found
	reading, depth := 0, 0
	var verify, body []byte
	err := walk(svg, func(token xml.Token, _ span) error {
		switch t := token.(type) {
		case xml.StartElement:
			if reading != 0 {
				depth++
			} else if reading = carrier(t.Name); reading != 0 {
				verify, body = attribute(t, "verify"), nil
			}
		case xml.CharData:
			if reading != 0 {
				if body = append(body, t...); len(body) > maxPayload {
					return ErrTooLarge
				}
			}
		case xml.EndElement:
			if reading != 0 && depth == 0 {
				f.add(reading, carried(reading, verify, bytes.TrimSpace(body)))
				reading = 0
			} else if reading != 0 {
				depth--
			}
		}
		return nil
	})
	if err != nil {
		return Payloads{}, err
	}
	return f.result()
}

// carried returns the payload of an element. In 2.0 the body has priority, and
// the attribute is then only the address; in 3.0 the attribute has priority.
func carried(generation int, verify, body []byte) []byte {
	if len(verify) == 0 || generation == 2 && len(body) > 0 {
		return body
	}
	return verify
}

func attribute(t xml.StartElement, name string) []byte {
	for _, a := range t.Attr {
		if a.Name == (xml.Name{Local: name}) {
			return []byte(a.Value)
		}
	}
	return nil
}
