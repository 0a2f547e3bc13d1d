package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/insigne-badges/insigne/badges"
)

// observed is the JSON form of an observation.
type observed struct {
	Kind   badges.RuleKind  `json:"kind"`
	Course badges.ContextID `json:"course,omitempty"`
	ID     string           `json:"id,omitempty"`
	Read   bool             `json:"known,omitempty"`
	Why    string           `json:"why,omitempty"`
	Done   bool             `json:"done,omitempty"`
	Passed bool             `json:"passed,omitempty"`
	Grade  *gradeRow        `json:"grade,omitempty"`
	At     time.Time        `json:"at,omitzero"`
	Ended  time.Time        `json:"ended,omitzero"`
	Source string           `json:"source,omitempty"`
}

func encodeEvidence(e badges.Evidence) (string, error) {
	list := make([]observed, 0, len(e))
	for s, o := range e {
		list = append(list, observed{s.Kind, s.Course, s.ID, o.Read, o.Why, o.Done, o.Passed, (*gradeRow)(o.Grade), o.At, o.Ended, o.Source})
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
		e[badges.Subject{Kind: o.Kind, Course: o.Course, ID: o.ID}] = badges.Observation{
			Read: o.Read, Why: o.Why, Done: o.Done, Passed: o.Passed, Grade: (*badges.Grade)(o.Grade), At: o.At, Ended: o.Ended, Source: o.Source,
		}
	}
	return e, nil
}

// Evidence returns what was last observed about one learner, and when.
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

// Findings returns what was last observed about all learners of a course.
func (r reads) Findings(ctx context.Context, key badges.CourseKey) (badges.Findings, error) {
	type found struct {
		user badges.UserID
		text string
	}
	rows, err := r.q.QueryContext(ctx, `select user_id, observations from evidence where platform_id = $1 and context_id = $2`, key.Platform, key.Context)
	list, err := all(rows, err, func(row row) (found, error) {
		var f found
		err := row.Scan(&f.user, &f.text)
		return f, err
	})
	if err != nil {
		return nil, err
	}
	findings := make(badges.Findings, len(list))
	for _, f := range list {
		if findings[f.user], err = decodeEvidence(f.text); err != nil {
			return nil, fmt.Errorf("read evidence: %w", err)
		}
	}
	return findings, nil
}

// Reading returns the last reading of a course: its active members, what rules
// can ask about, and the observations.
func (r reads) Reading(ctx context.Context, key badges.CourseKey) (badges.Reading, error) {
	var reading badges.Reading
	var err error
	if reading.Members, err = r.Members(ctx, key); err != nil {
		return badges.Reading{}, err
	}
	if reading.Outline, err = r.Outline(ctx, key); err != nil {
		return badges.Reading{}, err
	}
	reading.Findings, err = r.Findings(ctx, key)
	return reading, err
}

// SaveReading stores a reading, for learners' pages and the next preview.
func (tx *Tx) SaveReading(ctx context.Context, key badges.CourseKey, reading badges.Reading) error {
	if err := tx.SaveRoster(ctx, key, reading.Members); err != nil {
		return err
	}
	if err := tx.SaveOutline(ctx, key, reading.Outline); err != nil {
		return err
	}
	if len(reading.Findings) == 0 {
		return nil
	}
	kept, err := tx.Findings(ctx, key)
	if err != nil {
		return err
	}
	return tx.SaveEvidence(ctx, key, kept.Update(reading.Findings))
}

// SaveEvidence replaces the evidence of some learners.
func (tx *Tx) SaveEvidence(ctx context.Context, key badges.CourseKey, of badges.Findings) error {
	for user, evidence := range of {
		text, err := encodeEvidence(evidence)
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
