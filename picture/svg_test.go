package picture_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/picture"
)

func svg(body string) string {
	return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 10 10">` + body + `</svg>`
}

const square = `<rect width="10" height="10"/>`

// Each row is something that an SVG can do to who looks at it, or that would not
// look the same in the PNG.
func TestRefusedSVG(t *testing.T) {
	tests := map[string]struct {
		raw  string
		want string
	}{
		"script":                     {svg(square + `<script>alert(1)</script>`), "picture.svg_script"},
		"script in capitals":         {svg(square + `<SCRIPT>alert(1)</SCRIPT>`), "picture.svg_script"},
		"script of another language": {svg(square + `<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>`), "picture.svg_script"},
		"onload":                     {strings.Replace(svg(square), "<svg", `<svg onload="alert(1)"`, 1), "picture.svg_script"},
		"onclick in capitals":        {svg(`<rect width="9" height="9" ONCLICK="alert(1)"/>`), "picture.svg_script"},
		"foreign object":             {svg(square + `<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>`), "picture.svg_script"},
		"external image":             {svg(square + `<image href="https://evil.example/track.png" width="9" height="9"/>`), "picture.svg_element"},
		"embedded image":             {svg(square + `<image xlink:href="data:image/svg+xml;base64,PHN2Zz4="/>`), "picture.svg_element"},
		"link":                       {svg(`<a href="javascript:alert(1)">` + square + `</a>`), "picture.svg_element"},
		"animated link":              {svg(square + `<animate attributeName="href" to="javascript:alert(1)"/>`), "picture.svg_element"},
		"set":                        {svg(square + `<set attributeName="onclick" to="alert(1)"/>`), "picture.svg_element"},
		"external use":               {svg(`<use href="https://evil.example/a.svg#x"/>`), "picture.svg_element"},
		"style sheet":                {svg(`<style>@import url(https://evil.example/a.css);</style>` + square), "picture.svg_element"},
		"style sheet before it":      {`<?xml-stylesheet href="https://evil.example/a.css"?>` + svg(square), "picture.svg_reference"},
		"external fill":              {svg(`<rect width="9" height="9" fill="url(https://evil.example/a.svg#g)"/>`), "picture.svg_reference"},
		"external fill in a style":   {svg(`<rect width="9" height="9" style="fill:url( https://evil.example )"/>`), "picture.svg_reference"},
		"fill with a way out":        {svg(`<rect width="9" height="9" fill="url(#g) url(https://evil.example)"/>`), "picture.svg_reference"},
		"fill that is nowhere":       {svg(`<rect width="9" height="9" fill="url(#nowhere)"/>`), "picture.svg_reference"},
		"gradient from elsewhere":    {svg(`<linearGradient id="g" href="https://evil.example/#g"/>` + square), "picture.svg_reference"},
		"gradient by javascript":     {svg(`<linearGradient id="g" xlink:href="javascript:alert(1)"/>` + square), "picture.svg_reference"},
		"link on a shape":            {svg(`<rect id="r" width="9" height="9" href="#r"/>`), "picture.svg_reference"},
		"doctype":                    {`<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">` + svg(square), "picture.svg_doctype"},
		"external entity": {
			`<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>` + svg(`<title>&x;</title>`+square), "picture.svg_doctype",
		},
		"billion laughs": {
			`<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>` + svg(`<title>&c;</title>`), "picture.svg_doctype",
		},
		"entity without a doctype": {svg(`<title>&x;</title>` + square), "picture.svg_broken"},
		"not closed":               {`<svg xmlns="http://www.w3.org/2000/svg"><g>`, "picture.svg_broken"},
		"another encoding":         {`<?xml version="1.0" encoding="UTF-7"?>` + svg(square), "picture.svg_broken"},
		"something after it":       {svg(square) + svg(square), "picture.svg_broken"},
		"svg within":               {svg(`<svg>` + square + `</svg>`), "picture.svg_element"},
		"text":                     {svg(square + `<text>hello</text>`), "picture.svg_element"},
		"stop without gradient":    {svg(square + `<stop offset="1"/>`), "picture.svg_element"},
		"filter":                   {svg(`<rect width="9" height="9" filter="url(#f)"/>`), "picture.svg_reference"},
		"hidden part":              {svg(square + `<g display="none">` + square + `</g>`), "picture.svg_attribute"},
		"hidden by style":          {svg(square + `<g style="visibility: hidden">` + square + `</g>`), "picture.svg_attribute"},
		"other fill rule":          {svg(`<path fill-rule="evenodd" d="M0 0H9V9z"/>`), "picture.svg_attribute"},
		"dashes":                   {svg(`<path stroke="#000" stroke-dasharray="0.0001" d="M0 0H9"/>`), "picture.svg_attribute"},
		"quotes in a number":       {svg(`<rect width="9" height="9" x="&quot;&gt;"/>`), "picture.svg_attribute"},
		"unknown colour":           {svg(`<rect width="9" height="9" fill="blurple"/>`), "picture.svg_undrawable"},
		"unknown unit":             {svg(`<rect width="9in" height="9in"/>`), "picture.svg_undrawable"},
		"not a number":             {svg(`<rect width="NaN" height="9"/>`), "picture.svg_undrawable"},
		"beyond numbers":           {svg(`<rect width="1e300" height="9"/>`), "picture.svg_undrawable"},
		"far away":                 {svg(square + `<path d="M0 0L99999 99999"/>`), "picture.svg_undrawable"},
		"far away by scaling":      {svg(square + `<rect width="10" height="10" transform="scale(9999)"/>`), "picture.svg_undrawable"},
		"broken path":              {svg(`<path d="M0 0 L5"/>`), "picture.svg_undrawable"},
		"path without a start":     {svg(`<path d="L5 5"/>`), "picture.svg_undrawable"},
		"broken transform":         {svg(`<g transform="rotate(1">` + square + `</g>`), "picture.svg_undrawable"},
		"no size":                  {`<svg xmlns="http://www.w3.org/2000/svg">` + square + `</svg>`, "picture.svg_size"},
		"size of nothing":          {`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 0">` + square + `</svg>`, "picture.svg_size"},
		"nothing to see":           {svg(`<rect width="9" height="9" fill="none"/>`), "picture.svg_blank"},
		"too deep":                 {svg(strings.Repeat("<g>", 40) + square + strings.Repeat("</g>", 40)), "picture.svg_complex"},
		"too many elements":        {svg(strings.Repeat("<g/>", 2001) + square), "picture.svg_complex"},
		"too much to paint":        {svg(strings.Repeat(square, 1900)), "picture.svg_complex"},
		"too many layers":          {svg(square + strings.Repeat(`<g opacity=".9"/>`, 70)), "picture.svg_complex"},
		"too many lines":           {svg(`<path d="M0 0` + strings.Repeat("C9-9-9 9 0 0", 100_000) + `"/>`), "picture.svg_complex"},
		"too many stops":           {svg(`<linearGradient id="g">` + strings.Repeat(`<stop/>`, 65) + `</linearGradient>` + square), "picture.svg_complex"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := picture.Clean(strings.NewReader(tt.raw))
			if got := key(t, err); got != tt.want || p.PNG != nil || p.SVG != nil {
				t.Errorf("%q, want %q (%v)", got, tt.want, err)
			}
		})
	}
}

