package store

import (
	"context"
	"fmt"
	"time"

	"github.com/insigne-badges/insigne/badges"
)

// Notice is the state of a notice to a learner over one channel.
type Notice struct {
	badges.SendNotice

	SentAt   time.Time // zero until it was sent
	Attempts int       // number of attempts that failed
	Problem  string    // catalogue key of the last failure
}

const noticeColumns = `n.assertion_id, n.channel, n.about, n.sent_at, n.attempts, n.problem`

func scanNotice(row row) (Notice, error) {
	var n Notice
	var sent instant
	err := row.Scan(&n.Assertion, &n.Channel, &n.About, &sent, &n.Attempts, &n.Problem)
	n.SentAt = sent.Time
	return n, err
}

// oneNotice finds the notice of a job. Jobs of earlier versions do not say what
// the notice is about.
const oneNotice = ` where assertion_id = $1 and channel = $2 and about = case when $3 = '' then 'award' else $3 end`

// Notice returns one notice.
func (r reads) Notice(ctx context.Context, of badges.SendNotice) (Notice, error) {
	n, err := scanNotice(r.q.QueryRowContext(ctx, `select `+noticeColumns+` from notices n`+oneNotice, of.Assertion, of.Channel, of.About))
	return n, notFound(err, "notice")
}

// NoticesOf lists the notices of an assertion: first those of the award, then
// the reminders, by channel.
func (r reads) NoticesOf(ctx context.Context, id badges.AssertionID) ([]Notice, error) {
	rows, err := r.q.QueryContext(ctx, `select `+noticeColumns+` from notices n where n.assertion_id = $1 order by n.about, n.channel`, id)
	return all(rows, err, scanNotice)
}

// FailingNotice is a notice that failed and has not been sent since.
type FailingNotice struct {
	Notice
	BadgeName string
}

// mostFailing is the largest number of failing notices on the administrator's
// page.
const mostFailing = 100

// NoticeQueue returns the failing notices, and the number of all notices that
// are not sent. Mails to learners without an address are not among them.
func (r reads) NoticeQueue(ctx context.Context) ([]FailingNotice, int, error) {
	const unsent = ` from notices n join assertions a on a.id = n.assertion_id join badge_versions v on v.id = a.version_id
		where n.sent_at is null and (n.channel <> 'mail' or a.email <> '') and (n.about = 'award' and a.state = 'pending' or n.about = 'end' and a.state in ('claimed', 'private') and a.next_id = '')`
	var waiting int
	if err := r.q.QueryRowContext(ctx, `select count(*)`+unsent).Scan(&waiting); err != nil {
		return nil, 0, fmt.Errorf("count notices: %w", err)
	}
	rows, err := r.q.QueryContext(ctx, `select `+noticeColumns+`, v.name`+unsent+` and n.problem <> '' order by n.attempts desc, n.assertion_id limit $1`, mostFailing)
	failing, err := all(rows, err, func(row row) (FailingNotice, error) {
		var f FailingNotice
		var sent instant
		return f, row.Scan(&f.Assertion, &f.Channel, &f.About, &sent, &f.Attempts, &f.Problem, &f.BadgeName)
	})
	return failing, waiting, err
}

// AddNotices writes the notices of some assertions, one for each channel,
// unless they exist. It enqueues their jobs too, or leaves that to
// QueueNotices.
func (tx *Tx) AddNotices(ctx context.Context, of []badges.AssertionID, about badges.About, enqueue bool) error {
	for _, id := range of {
		for _, channel := range []badges.Channel{badges.ByMail, badges.ByMessage} {
			_, err := tx.q.ExecContext(ctx, `insert into notices (assertion_id, channel, about, queued) values ($1, $2, $3, $4)
				on conflict (assertion_id, about, channel) do nothing`,
				id, channel, about, enqueue)
			if err != nil {
				return fmt.Errorf("write notice: %w", err)
			}
			if !enqueue {
				continue
			}
			if err := tx.Enqueue(ctx, badges.SendNotice{Assertion: id, Channel: channel, About: about}); err != nil {
				return err
			}
		}
	}
	return nil
}

