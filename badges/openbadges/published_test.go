package openbadges_test

import (
	"os"
	"testing"

	"github.com/insigne-badges/insigne/badges/openbadges"
	"github.com/insigne-badges/insigne/vc"
)

// TestPublished1EdTech reads the pictures and proofs that 1EdTech publishes with
// its validator.
func TestPublished1EdTech(t *testing.T) {
	read := func(file string) []byte {
		raw, err := os.ReadFile("testdata/1edtech/" + file)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	proved := func(name string, document []byte, multikey string) {
		public, err := vc.DecodeMultikey(multikey)
		if err != nil {
			t.Fatal(err)
		}
		if err := vc.VerifyProof(document, public); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	proved("simple.json", read("ob30_simple.json"), "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi")
	for _, file := range []string{"ob30_simple-json.svg", "ob30_simple-json.png"} {
		got, err := openbadges.Unbake(read(file))
		if err != nil || got.OB2 != nil {
			t.Fatalf("%s: %s, %v", file, got.OB2, err)
		}
		proved(file, got.OB3, "z6MkrvfzkMnvCroEUP2DVc9SHPE48CRsvHiVSusHioxTYu1x")
	}
	for _, file := range []string{"ob30_simple-jwt.svg", "ob30_simple-jwt.png"} {
		if got, err := openbadges.Unbake(read(file)); err != nil || len(got.OB3) == 0 || got.OB3[0] != 'e' {
			t.Errorf("%s: %.20s, %v", file, got.OB3, err)
		}
	}
	if got, err := openbadges.Unbake(read("ob20_simple-badge.png")); err != nil || got.OB2 == nil {
		t.Errorf("simple-badge.png: %v", err)
	}
}
