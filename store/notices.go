package store

import (
	"context"
	"fmt"
	"time"

	"github.com/insigne-badges/insigne/badges"
)

// Notice is how telling a learner over one channel goes.
type Notice struct {
	badges.SendNotice

	SentAt   time.Time // zero until it was handed over
	Attempts int       // failed ones
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

// oneNotice finds a notice by what its job names. Jobs of earlier versions do
// not say what they are about.
const oneNotice = ` where assertion_id = $1 and channel = $2 and about = case when $3 = '' then 'award' else $3 end`

// Notice returns one notice.
func (r reads) Notice(ctx context.Context, of badges.SendNotice) (Notice, error) {
	n, err := scanNotice(r.q.QueryRowContext(ctx, `select `+noticeColumns+` from notices n`+oneNotice, of.Assertion, of.Channel, of.About))
	return n, notFound(err, "notice")
}

// NoticesOf lists the notices of an assertion: of the award, then of its end, by
// channel.
func (r reads) NoticesOf(ctx context.Context, id badges.AssertionID) ([]Notice, error) {
	rows, err := r.q.QueryContext(ctx, `select `+noticeColumns+` from notices n where n.assertion_id = $1 order by n.about, n.channel`, id)
	return all(rows, err, scanNotice)
}

// FailingNotice is a notice that failed and was not sent since.
type FailingNotice struct {
	Notice
	BadgeName string
}

// mostFailing bounds what the administrator is shown at once.
const mostFailing = 100

// NoticeQueue returns the failing notices and how many are not sent in all.
func (r reads) NoticeQueue(ctx context.Context) ([]FailingNotice, int, error) {
	const unsent = ` from notices n join assertions a on a.id = n.assertion_id join badge_versions v on v.id = a.version_id
		where n.sent_at is null and (n.about = 'award' and a.state = 'pending' or n.about = 'end' and a.state = 'claimed' and a.next_id = '')`
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

// AddNotices writes the notices of some assertions, one a channel, unless they are
// there. Their jobs are enqueued with them, or left to QueueNotices.
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

// RequeueNotices leaves the notices of an award to QueueNotices once more.
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

// unqueued are the notices that are due and not in the queue. Releases by earlier
// versions wrote notices that must wait.
const unqueued = `not n.queued and (n.not_before is null or n.not_before <= $1)`

// UnqueuedNotices reports whether there is anything for QueueNotices to do.
func (r reads) UnqueuedNotices(ctx context.Context) (bool, error) {
	var some bool
	err := r.q.QueryRowContext(ctx, `select exists (select 1 from notices n where `+unqueued+`)`, moment(r.clock())).Scan(&some)
	if err != nil {
		return false, fmt.Errorf("look for notices: %w", err)
	}
	return some, nil
}

// QueueNotices queues notices that were written with many awards, at most so
// many, and reports whether there were any: they are marked in the same
// transaction, so that none is queued twice.
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

// NoticeSent notes that a notice was handed over.
func (tx *Tx) NoticeSent(ctx context.Context, of badges.SendNotice) error {
	result, err := tx.q.ExecContext(ctx, `update notices set sent_at = $4, problem = ''`+oneNotice, of.Assertion, of.Channel, of.About, tx.now)
	return one(result, err, "notice")
}

// NoticeFailed notes why a notice was not handed over.
func (tx *Tx) NoticeFailed(ctx context.Context, of badges.SendNotice, problem string) error {
	result, err := tx.q.ExecContext(ctx, `update notices set attempts = attempts + 1, problem = $4`+oneNotice, of.Assertion, of.Channel, of.About, problem)
	return one(result, err, "notice")
}

// RetryNotice sends a failing notice again at once; fault.NotFound when it is not
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
