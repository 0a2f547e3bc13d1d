package admin_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/picture"
	"github.com/insigne-badges/insigne/web/webtest"
)

// aLogo returns a small picture of one colour.
func aLogo(t *testing.T, c color.Color) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 8, 8))
	for i := range 64 {
		img.Set(i%8, i/8, c)
	}
	var data bytes.Buffer
	must(t, png.Encode(&data, img))
	return data.Bytes()
}

// saveLogo sends the form of an organisation with a file; nil: no file was chosen.
func (s *site) saveLogo(t *testing.T, b *webtest.Browser, form url.Values, logo []byte) webtest.Answer {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	must(t, w.WriteField("csrf", b.CSRF))
	for name, values := range form {
		must(t, w.WriteField(name, values[0]))
	}
	part, err := w.CreateFormFile("logo_file", "logo")
	must(t, err)
	_, err = part.Write(logo)
	must(t, err)
	must(t, w.Close())
	r := httptest.NewRequest(http.MethodPost, s.path("/issuers"), &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return b.Do(r)
}

// issuer returns the organisation of the world.
func (s *site) issuer(t *testing.T) badges.Issuer {
	t.Helper()
	i, err := s.Store.Issuer(t.Context(), s.World.Issuer)
	must(t, err)
	return i
}

// TestLogo gives an organisation a logo, keeps it, changes it and removes it.
func TestLogo(t *testing.T) {
	s := newSite(t)
	b := s.Administrator(t)
	form := url.Values{"id": {string(s.World.Issuer)}, "name": {"U"}, "url": {"https://u.example"}, "email": {"u@u.example"}}
	if strings.Contains(b.Get(s.path("")).Body, "remove_logo") {
		t.Error("a logo that is not there can be removed")
	}
	leadsTo(t, s.saveLogo(t, b, form, aLogo(t, color.Black)), s.path("#issuers"))
	first := s.issuer(t).Logo
	stored, err := s.Store.Picture(t.Context(), first)
	if err != nil || first == "" || len(stored.PNG) == 0 {
		t.Fatalf("logo %q: %v", first, err)
	}
	open := b.Get(s.path(""))
	if !strings.Contains(open.Body, `src="`+s.Links.Picture(first)+`"`) || !strings.Contains(open.Body, `name="logo" value="`+string(first)+`"`) || !open.Shows("Remove the logo") {
		t.Error("the page does not show the logo, or does not keep it")
	}

	form.Set("logo", string(first))
	form.Set("name", "V")
	leadsTo(t, s.saveLogo(t, b, form, nil), s.path("#issuers"))
	if i := s.issuer(t); i.Logo != first || i.Name != "V" {
		t.Errorf("kept: %+v", i)
	}
	svg := []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" fill="#123456"/></svg>`)
	leadsTo(t, s.saveLogo(t, b, form, svg), s.path("#issuers"))
	second := s.issuer(t).Logo
	if second == first || second == "" {
		t.Errorf("changed: %q", second)
	}
	form.Set("logo", string(second))
	form.Set("remove_logo", "yes")
	leadsTo(t, s.saveLogo(t, b, form, nil), s.path("#issuers"))
	if i := s.issuer(t); i.Logo != "" {
		t.Errorf("removed: %q", i.Logo)
	}
}

// TestLogoRefused refuses files that are no pictures, and a logo that is not stored. What
// was typed stays, also the logo that was there, and one that was uploaded before another
// mistake.
func TestLogoRefused(t *testing.T) {
	s := newSite(t)
	b := s.Administrator(t)
	form := func(changes ...string) url.Values {
		f := url.Values{"id": {string(s.World.Issuer)}, "name": {"Université"}, "url": {"https://u.example"}, "email": {"u@u.example"}}
		for i := 0; i < len(changes); i += 2 {
			f.Set(changes[i], changes[i+1])
		}
		return f
	}
	leadsTo(t, s.saveLogo(t, b, form(), aLogo(t, color.Black)), s.path("#issuers"))
	before := s.issuer(t)
	for _, tt := range []struct {
		name string
		form url.Values
		file []byte
		says string
		logo badges.PictureHash // in the form that is shown again
	}{
		{"a text", form("logo", string(before.Logo)), []byte("no picture"), "This file is neither a PNG nor an SVG picture.", before.Logo},
		{"a script", form("logo", string(before.Logo)), []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><script>alert(1)</script></svg>`), "The SVG picture holds a script or an event", before.Logo},
		{"a huge file", form("logo", string(before.Logo)), append(aLogo(t, color.White), make([]byte, picture.MaxUpload)...), "The picture is larger than 2 MB.", before.Logo},
		{"a logo that is not stored", form("logo", strings.Repeat("0", 64)), nil, "Choose the logo again.", ""},
		{"another mistake", form("logo", string(before.Logo), "email", "nobody"), nil, "This is not an e-mail address.", before.Logo},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := s.saveLogo(t, b, tt.form, tt.file)
			shows(t, a, http.StatusUnprocessableEntity, tt.says)
			_, shown, _ := strings.Cut(a.Body, tt.says)
			if want := fmt.Sprintf(`name="logo" value="%s"`, tt.logo); !strings.Contains(shown, want) || !strings.Contains(shown, `value="Université"`) {
				t.Errorf("the form has lost something: %s", shown)
			}
			if after := s.issuer(t); after != before {
				t.Errorf("stored %+v, want %+v", after, before)
			}
		})
	}
	a := s.saveLogo(t, b, form("email", "nobody"), aLogo(t, color.White))
	shows(t, a, http.StatusUnprocessableEntity, "This is not an e-mail address.")
	_, kept, _ := strings.Cut(a.Body, `name="logo" value="`)
	hash, _, _ := strings.Cut(kept, `"`)
	leadsTo(t, s.saveLogo(t, b, form("logo", hash), nil), s.path("#issuers"))
	if after := s.issuer(t).Logo; hash == "" || string(after) != hash || after == before.Logo {
		t.Errorf("logo %q, want %q that was uploaded before the mistake", after, hash)
	}
}
