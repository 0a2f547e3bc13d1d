package teacher_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/picture"
)

// aPNG returns a small picture.
func aPNG(t *testing.T) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 8, 8))
	for i := range 8 {
		img.Set(i, i, color.Black)
	}
	var data bytes.Buffer
	if err := png.Encode(&data, img); err != nil {
		t.Fatal(err)
	}
	return data.Bytes()
}

// TestUploadPicture makes badges with uploaded pictures.
func TestUploadPicture(t *testing.T) {
	t.Parallel()
	const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" fill="#123456"/></svg>`
	w := newWorld(t)
	path := w.teacher.Who.Path("/badges/new")
	for name, data := range map[string][]byte{"PNG": aPNG(t), "SVG": []byte(svg)} {
		t.Run(name, func(t *testing.T) {
			b := w.made(upload(t, w.teacher, path, with(w.typed(), url.Values{"picture": nil}), file{"upload", data}))
			stored, err := w.Store.Picture(t.Context(), b.Current.Picture)
			if err != nil || stored.Hash == w.Library.All()[0].Hash || len(stored.PNG) == 0 {
				t.Errorf("the picture is not stored: %v", err)
			}
		})
	}
	// An empty file field is not an upload.
	b := w.made(upload(t, w.teacher, path, w.typed(), file{"upload", nil}))
	if hash := b.Current.Picture; string(hash) != w.Library.All()[0].Hash {
		t.Errorf("picture %s, want the picked one", hash)
	}
}

// TestUploadKept checks that an uploaded picture is kept if the form is refused for
// another reason.
func TestUploadKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := w.teacher.Who.Path("/badges/new")
	refused := upload(t, w.teacher, path, with(w.typed(), url.Values{"name": {""}}), file{"upload", aPNG(t)})
	expect(t, refused, http.StatusUnprocessableEntity, "Give the badge a name.")
	form := sent(t, refused, "badge-form")
	if hash := form.Get("picture"); hash == "" || hash == w.Library.All()[0].Hash {
		t.Fatalf("the form has picture %q", hash)
	}
	b := w.made(w.teacher.Post(path, with(form, url.Values{"name": {"Exploration"}})))
	if hash := b.Current.Picture; string(hash) != form.Get("picture") {
		t.Errorf("picture %s, want %s", hash, form.Get("picture"))
	}
}

// TestUploadRefused refuses files that are not pictures, and dangerous pictures.
func TestUploadRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tests := []struct {
		name string
		data []byte
		says string
	}{
		{"a text", []byte("no picture"), "This file is neither a PNG nor an SVG picture."},
		{"a damaged PNG", aPNG(t)[:40], "The PNG picture is damaged."},
		{"a damaged SVG", []byte("<svg"), "The SVG picture is damaged."},
		{"a script", []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><script>alert(1)</script></svg>`), "The SVG picture holds a script or an event"},
		{"an event", []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8" onload="alert(1)"><rect width="8" height="8"/></svg>`), "The SVG picture holds a script or an event"},
		{"something outside", []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" fill="url(https://evil.example/x)"/></svg>`), "refers to something outside itself"},
		{"a huge file", append(aPNG(t), make([]byte, picture.MaxUpload)...), "The picture is larger than 2 MB."},
	}
	before := w.everything()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := upload(t, w.teacher, w.teacher.Who.Path("/badges/new"), w.typed(), file{"upload", tt.data})
			expect(t, got, http.StatusUnprocessableEntity, tt.says)
			if form := sent(t, got, "badge-form"); form.Get("picture") != w.Library.All()[0].Hash {
				t.Errorf("the form has picture %q, want the picked one", form.Get("picture"))
			}
		})
	}
	if diff := cmp.Diff(before, w.everything()); diff != "" {
		t.Errorf("something was stored (-before +after):\n%s", diff)
	}
	if _, err := w.Store.Picture(t.Context(), badges.PictureHash(w.Library.All()[0].Hash)); !fault.Is(err, fault.NotFound) {
		t.Errorf("the picked picture was stored beside a refused upload: %v", err)
	}
}
