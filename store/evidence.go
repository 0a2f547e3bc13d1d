package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/fault"
)

// observed is how an observation is stored.
type observed struct {
	Kind     badges.RuleKind   `json:"kind"`
	Activity badges.ActivityID `json:"activity,omitempty"`
	Known    bool              `json:"known,omitempty"`
	Why      string            `json:"why,omitempty"`
	Done     bool              `json:"done,omitempty"`
	Grade    *badges.Grade     `json:"grade,omitempty"`
	At       time.Time         `json:"at,omitzero"`
	Source   string            `json:"source,omitempty"`
}

func encodeEvidence(e badges.Evidence) (string, error) {
	list := make([]observed, 0, len(e))
	for s, o := range e {
		list = append(list, observed{s.Kind, s.Activity, o.Known, o.Why, o.Done, o.Grade, o.At, o.Source})
	}
	text, err := json.Marshal(list)
	return string(text), err
}

func decodeEvidence(text string) (badges.Evidence, error) {
	var list []observed
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, err
	}
	e := badges.Evidence{}
	for _, o := range list {
		e[badges.Subject{Kind: o.Kind, Activity: o.Activity}] = badges.Observation{
			Known: o.Known, Why: o.Why, Done: o.Done, Grade: o.Grade, At: o.At, Source: o.Source,
		}
	}
	return e, nil
}

// Evidence returns what the last reading found about one learner, and when.
func (r reads) Evidence(ctx context.Context, key badges.CourseKey, user badges.UserID) (badges.Evidence, time.Time, error) {
	var text string
	var at instant
	err := r.q.QueryRowContext(ctx, `select observations, read_at from evidence where platform_id = $1 and context_id = $2 and user_id = $3`,
		key.Platform, key.Context, user).Scan(&text, &at)
	if err != nil {
		return nil, time.Time{}, notFound(err, "evidence")
	}
	e, err := decodeEvidence(text)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("read evidence: %w", err)
	}
	return e, at.Time, nil
}

// SaveEvidence replaces what is known of the learners read.
func (tx *Tx) SaveEvidence(ctx context.Context, key badges.CourseKey, of map[badges.UserID]badges.Evidence) error {
	for user, e := range of {
		text, err := encodeEvidence(e)
		if err != nil {
			return fmt.Errorf("write evidence: %w", err)
		}
		_, err = tx.q.ExecContext(ctx, `
			insert into evidence (platform_id, context_id, user_id, observations, read_at) values ($1, $2, $3, $4, $5)
			on conflict (platform_id, context_id, user_id) do update set observations = excluded.observations, read_at = excluded.read_at`,
			key.Platform, key.Context, user, text, tx.now)
		if err != nil {
			return fmt.Errorf("write evidence: %w", err)
		}
	}
	return nil
}

// Activities lists a course's activities as of the last reading, none before
// the first.
func (r reads) Activities(ctx context.Context, key badges.CourseKey) ([]badges.Activity, error) {
	var text string
	err := notFound(r.q.QueryRowContext(ctx, `select list from activities where platform_id = $1 and context_id = $2`,
		key.Platform, key.Context).Scan(&text), "activities")
	if err != nil {
		if fault.KindOf(err) == fault.NotFound {
			return nil, nil
		}
		return nil, err
	}
	var list []badges.Activity
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, fmt.Errorf("read activities: %w", err)
	}
	return list, nil
}

// SaveActivities replaces a course's activities.
func (tx *Tx) SaveActivities(ctx context.Context, key badges.CourseKey, list []badges.Activity) error {
	text, err := json.Marshal(list)
	if err != nil {
		return fmt.Errorf("write activities: %w", err)
	}
	_, err = tx.q.ExecContext(ctx, `
		insert into activities (platform_id, context_id, list) values ($1, $2, $3)
		on conflict (platform_id, context_id) do update set list = excluded.list`, key.Platform, key.Context, string(text))
	if err != nil {
		return fmt.Errorf("write activities: %w", err)
	}
	return nil
}
