package picture_test

import (
	"bytes"
	"testing"

	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/picture"
)

func TestLibrary(t *testing.T) {
	t.Parallel()
	library, err := picture.LoadLibrary()
	if err != nil {
		t.Fatal(err)
	}
	hashes := map[string]string{}
	for _, r := range library.All() {
		if other, taken := hashes[r.Hash]; taken {
			t.Errorf("%s and %s are the same picture", r.ID, other)
		}
		hashes[r.Hash] = r.ID
		if found, err := library.Find(r.ID); err != nil || found.Hash != r.Hash || found.Key != "picture.ready."+r.ID {
			t.Errorf("Find(%s) = %s, %v", r.ID, found.Key, err)
		}
		if p, err := r.Picture(); err != nil || p.Hash != r.Hash || len(p.PNG) == 0 {
			t.Errorf("%s is drawn as %s, %d bytes, %v; want %s", r.ID, p.Hash, len(p.PNG), err, r.Hash)
		}
	}
	if len(hashes) < 8 {
		t.Errorf("%d pictures", len(hashes))
	}
	star, err := library.All()[0].Picture()
	if err != nil {
		t.Fatal(err)
	}
	again, err := picture.Clean(bytes.NewReader(star.SVG))
	if err != nil || again.Hash != star.Hash || !bytes.Equal(again.PNG, star.PNG) {
		t.Errorf("a ready-made picture is another one as an upload (%v)", err)
	}
	if _, err := library.Find("../doc"); !fault.Is(err, fault.NotFound) {
		t.Errorf("an unknown picture: %v", err)
	}
}

// The hash of a ready-made picture is its identity: badges of earlier versions
// refer to it. It depends on the source alone and not on how that is drawn. A
// changed picture needs a new id beside the old one.
func TestReadyMadeHashesNeverChange(t *testing.T) {
	t.Parallel()
	library, err := picture.LoadLibrary()
	if err != nil {
		t.Fatal(err)
	}
	for id, hash := range map[string]string{
		"star":     "3ea2df1fd4344589bd6224fa334c0ad25694ed3aef482055d4f682bc856e102d",
		"summit":   "67968611f999a47970a7c78c8828bec1e0d1dd4e9b209ca9b6d2812f68b06374",
		"book":     "66ae622352550206745a21d4315f3cb811a6e5ceffa9ecf6765f0ef9a013daef",
		"leaf":     "79c3812e6bf33cf63f0663b83019ea9758a107cdb49da2aa2f837a96e17d3dc1",
		"code":     "159d431de588b56f76603f472e5bbad99d7fca1331db5100a43cf89bf9058e48",
		"dialogue": "0a7cfc464a2397700d72939c16c0d1e16d2ea1a4693566910244aad4add0f70d",
		"laurel":   "0f098cead9dabf1296f13ab1130e6d622152771580000e6408508eecee692c96",
		"rocket":   "d056f49dbc9f8824da5b6cfdefcd03315433ede02ff2b4615e6260afef86e0a3",
		"idea":     "e9ae1d9f25f64d18d54bd491914c0acfc6af1ac5cdb078be614f2de7f389376a",
	} {
		if ready, err := library.Find(id); err != nil || ready.Hash != hash {
			t.Errorf("%s is %s (%v), was %s", id, ready.Hash, err, hash)
		}
	}
}
