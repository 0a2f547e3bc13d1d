package store

import (
	"context"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/picture"
)

// Picture returns the picture with a hash; fault.NotFound if there is none.
func (r reads) Picture(ctx context.Context, hash badges.PictureHash) (picture.Picture, error) {
	p := picture.Picture{Hash: string(hash)}
	err := r.q.QueryRowContext(ctx, `select png, svg from pictures where hash = $1`, hash).Scan(&p.PNG, &p.SVG)
	return p, notFound(err, "picture")
}

// SavePicture stores a picture under its hash; storing it again does nothing.
func (tx *Tx) SavePicture(ctx context.Context, p picture.Picture) error {
	_, err := tx.q.ExecContext(ctx, `insert into pictures (hash, png, svg) values ($1, $2, $3) on conflict (hash) do nothing`, p.Hash, p.PNG, p.SVG)
	if err != nil {
		return fmt.Errorf("write picture: %w", err)
	}
	return nil
}
