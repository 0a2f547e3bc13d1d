package public_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/picture"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// TestPictures serves ready-made and uploaded pictures. Their addresses contain their
// hashes, so caches may keep them for ever.
func TestPictures(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	uploaded := picture.Picture{Hash: strings.Repeat("ab", 32), PNG: []byte("an uploaded picture")}
	storetest.Tx(t, s.Store, func(ctx context.Context, tx *store.Tx) error { return tx.SavePicture(ctx, uploaded) })
	ready, err := s.Library.All()[1].Picture() // in no database
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range map[string]picture.Picture{"ready-made": ready, "uploaded": uploaded} {
		got := s.Anybody().Get("/pictures/" + p.Hash + ".png")
		if got.Status != http.StatusOK || got.Body != string(p.PNG) {
			t.Errorf("%s: %d, %d bytes, want %d", name, got.Status, len(got.Body), len(p.PNG))
		}
		for header, want := range map[string]string{
			"Content-Type": "image/png", "Cache-Control": "public, max-age=31536000, immutable", "Cross-Origin-Resource-Policy": "cross-origin",
			"X-Content-Type-Options": "nosniff", "Access-Control-Allow-Origin": "*",
		} {
			if got.Header.Get(header) != want {
				t.Errorf("%s: %s %q, want %q", name, header, got.Header.Get(header), want)
			}
		}
	}
}

// TestUnknownPictures checks that caches do not keep the answer: the picture may exist
// a moment later.
func TestUnknownPictures(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	got := s.Anybody().Get("/pictures/" + strings.Repeat("0", 64) + ".png")
	if got.Status != http.StatusNotFound || got.Header.Get("Access-Control-Allow-Origin") != "*" || got.Header.Get("Cache-Control") != "no-store" || strings.Contains(got.Header.Get("Content-Type"), "image") {
		t.Errorf("%d %v", got.Status, got.Header)
	}
	for _, path := range []string{"/pictures/p.png", "/pictures/" + strings.Repeat("0", 64), "/pictures/" + strings.Repeat("0", 63) + "G.png", "/pictures/..%2f..%2fetc.png"} {
		if got := s.Anybody().Get(path); got.Status == http.StatusOK {
			t.Errorf("%s: %d", path, got.Status)
		}
	}
}
