package credential

import (
	"context"
	"sync"

	"github.com/insigne-badges/insigne/badges/openbadges"
	"github.com/insigne-badges/insigne/picture"
)

// PNG returns the badge's picture with the documents of an award in it, those of
// Open Badges 2.0 and 3.0. It fails as Assertion does.
func (d Documents) PNG(ctx context.Context, award Award, p picture.Picture) ([]byte, error) {
	return d.bake(ctx, award, "png "+p.Hash, func() (openbadges.Blank, error) { return openbadges.NewBlankPNG(p.PNG) })
}

// SVG is PNG for the scalable picture. A picture that was uploaded as a PNG is
// embedded.
func (d Documents) SVG(ctx context.Context, award Award, p picture.Picture) ([]byte, error) {
	if p.SVG != nil {
		return d.bake(ctx, award, "svg "+p.Hash, func() (openbadges.Blank, error) { return openbadges.NewBlankSVG(p.SVG) })
	}
	caption := award.Version.Caption
	return d.bake(ctx, award, "svg "+p.Hash+" "+caption, func() (openbadges.Blank, error) { return openbadges.NewBlankWrapped(p.PNG, caption) })
}

func (d Documents) bake(ctx context.Context, award Award, name string, prepare func() (openbadges.Blank, error)) ([]byte, error) {
	inside, err := d.payloads(ctx, award)
	if err != nil {
		return nil, err
	}
	blank, err := d.blanks.get(name, prepare)
	if err != nil {
		return nil, err
	}
	return blank.Bake(inside)
}

// payloads returns the documents that a picture of an award carries.
func (d Documents) payloads(ctx context.Context, award Award) (openbadges.Payloads, error) {
	two, err := d.hosted(award)
	if err != nil {
		return openbadges.Payloads{}, err
	}
	three, err := d.Credential(ctx, award)
	return openbadges.Payloads{OB2: two, OB3: three}, err
}

// maxBlanks is how many prepared pictures are kept. One has the size of its file,
// 2 MB at most and mostly less than 100 kB.
const maxBlanks = 50

// blanks keeps pictures that are ready for baking: preparing one takes longer than
// baking it. The zero value is ready for use, by several goroutines too.
type blanks struct {
	mu   sync.Mutex
	kept map[string]openbadges.Blank
}

func (b *blanks) get(name string, prepare func() (openbadges.Blank, error)) (openbadges.Blank, error) {
	b.mu.Lock()
	blank, ok := b.kept[name]
	b.mu.Unlock()
	if ok {
		return blank, nil
	}
	blank, err := prepare()
	if err != nil {
		return openbadges.Blank{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.kept == nil || len(b.kept) >= maxBlanks {
		b.kept = map[string]openbadges.Blank{}
	}
	b.kept[name] = blank
	return blank, nil
}
