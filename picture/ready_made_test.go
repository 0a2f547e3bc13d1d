package picture_test

import (
	"bytes"
	"testing"

	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/picture"
)

func TestLibrary(t *testing.T) {
	library, err := picture.LoadLibrary()
	if err != nil {
		t.Fatal(err)
	}
	hashes := map[string]string{}
	for _, r := range library.All() {
		if other, taken := hashes[r.Picture.Hash]; taken {
			t.Errorf("%s and %s are the same picture", r.ID, other)
		}
		hashes[r.Picture.Hash] = r.ID
		if found, err := library.Find(r.ID); err != nil || found.Picture.Hash != r.Picture.Hash || found.Key != "picture.ready."+r.ID {
			t.Errorf("Find(%s) = %s, %v", r.ID, found.Key, err)
		}
	}
	if len(hashes) < 8 {
		t.Errorf("%d pictures", len(hashes))
	}
	star := library.All()[0].Picture
	again, err := picture.Clean(bytes.NewReader(star.SVG))
	if err != nil || again.Hash != star.Hash || !bytes.Equal(again.PNG, star.PNG) {
		t.Errorf("a ready-made picture is another one as an upload (%v)", err)
	}
	if _, err := library.Find("../doc"); !fault.Is(err, fault.NotFound) {
		t.Errorf("an unknown picture: %v", err)
	}
}
