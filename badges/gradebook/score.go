package gradebook

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
)

// ErrNotEntered means that a score is not in the gradebook and that another
// attempt would fail too. lti.ReasonOf returns why the LMS refused the score;
// it returns nothing if the LMS was not asked.
var ErrNotEntered = errors.New("score not entered")

// Fill sends the score of a learner for a badge; id is one of their awards of
// the badge. It fails with ErrNotEntered if there is no column, the learner can
// see no award, or the LMS refuses the score permanently. After any other error
// the caller can try again, and lti.RetryAfter may say when.
func (c *Columns) Fill(ctx context.Context, id badges.AssertionID) error {
	a, err := c.Store.Assertion(ctx, id)
	if err != nil {
		return err
	}
	column, has, err := c.stored(ctx, a.Course, a.Badge)
	if err != nil {
		return err
	}
	if !has {
		return fmt.Errorf("%w: the column was removed", ErrNotEntered)
	}
	score, err := c.score(ctx, a)
	if err != nil {
		return err
	}
	err = c.post(ctx, a.Course, column, score)
	if err != nil && !errors.Is(err, ErrNotEntered) {
		return err
	}
	return errors.Join(err, c.Store.Tx(ctx, func(tx *store.Tx) error {
		return tx.ScoreSent(ctx, a.ID, score.Timestamp, lti.ReasonOf(err))
	}))
}

// post sends a score to the LMS. It fails with ErrNotEntered if the LMS refuses
// the score permanently.
func (c *Columns) post(ctx context.Context, course badges.CourseKey, column store.Column, score lti.Score) error {
	grades, err := c.grades(ctx, course)
	if err != nil {
		return err
	}
	err = grades.PostScore(ctx, column.LineItem, score)
	switch lti.ReasonOf(err) {
	case lti.ScoreRefused, lti.ServiceNotFound, lti.ServiceAbsent:
		return fmt.Errorf("%w: %w", ErrNotEntered, err)
	default:
		return err
	}
}

// score returns the learner's present score for a badge, of which a is an
// award. If the award that counts is public, the comment links to it.
func (c *Columns) score(ctx context.Context, a badges.Assertion) (lti.Score, error) {
	sentAt, err := c.Store.ScoredAt(ctx, a)
	if err != nil {
		return lti.Score{}, err
	}
	awards, err := c.Store.Chain(ctx, a.Course, a.Badge, a.User)
	if err != nil {
		return lti.Score{}, err
	}
	award, points, ok := outcome(awards)
	if !ok {
		return lti.Score{}, fmt.Errorf("%w: the learner may not know of an award", ErrNotEntered)
	}
	score := lti.Score{
		User: string(award.User), Given: &points, Maximum: fullScore, Activity: lti.ActivityCompleted, Grading: lti.FullyGraded, Timestamp: c.Now(),
	}
	if next := sentAt.Add(time.Second); score.Timestamp.Before(next) {
		score.Timestamp = next // LMSs compare whole seconds and accept only later scores
	}
	if award.Public() {
		score.Comment = c.PublicURL(award.ID)
	}
	return score, nil
}
