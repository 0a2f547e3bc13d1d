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

// Noticer sends the notices of pending badges, and the reminders of badges that
// will expire.
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

// Work sends one notice over one channel, only once. It stores a failure for
// the administrator and returns it, so that River tries again later.
func (n *Noticer) Work(ctx context.Context, job *river.Job[badges.SendNotice]) error {
	task := job.Args
	notice, err := n.Store.Notice(ctx, task)
	if err != nil {
		return err
	}
	if !notice.SentAt.IsZero() {
		return nil // a process sent it and was killed before it could mark the job as done
	}
	content, err := n.content(ctx, task)
	if errors.Is(err, errDecided) || errors.Is(err, errEnded) {
		return river.JobCancel(err)
	}
	if err != nil {
		return err
	}
	err = n.send(ctx, task, content)
	if errors.Is(err, errNoChannel) || errors.Is(err, errNoAddress) {
		return river.JobCancel(errors.Join(err, n.recordUnreachable(ctx, task, content.Assertion.Recipient, err)))
	}
	if err != nil {
		return errors.Join(err, n.record(ctx, task, err))
	}
	return n.Store.Tx(ctx, func(tx *store.Tx) error {
		return tx.NoticeSent(ctx, task)
	})
}

// errDecided means that the notice is unnecessary: the learner has claimed or
// declined the badge on the course page.
var errDecided = errors.New("the learner has decided already")

// errEnded means that the reminder is unnecessary: the award has expired, was
// taken back, or the badge was earned again.
var errEnded = errors.New("the reminder is unnecessary: the award has expired, was taken back or was earned again")

// errNoChannel means that the web services of the LMS are not set up, so it
// takes no messages. The learner gets the mail, if they have an address.
var errNoChannel = errors.New("the LMS takes no messages: its web services are not set up")

// errNoAddress means that the LMS tells no address of the learner, who gets the
// message of the LMS.
var errNoAddress = errors.New("the LMS tells no address of the learner")

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

// endOf returns the reminder that an award will expire. It says how to earn the
// badge again, by its present rule, if that is possible.
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

// about returns what all notices of an award show.
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
	if task.Channel == badges.ByMail && !content.Assertion.Recipient.HasAddress() {
		return errNoAddress
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

// recordUnreachable stores that no channel reaches a learner, for the teacher and
// the administrator: the LMS tells no address and takes no messages.
func (n *Noticer) recordUnreachable(ctx context.Context, task badges.SendNotice, to badges.Recipient, why error) error {
	if !errors.Is(why, errNoChannel) || to.HasAddress() {
		return nil
	}
	return n.record(ctx, task, fault.Wrap(why, fault.Conflict, "notice.no_channel"))
}

// record stores a failure for the teacher and the administrator.
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
