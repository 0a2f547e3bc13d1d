package credential

import (
	"context"

	"github.com/insigne-badges/insigne/badges/openbadges"
	"github.com/insigne-badges/insigne/picture"
)

// PNG returns the badge's picture with the documents of an award in it, those of
// Open Badges 2.0 and 3.0. It fails as Assertion does.
func (d Documents) PNG(ctx context.Context, award Award, p picture.Picture) ([]byte, error) {
	inside, err := d.payloads(ctx, award)
	if err != nil {
		return nil, err
	}
	return openbadges.BakePNG(p.PNG, inside)
}

// SVG is PNG for the scalable picture. A picture that was uploaded as a PNG is
// embedded.
func (d Documents) SVG(ctx context.Context, award Award, p picture.Picture) ([]byte, error) {
	inside, err := d.payloads(ctx, award)
	if err != nil {
		return nil, err
	}
	svg := p.SVG
	if svg == nil {
		if svg, err = openbadges.WrapPNG(p.PNG, award.Version.Caption); err != nil {
			return nil, err
		}
	}
	return openbadges.BakeSVG(svg, inside)
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