// What is kept of an SVG is written anew: dropped parts do not come out again.
func TestSVGKeepsOnlyThePicture(t *testing.T) {
	raw := `<?xml version="1.0"?><!-- comment --><svg xmlns="http://www.w3.org/2000/svg" xmlns:ink="urn:ink" viewBox="0 0 10 10"
		ink:export="/home/zoe/secret.png" class="secret" data-x="secret" aria-label="secret">
		<metadata><secret/></metadata><ink:view><secret/></ink:view>
		<title>A &lt;script&gt; &amp; more</title>secret<rect id="a" width="10" height="10" style="fill:#123456;-inkscape-font:secret"/><![CDATA[secret]]></svg>`
	p, err := picture.Clean(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	want := `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><title>A &lt;script&gt; &amp; more</title>` +
		`<rect id="a" width="10" height="10" fill="#123456"/></svg>`
	if string(p.SVG) != want {
		t.Errorf("got\n%s\nwant\n%s", p.SVG, want)
	}
	sum := sha256.Sum256(p.SVG)
	if p.Hash != hex.EncodeToString(sum[:]) {
		t.Errorf("hash %s", p.Hash)
	}
}

func FuzzClean(f *testing.F) {
	shapes, err := os.ReadFile("testdata/shapes.svg")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(shapes)
	f.Add([]byte(svg(square)))
	f.Add([]byte(svg(`<path d="M0 0a1 1 0 015 5z" stroke="red" stroke-width="2"/>`)))
	f.Add(encoded(f, checker(8, 8)))
	f.Add(bomb(10, 10))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := picture.Clean(bytes.NewReader(raw))
		if err != nil {
			key(t, err)
			return
		}
		if p.SVG != nil {
			inspect(t, p.SVG)
		}
	})
}

// inspect reads a cleaned SVG with another eye than the cleaner's: whatever the
// upload was, only harmless names and values may be left.
func inspect(t *testing.T, raw []byte) {
	t.Helper()
	tokens := xml.NewDecoder(bytes.NewReader(raw))
	for {
		token, err := tokens.Token()
		if err == io.EOF { //nolint:errorlint // Token documents io.EOF itself
			return
		}
		if err != nil {
			t.Fatalf("cleaned SVG does not parse: %v\n%s", err, raw)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if token.Name.Space != "http://www.w3.org/2000/svg" || strings.EqualFold(token.Name.Local, "script") {
				t.Fatalf("element %v is left", token.Name)
			}
			for _, a := range token.Attr {
				v := strings.ToLower(a.Value)
				outward := strings.Contains(v, "url(") && !strings.Contains(v, "#") ||
					strings.Contains(v, "//") && a.Name.Local != "xmlns" || strings.Contains(v, "script:") || strings.Contains(v, "data:")
				if strings.HasPrefix(strings.ToLower(a.Name.Local), "on") || a.Name.Local == "href" || a.Name.Local == "style" || outward {
					t.Fatalf("attribute %v is left", a)
				}
			}
		case xml.Directive, xml.ProcInst, xml.Comment:
			t.Fatalf("%T is left", token)
		}
	}
}

func ExampleClean() {
	p, err := picture.Clean(strings.NewReader(
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8" class="icon"><circle cx="4" cy="4" r="3" style="fill: teal"/></svg>`))
	fmt.Println(string(p.SVG), err)
	// Output: <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="3" fill="teal"/></svg> <nil>
}
