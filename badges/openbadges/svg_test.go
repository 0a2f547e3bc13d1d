package openbadges_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges/openbadges"
)

// drawn is a picture with an element and a prefix of another program.
const drawn = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:other="https://other.example" viewBox="0 0 9 9"><metadata><other:assertion verify="theirs"/></metadata><g><circle r="4"/></g></svg>`

// hosted2 and proved3 are badges as they are baked into pictures.
var (
	hosted2 = []byte(`{"id":"https://a.example/v/1?x=1\u0026y=2","name":"é ✓ ]]\u003e"}`)
	proved3 = []byte(`{"id":"https://a.example/v/1","proof":{}}`)
)

// TestBakeSVG checks every byte of a baked picture, and that the readers of both
// standards find their badge.
func TestBakeSVG(t *testing.T) {
	const (
		two   = `verify="https://a.example/v/1?x=1&amp;y=2"><![CDATA[{"id":"https://a.example/v/1?x=1\u0026y=2","name":"é ✓ ]]\u003e"}]]></openbadges:assertion>`
		three = `<![CDATA[{"id":"https://a.example/v/1","proof":{}}]]></openbadges:credential>`
		rest  = `<metadata><other:assertion verify="theirs"/></metadata><g><circle r="4"/></g></svg>`
		open  = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:other="https://other.example" viewBox="0 0 9 9"`
	)
	for _, tt := range []struct {
		name     string
		payloads openbadges.Payloads
		want     string
	}{
		{"both", openbadges.Payloads{OB2: hosted2, OB3: proved3}, open + ` xmlns:openbadges="http://openbadges.org"><openbadges:assertion ` + two + `<openbadges:credential xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0">` + three + rest},
		{"2.0", openbadges.Payloads{OB2: hosted2}, open + ` xmlns:openbadges="http://openbadges.org"><openbadges:assertion ` + two + rest},
		{"3.0", openbadges.Payloads{OB3: proved3}, open + ` xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"><openbadges:credential>` + three + rest},
		{"signed", openbadges.Payloads{OB2: []byte("a.b.c"), OB3: []byte("d.e.f")}, open + ` xmlns:openbadges="http://openbadges.org"><openbadges:assertion verify="a.b.c"></openbadges:assertion><openbadges:credential xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0" verify="d.e.f"></openbadges:credential>` + rest},
		{"none", openbadges.Payloads{}, drawn},
	} {
		t.Run(tt.name, func(t *testing.T) {
			baked, err := openbadges.BakeSVG([]byte(drawn), tt.payloads)
			if diff := cmp.Diff(tt.want, string(baked)); err != nil || diff != "" {
				t.Fatalf("%v; the picture (-want +got):\n%s", err, diff)
			}
			wellFormed(t, baked)
			got, err := openbadges.Unbake(baked)
			if tt.name == "none" {
				if !errors.Is(err, openbadges.ErrNotBaked) {
					t.Errorf("Unbake = %v", err)
				}
				return
			}
			if diff := cmp.Diff(tt.payloads, got); err != nil || diff != "" {
				t.Errorf("%v; the payloads (-want +got):\n%s", err, diff)
			}
		})
	}
}

// wellFormed reads a picture to its end.
func wellFormed(t *testing.T, svg []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%v in %s", err, svg)
		}
	}
}

// TestBakeSVGReplaces bakes pictures that contain badges already, from Insigne or
// another program, and pictures of unusual form.
func TestBakeSVGReplaces(t *testing.T) {
	want := openbadges.Payloads{OB2: hosted2, OB3: proved3}
	first, err := openbadges.BakeSVG([]byte(drawn), openbadges.Payloads{OB2: []byte("https://old.example"), OB3: []byte(`{"id":"old"}`)})
	if err != nil {
		t.Fatal(err)
	}
	for name, before := range map[string]string{
		"both":           string(first),
		"other prefix":   `<svg xmlns="http://www.w3.org/2000/svg"><g><b:credential xmlns:b="https://purl.imsglobal.org/ob/v3p0"><b:old>old</b:old></b:credential></g></svg>`,
		"prefix of 3.0":  `<svg xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0" xmlns="http://www.w3.org/2000/svg"><openbadges:credential verify="old"/></svg>`,
		"prefix of 2.0":  `<svg xmlns:openbadges="http://openbadges.org" xmlns="http://www.w3.org/2000/svg"><openbadges:assertion verify="old"/><openbadges:assertion verify="old"/></svg>`,
		"empty":          `<svg xmlns="http://www.w3.org/2000/svg"/>`,
		"empty, spaced":  `<svg xmlns="http://www.w3.org/2000/svg" />`,
		"prefixed root":  `<s:svg xmlns:s="http://www.w3.org/2000/svg"/>`,
		"declaration":    "\ufeff<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- drawn by hand -->\n<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">\n<svg xmlns=\"http://www.w3.org/2000/svg\">\n</svg>\n",
		"bracket in tag": `<svg xmlns="http://www.w3.org/2000/svg" data-x="a>b/>"></svg>`,
	} {
		t.Run(name, func(t *testing.T) {
			baked, err := openbadges.BakeSVG([]byte(before), want)
			if err != nil {
				t.Fatal(err)
			}
			wellFormed(t, baked)
			got, err := openbadges.UnbakeSVG(baked)
			if diff := cmp.Diff(want, got); err != nil || diff != "" || strings.Contains(string(baked), "old") {
				t.Errorf("%v; the payloads (-want +got):\n%s in %s", err, diff, baked)
			}
			if again, err := openbadges.BakeSVG(baked, want); err != nil || !bytes.Equal(again, baked) {
				t.Errorf("baked again it is %s, %v", again, err)
			}
		})
	}
}