// RequeueNotices makes QueueNotices enqueue the notices of an award again.
func (tx *Tx) RequeueNotices(ctx context.Context, of badges.AssertionID) error {
	_, err := tx.q.ExecContext(ctx, `update notices set queued = false where assertion_id = $1 and about = 'award'`, of)
	if err != nil {
		return fmt.Errorf("queue notices: %w", err)
	}
	return nil
}

// ForgetNotices removes all notices of an assertion.
func (tx *Tx) ForgetNotices(ctx context.Context, of badges.AssertionID) error {
	_, err := tx.q.ExecContext(ctx, `delete from notices where assertion_id = $1`, of)
	if err != nil {
		return fmt.Errorf("forget notices: %w", err)
	}
	return nil
}

// unqueued selects the notices that are due and not in the queue. Releases by
// earlier versions wrote notices that must wait.
const unqueued = `not n.queued and (n.not_before is null or n.not_before <= $1)`

// UnqueuedNotices reports whether QueueNotices has anything to do.
func (r reads) UnqueuedNotices(ctx context.Context) (bool, error) {
	var some bool
	err := r.q.QueryRowContext(ctx, `select exists (select 1 from notices n where `+unqueued+`)`, moment(r.clock())).Scan(&some)
	if err != nil {
		return false, fmt.Errorf("look for notices: %w", err)
	}
	return some, nil
}

// QueueNotices enqueues up to most notices that were written together with many
// awards, and reports whether there were any. It marks them in the same
// transaction, so that none is enqueued twice.
func (tx *Tx) QueueNotices(ctx context.Context, most int) (bool, error) {
	rows, err := tx.q.QueryContext(ctx, `select `+noticeColumns+` from notices n where `+unqueued+` limit $2`+tx.dialect.skipLocked(), tx.now, most)
	list, err := all(rows, err, scanNotice)
	if err != nil {
		return false, fmt.Errorf("read notices: %w", err)
	}
	for _, n := range list {
		_, err := tx.q.ExecContext(ctx, `update notices set queued = true`+oneNotice, n.Assertion, n.Channel, n.About)
		if err != nil {
			return false, fmt.Errorf("write notice: %w", err)
		}
		if err := tx.Enqueue(ctx, n.SendNotice); err != nil {
			return false, err
		}
	}
	return len(list) > 0, nil
}

// NoticeSent stores that a notice was sent.
func (tx *Tx) NoticeSent(ctx context.Context, of badges.SendNotice) error {
	result, err := tx.q.ExecContext(ctx, `update notices set sent_at = $4, problem = ''`+oneNotice, of.Assertion, of.Channel, of.About, tx.now)
	return one(result, err, "notice")
}

// NoticeFailed stores why a notice could not be sent.
func (tx *Tx) NoticeFailed(ctx context.Context, of badges.SendNotice, problem string) error {
	result, err := tx.q.ExecContext(ctx, `update notices set attempts = attempts + 1, problem = $4`+oneNotice, of.Assertion, of.Channel, of.About, problem)
	return one(result, err, "notice")
}

// RetryNotice enqueues a failing notice again; fault.NotFound if it is not
// failing.
func (tx *Tx) RetryNotice(ctx context.Context, of badges.SendNotice) error {
	failing, err := tx.Notice(ctx, of)
	if err != nil {
		return err
	}
	result, err := tx.q.ExecContext(ctx, `update notices set problem = ''`+oneNotice+` and sent_at is null and problem <> ''`, of.Assertion, of.Channel, of.About)
	if err := one(result, err, "notice"); err != nil {
		return err
	}
	if err := tx.Enqueue(ctx, of); err != nil {
		return err
	}
	a, err := tx.Assertion(ctx, of.Assertion)
	if err != nil {
		return err
	}
	return tx.Audit(ctx, badges.AuditEntry{
		Course: a.Course, Actor: badges.ByAdmin, Action: badges.NoticeResent, Object: string(a.ID),
		New: string(failing.About) + " by " + string(failing.Channel), Reason: failing.Problem,
	})
}
