package jobs

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/fault"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
)

// Scorer enters badges into the gradebooks of LMSs.
type Scorer struct {
	river.WorkerDefaults[badges.SendScore]

	Store   *store.Store
	Tool    *lti.Tool
	BaseURL string
	Now     func() time.Time
	Log     *slog.Logger
}

// fullScore is what a badge counts for in its column.
const fullScore = 100

// Work sends what an assertion is worth now. What the LMS will never take is
// given up; what it does not take at the moment is tried again.
func (s *Scorer) Work(ctx context.Context, job *river.Job[badges.SendScore]) error {
	a, err := s.Store.Assertion(ctx, job.Args.Assertion)
	if err != nil {
		return err
	}
	column, err := s.Store.Column(ctx, a.Course, a.Badge)
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return river.JobCancel(err) // the column was removed meanwhile
	}
	if err != nil {
		return err
	}
	reg, err := s.Store.Registration(ctx, lti.RegistrationID(a.Course.Platform))
	if err != nil {
		return err
	}
	services, err := s.Store.Services(ctx, a.Course)
	if err != nil {
		return err
	}
	score, err := s.score(ctx, a)
	if err != nil {
		return err
	}
	err = s.Tool.Grades(reg, services).PostScore(ctx, column.LineItem, score)
	switch reason := lti.ReasonOf(err); {
	case err == nil:
		return s.Store.Tx(ctx, func(tx *store.Tx) error { return tx.ScoreSent(ctx, a.ID, score.Timestamp, "") })
	case reason == lti.ScoreRefused, reason == lti.ServiceNotFound, reason == lti.ServiceAbsent:
		s.Log.WarnContext(ctx, "grade not taken", "assertion", a.ID, "reason", reason)
		noted := s.Store.Tx(ctx, func(tx *store.Tx) error { return tx.ScoreSent(ctx, a.ID, score.Timestamp, reason) })
		return errors.Join(noted, river.JobCancel(err))
	case lti.RetryAfter(err) > 0:
		return river.JobSnooze(lti.RetryAfter(err))
	default:
		return err
	}
}

// score is full for whoever was awarded the badge, also when its time is over,
// and nothing once all of their awards were taken back. Once one is public, the
// comment leads to it.
func (s *Scorer) score(ctx context.Context, of badges.Assertion) (lti.Score, error) {
	last, err := s.Store.ScoredAt(ctx, of)
	if err != nil {
		return lti.Score{}, err
	}
	chain, err := s.Store.Chain(ctx, of.Course, of.Badge, of.User)
	if err != nil {
		return lti.Score{}, err
	}
	a, given := standing(chain)
	if !a.Known() {
		return lti.Score{}, river.JobCancel(errors.New("held back again"))
	}
	score := lti.Score{
		User: string(a.User), Given: &given, Maximum: fullScore, Activity: lti.ActivityCompleted, Grading: lti.FullyGraded, Timestamp: s.Now(),
	}
	if next := last.Add(time.Second); score.Timestamp.Before(next) {
		score.Timestamp = next // LMSs compare whole seconds, and want each later
	}
	if a.Public() {
		score.Comment = s.BaseURL + "/v/" + string(a.ID)
	}
	return score, nil
}

// standing picks what counts of a learner's awards, and what for: the newest
// that was not taken back, else the newest that the learner may know of.
func standing(chain []badges.Assertion) (a badges.Assertion, given float64) {
	a = chain[0]
	for _, one := range chain {
		switch one.State {
		case badges.Pending, badges.Claimed, badges.Declined:
			return one, fullScore
		case badges.Replaced:
			if one.Known() { // and earned, as the higher step is
				return one, fullScore
			}
		case badges.Withdrawn, badges.Revoked:
			if !a.Known() {
				a = one
			}
		case badges.Held:
		}
	}
	return a, 0
}
