package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/riverqueue/river"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/evidence"
	"github.com/insigne-badges/insigne/fault"
	"github.com/insigne-badges/insigne/notify"
	"github.com/insigne-badges/insigne/store"
)

// Noticer tells learners of their pending badges.
type Noticer struct {
	river.WorkerDefaults[badges.SendNotice]

	Store     *store.Store
	Sites     *evidence.Sites
	Mailer    *notify.Mailer
	Messenger *notify.Messenger
	Claims    badges.ClaimLinks
	BaseURL   string
	Log       *slog.Logger
}

// Work sends one notice over one channel, once. A failure is recorded for the
// administrator and returned, so that River tries again later.
func (n *Noticer) Work(ctx context.Context, job *river.Job[badges.SendNotice]) error {
	task := job.Args
	notice, err := n.Store.Notice(ctx, task.Assertion, task.Channel)
	if err != nil {
		return err
	}
	if !notice.SentAt.IsZero() {
		return nil // sent by a run that was killed before it could say so to the queue
	}
	content, err := n.content(ctx, task.Assertion)
	if errors.Is(err, errDecided) {
		return river.JobCancel(err)
	}
	if err != nil {
		return err
	}
	err = n.send(ctx, task.Channel, content)
	if errors.Is(err, errNoChannel) {
		return river.JobCancel(err)
	}
	if err != nil {
		return errors.Join(err, n.record(ctx, task, err))
	}
	return n.Store.Tx(ctx, func(tx *store.Tx) error {
		return tx.NoticeSent(ctx, task.Assertion, task.Channel)
	})
}

// errDecided says that there is nothing left to tell: the learner has claimed
// or declined from the course page already.
var errDecided = errors.New("the learner has decided already")

// errNoChannel says that the LMS takes no messages from us: its web services are
// not set up. The mail tells the learner.
var errNoChannel = errors.New("no way to send messages in the LMS")

func (n *Noticer) content(ctx context.Context, id badges.AssertionID) (notify.Notice, error) {
	a, err := n.Store.Assertion(ctx, id)
	if err != nil {
		return notify.Notice{}, err
	}
	if a.State != badges.Pending {
		return notify.Notice{}, errDecided
	}
	version, err := n.Store.Version(ctx, a.Version)
	if err != nil {
		return notify.Notice{}, err
	}
	issuer, err := n.Store.Issuer(ctx, version.Issuer)
	if err != nil {
		return notify.Notice{}, err
	}
	picture, err := n.Store.Picture(ctx, version.Picture)
	if err != nil {
		return notify.Notice{}, err
	}
	course, err := n.Store.Course(ctx, a.Course)
	if err != nil {
		return notify.Notice{}, err
	}
	token, err := n.Claims.Token(id)
	if err != nil {
		return notify.Notice{}, err
	}
	return notify.Notice{
		Assertion: a, Version: version, Issuer: issuer, Picture: picture.PNG,
		ClaimURL: n.BaseURL + "/claim/" + token, CourseTitle: course.Title,
	}, nil
}

func (n *Noticer) send(ctx context.Context, channel badges.Channel, content notify.Notice) error {
	if channel == badges.ByMail {
		return n.Mailer.Award(ctx, content)
	}
	client, err := n.Sites.Client(ctx, content.Assertion.Course.Platform)
	if fault.KindOf(err) == fault.Conflict {
		return errNoChannel
	}
	if err != nil {
		return err
	}
	return n.Messenger.Award(ctx, client, content)
}

// record notes the failure where the teacher and the administrator see it.
func (n *Noticer) record(ctx context.Context, task badges.SendNotice, failure error) error {
	key, _ := reason(failure)
	n.Log.WarnContext(ctx, "notice not sent", "assertion", task.Assertion, "channel", task.Channel, "problem", key, "kind", fault.KindOf(failure))
	err := n.Store.Tx(ctx, func(tx *store.Tx) error {
		return tx.NoticeFailed(ctx, task.Assertion, task.Channel, key)
	})
	if err != nil {
		return fmt.Errorf("record failed notice: %w", err)
	}
	return nil
}
