package openbadges_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/insigne-badges/insigne/badges/openbadges"
)

// TestPublished reads pictures that another program baked. They come from
// openbadges-bakery and have badges of Open Badges 1.0, which is baked as 2.0 is.
func TestPublished(t *testing.T) {
	for file, want := range map[string]string{
		"baked_heart.png":   "http://example.org/badgeinstance1",
		"baked_example.svg": "https://example.org/assertion.json",
	} {
		picture, err := os.ReadFile("testdata/bakery/" + file)
		if err != nil {
			t.Fatal(err)
		}
		got, err := openbadges.Unbake(picture)
		if err != nil || got.OB3 != nil {
			t.Fatalf("%s: %s, %v", file, got.OB3, err)
		}
		var badge struct{ Verify struct{ URL string } }
		if err := json.Unmarshal(got.OB2, &badge); err != nil || badge.Verify.URL != want {
			t.Errorf("%s: %s, %v; want a badge at %s", file, got.OB2, err, want)
		}
	}
}