func TestUnbakeSVGForeign(t *testing.T) {
	badge := func(text string) string {
		return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="http://openbadges.org">` + text + `</svg>`
	}
	for _, tt := range []struct {
		name, svg string
		want      error
	}{
		{"no badge", drawn, openbadges.ErrNotBaked},
		{"two badges", badge(`<openbadges:assertion verify="a"/><openbadges:assertion verify="b"/>`), openbadges.ErrTwice},
		{"other namespace", badge(`<assertion verify="a"/>`), openbadges.ErrNotBaked},
		{"entities", `<!DOCTYPE svg [<!ENTITY x "y">]>` + badge(`<openbadges:assertion>&x;</openbadges:assertion>`), openbadges.ErrNotSVG},
		{"unknown entity", badge(`<openbadges:assertion>&x;</openbadges:assertion>`), openbadges.ErrNotSVG},
		{"late document type", badge("") + "<!DOCTYPE svg>", openbadges.ErrNotSVG},
		{"cut off", badge("")[:60], openbadges.ErrNotSVG},
		{"two roots", badge("") + badge(""), openbadges.ErrNotSVG},
		{"web page", "<html></html>", openbadges.ErrNotSVG},
		{"other encoding", `<?xml version="1.0" encoding="UTF-16"?>` + badge(""), openbadges.ErrNotSVG},
		{"nested too deeply", badge(strings.Repeat("<g>", 1000) + strings.Repeat("</g>", 1000)), openbadges.ErrNotSVG},
		{"text", "hello", openbadges.ErrNotSVG},
		{"nothing", "", openbadges.ErrNotSVG},
	} {
		if got, err := openbadges.UnbakeSVG([]byte(tt.svg)); !errors.Is(err, tt.want) {
			t.Errorf("%s: UnbakeSVG = %q, %v; want %v", tt.name, got, err, tt.want)
		}
	}
}

// TestWrapPNG checks the SVG of a raster picture: its size, its caption, the
// picture inside, and that it can be baked.
func TestWrapPNG(t *testing.T) {
	wrapped, err := openbadges.WrapPNG(picture(t), "Un <livre> & une loupe")
	if err != nil {
		t.Fatal(err)
	}
	wellFormed(t, wrapped)
	for _, want := range []string{
		`width="3" height="2" viewBox="0 0 3 2"><title>Un &lt;livre&gt; &amp; une loupe</title><image width="3" height="2" xlink:href="data:image/png;base64,iVBORw0KGgo`,
	} {
		if !bytes.Contains(wrapped, []byte(want)) {
			t.Errorf("no %s in %s", want, wrapped)
		}
	}
	baked, err := openbadges.BakeSVG(wrapped, openbadges.Payloads{OB3: proved3})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := openbadges.UnbakeSVG(baked); err != nil || !bytes.Equal(got.OB3, proved3) {
		t.Errorf("UnbakeSVG = %q, %v", got, err)
	}
	blank, err := openbadges.NewBlankWrapped(picture(t), "Un <livre> & une loupe")
	if err != nil {
		t.Fatal(err)
	}
	if same, err := blank.Bake(openbadges.Payloads{OB3: proved3}); err != nil || !bytes.Equal(same, baked) {
		t.Errorf("baked without reading the SVG it is %s, %v", same, err)
	}
	for name, err := range map[string]error{
		"caption":    second(openbadges.WrapPNG(picture(t), "\x01")),
		"no picture": second(openbadges.WrapPNG([]byte(drawn), "")),
	} {
		if err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

// FuzzBakeSVG checks that what was baked can be read back.
func FuzzBakeSVG(f *testing.F) {
	f.Add([]byte(drawn), []byte(`{"a":"]]>"}`))
	f.Add([]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), []byte("a.b.c"))
	f.Fuzz(func(t *testing.T, svg, payload []byte) {
		if payload = bytes.TrimSpace(payload); len(payload) == 0 || bytes.ContainsAny(payload, "\r\n\t") {
			return
		}
		if bytes.HasPrefix(payload, []byte("{")) { // in JSON it is one character, written in two ways
			payload = bytes.ReplaceAll(payload, []byte("]]>"), []byte(`]]\u003e`))
		}
		baked, err := openbadges.BakeSVG(svg, openbadges.Payloads{OB3: payload})
		if err != nil {
			return
		}
		got, err := openbadges.UnbakeSVG(baked)
		if err != nil || !bytes.Equal(got.OB3, payload) {
			t.Fatalf("UnbakeSVG = %q, %v; want %q in %q", got.OB3, err, payload, baked)
		}
	})
}
