package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
)

// SetHistory notes the courses that a course was copied from.
func (tx *Tx) SetHistory(ctx context.Context, key badges.CourseKey, history []badges.ContextID) error {
	text, err := encodeList(history)
	if err != nil {
		return err
	}
	_, err = tx.q.ExecContext(ctx, `update courses set history = $3 where platform_id = $1 and context_id = $2 and history <> $3`,
		key.Platform, key.Context, text)
	if err != nil {
		return fmt.Errorf("write history: %w", err)
	}
	return nil
}

// History returns the courses that a course was copied from, the nearest first.
func (r reads) History(ctx context.Context, key badges.CourseKey) ([]badges.ContextID, error) {
	var text string
	err := r.q.QueryRowContext(ctx, `select history from courses where platform_id = $1 and context_id = $2`, key.Platform, key.Context).Scan(&text)
	if err := notFound(err, "course"); err != nil {
		return nil, err
	}
	return decodeList[badges.ContextID](text)
}

// SetWatched notes the learners that a mentor follows in a course.
func (tx *Tx) SetWatched(ctx context.Context, key badges.CourseKey, mentor badges.UserID, learners []badges.UserID) error {
	text, err := encodeList(learners)
	if err != nil {
		return err
	}
	_, err = tx.q.ExecContext(ctx, `update members set watches = $4 where platform_id = $1 and context_id = $2 and user_id = $3 and watches <> $4`,
		key.Platform, key.Context, mentor, text)
	if err != nil {
		return fmt.Errorf("write watched learners: %w", err)
	}
	return nil
}

// Watched returns the learners that a member follows; for most, nobody.
func (r reads) Watched(ctx context.Context, key badges.CourseKey, mentor badges.UserID) ([]badges.UserID, error) {
	var text string
	err := r.q.QueryRowContext(ctx, `select watches from members where platform_id = $1 and context_id = $2 and user_id = $3`,
		key.Platform, key.Context, mentor).Scan(&text)
	if err := notFound(err, "member"); err != nil {
		return nil, err
	}
	return decodeList[badges.UserID](text)
}

// encodeList writes a list, the empty one as nothing.
func encodeList[T ~string](list []T) (string, error) {
	if len(list) == 0 {
		return "", nil
	}
	text, err := json.Marshal(list)
	if err != nil {
		return "", fmt.Errorf("encode list: %w", err)
	}
	return string(text), nil
}

func decodeList[T ~string](text string) ([]T, error) {
	if text == "" {
		return nil, nil
	}
	var list []T
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, fmt.Errorf("read list: %w", err)
	}
	return list, nil
}
