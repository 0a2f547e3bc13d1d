package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"github.com/insigne-badges/insigne/badges"
)

// RememberErased stores that a learner had an award of a badge erased, so that
// its rule does not award it again. The row is a keyed hash: without the
// operator's secret it names nobody.
func (tx *Tx) RememberErased(ctx context.Context, badge badges.BadgeID, user badges.UserID) error {
	key, err := tx.holderKey()
	if err != nil {
		return err
	}
	_, err = tx.q.ExecContext(ctx, `insert into erased_holders (badge_id, holder) values ($1, $2) on conflict (badge_id, holder) do nothing`,
		badge, holderHash(key, badge, user))
	if err != nil {
		return fmt.Errorf("write erased holder: %w", err)
	}
	return nil
}

// ForgetErased undoes RememberErased: the learner wants the badge.
func (tx *Tx) ForgetErased(ctx context.Context, badge badges.BadgeID, user badges.UserID) error {
	key, err := tx.holderKey()
	if err != nil {
		return err
	}
	if _, err := tx.q.ExecContext(ctx, `delete from erased_holders where badge_id = $1 and holder = $2`, badge, holderHash(key, badge, user)); err != nil {
		return fmt.Errorf("remove erased holder: %w", err)
	}
	return nil
}

// ErasedHolders are the learners who had awards of some badges erased. It can
// only be asked about a learner. The zero value is nobody.
type ErasedHolders struct {
	key    []byte
	hashes map[badges.BadgeID]map[string]bool
}

// Of reports whether the learner had an award of the badge erased.
func (e ErasedHolders) Of(badge badges.BadgeID, user badges.UserID) bool {
	hashes := e.hashes[badge]
	return len(hashes) > 0 && hashes[holderHash(e.key, badge, user)]
}

// Any reports whether the learner had an award of one of the badges erased.
func (e ErasedHolders) Any(user badges.UserID) bool {
	for badge := range e.hashes {
		if e.Of(badge, user) {
			return true
		}
	}
	return false
}

// ErasedHolders returns the learners who had awards of some badges of a course
// erased.
func (r reads) ErasedHolders(ctx context.Context, key badges.CourseKey, of ...badges.BadgeID) (ErasedHolders, error) {
	erased, err := r.erasedInCourse(ctx, key)
	maps.DeleteFunc(erased.hashes, func(badge badges.BadgeID, _ map[string]bool) bool { return !slices.Contains(of, badge) })
	return erased, err
}

// erasedInCourse returns those of all badges of a course.
func (r reads) erasedInCourse(ctx context.Context, key badges.CourseKey) (ErasedHolders, error) {
	secret, err := r.holderKey()
	if err != nil {
		return ErasedHolders{}, err
	}
	erased := ErasedHolders{key: secret, hashes: map[badges.BadgeID]map[string]bool{}}
	rows, err := r.q.QueryContext(ctx, `select e.badge_id, e.holder from badges b join erased_holders e on e.badge_id = b.id
		where b.platform_id = $1 and b.context_id = $2`, key.Platform, key.Context)
	_, err = all(rows, err, func(row row) (struct{}, error) {
		var badge badges.BadgeID
		var hash string
		if err := row.Scan(&badge, &hash); err != nil {
			return struct{}{}, err
		}
		if erased.hashes[badge] == nil {
			erased.hashes[badge] = map[string]bool{}
		}
		erased.hashes[badge][hash] = true
		return struct{}{}, nil
	})
	if err != nil {
		return ErasedHolders{}, fmt.Errorf("read erased holders: %w", err)
	}
	return erased, nil
}

func (r reads) holderKey() ([]byte, error) {
	key, err := r.secret.Key("erased holders")
	if err != nil {
		return nil, fmt.Errorf("key of erased holders: %w", err)
	}
	return key, nil
}

// holderHash returns the hash of a learner for one badge. That of another badge
// does not tell that it is the same learner.
func holderHash(key []byte, badge badges.BadgeID, user badges.UserID) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(string(badge) + "\x00" + string(user)))
	return hex.EncodeToString(mac.Sum(nil))
}
