package jobs

import (
	"context"
	"errors"
	"log/slog"

	"github.com/riverqueue/river"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/gradebook"
	"github.com/insigne-badges/insigne/lti"
)

// Scorer sends scores to the gradebook columns of badges.
type Scorer struct {
	river.WorkerDefaults[badges.SendScore]

	Columns *gradebook.Columns
	Log     *slog.Logger
}

// Work sends the score of one assertion. It gives up if the LMS will never
// accept the score. After any other failure River tries again, when the LMS
// allows it or after a growing pause.
func (s *Scorer) Work(ctx context.Context, job *river.Job[badges.SendScore]) error {
	err := s.Columns.Fill(ctx, job.Args.Assertion)
	switch {
	case errors.Is(err, gradebook.ErrNotEntered):
		if reason := lti.ReasonOf(err); reason != "" {
			s.Log.WarnContext(ctx, "score refused", "assertion", job.Args.Assertion, "reason", reason)
		}
		return river.JobCancel(err)
	case lti.RetryAfter(err) > 0:
		return river.JobSnooze(lti.RetryAfter(err))
	default:
		return err
	}
}
