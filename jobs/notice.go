package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/evidence"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/notify"
	"github.com/insigne-badges/insigne/store"
)

// Noticer tells learners of their pending badges, and of badges that will end.
type Noticer struct {
	river.WorkerDefaults[badges.SendNotice]

	Store     *store.Store
	Sites     *evidence.Sites
	Mailer    *notify.Mailer
	Messenger *notify.Messenger
	Links     credential.Addresses
	Now       func() time.Time
	Log       *slog.Logger
}

// Work sends one notice over one channel, once. A failure is recorded for the
// administrator and returned, so that River tries again later.
func (n *Noticer) Work(ctx context.Context, job *river.Job[badges.SendNotice]) error {
	task := job.Args
	notice, err := n.Store.Notice(ctx, task)
	if err != nil {
		return err
	}
	if !notice.SentAt.IsZero() {
		return nil // sent by a run that was killed before it could say so to the queue
	}
	content, err := n.content(ctx, task)
	if errors.Is(err, errDecided) || errors.Is(err, errEnded) {
		return river.JobCancel(err)
	}
	if err != nil {
		return err
	}
	err = n.send(ctx, task, content)
	if errors.Is(err, errNoChannel) {
		return river.JobCancel(err)
	}
	if err != nil {
		return errors.Join(err, n.record(ctx, task, err))
	}
	return n.Store.Tx(ctx, func(tx *store.Tx) error {
		return tx.NoticeSent(ctx, task)
	})
}

// errDecided says that there is nothing left to tell: the learner has claimed
// or declined from the course page already.
var errDecided = errors.New("the learner has decided already")

// errEnded says that the end of a badge is no news any more: it is over, was
// taken back or earned again.
var errEnded = errors.New("there is no end to tell of")

// errNoChannel says that the LMS takes no messages from us: its web services are
// not set up. The mail tells the learner.
var errNoChannel = errors.New("no way to send messages in the LMS")

func (n *Noticer) content(ctx context.Context, task badges.SendNotice) (notify.Notice, error) {
	a, err := n.Store.Assertion(ctx, task.Assertion)
	if err != nil {
		return notify.Notice{}, err
	}
	if task.About == badges.OfEnd {
		return n.endOf(ctx, a)
	}
	if a.State != badges.Pending {
		return notify.Notice{}, errDecided
	}
	notice, err := n.about(ctx, a)
	if err != nil {
		return notify.Notice{}, err
	}
	notice.Replaces, err = award.TakesPlaceOf(ctx, n.Store, a, n.Now())
	return notice, err
}

// endOf tells of the end of a badge, and how to earn it again while that is
// possible: by what it asks for now.
func (n *Noticer) endOf(ctx context.Context, a badges.Assertion) (notify.Notice, error) {
	now := n.Now()
	ends, err := award.Ends(ctx, n.Store, a, now)
	if err != nil {
		return notify.Notice{}, err
	}
	if !ends {
		return notify.Notice{}, errEnded
	}
	notice, err := n.about(ctx, a)
	if err != nil {
		return notify.Notice{}, err
	}
	c, err := n.Store.CaseOf(ctx, a.Course, a.Badge, a.User)
	if err != nil {
		return notify.Notice{}, err
	}
	if c.AsLearner().Again(now) {
		notice.Again = &c.Badge.Current
	}
	return notice, nil
}

// about gathers what every notice of an award shows.
func (n *Noticer) about(ctx context.Context, a badges.Assertion) (notify.Notice, error) {
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
	claim, err := n.Links.Claim(a.ID)
	if err != nil {
		return notify.Notice{}, err
	}
	return notify.Notice{
		Assertion: a, Version: version, Issuer: issuer, Picture: picture.PNG,
		ClaimURL: claim, CourseTitle: course.Title,
	}, nil
}

func (n *Noticer) send(ctx context.Context, task badges.SendNotice, content notify.Notice) error {
	mail, message := n.Mailer.Award, n.Messenger.Award
	if task.About == badges.OfEnd {
		mail, message = n.Mailer.End, n.Messenger.End
	}
	if task.Channel == badges.ByMail {
		return mail(ctx, content)
	}
	client, err := n.Sites.Client(ctx, content.Assertion.Course.Platform)
	if fault.Is(err, fault.Conflict) {
		return errNoChannel
	}
	if err != nil {
		return err
	}
	return message(ctx, client, content)
}

// record notes the failure where the teacher and the administrator see it.
func (n *Noticer) record(ctx context.Context, task badges.SendNotice, failure error) error {
	key, _ := reason(failure)
	n.Log.WarnContext(ctx, "notice not sent", "assertion", task.Assertion, "channel", task.Channel, "about", task.About, "problem", key, "kind", fault.KindOf(failure))
	err := n.Store.Tx(ctx, func(tx *store.Tx) error {
		return tx.NoticeFailed(ctx, task, key)
	})
	if err != nil {
		return fmt.Errorf("record failed notice: %w", err)
	}
	return nil
}
