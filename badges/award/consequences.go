package award

import (
	"context"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
)

// conclude writes all that follows from changes whose assertions are written
// already. It also makes the transitions of lower steps that follow from them,
// and writes what follows from those.
func (l ledger) conclude(ctx context.Context, changes ...Change) error {
	for i := 0; i < len(changes); i++ { // the list grows in the loop
		moved, err := l.moveSteps(ctx, changes[i])
		if err != nil {
			return err
		}
		changes = append(changes, moved...)
	}
	if len(changes) == 0 {
		return nil
	}
	if err := l.audit(ctx, changes); err != nil {
		return err
	}
	if err := l.notify(ctx, changes); err != nil {
		return err
	}
	if err := l.score(ctx, changes); err != nil {
		return err
	}
	if err := l.status(ctx, changes); err != nil { // last, as others wait for it
		return err
	}
	for _, hook := range l.hooks {
		if err := hook(ctx, l.tx, changes); err != nil {
			return err
		}
	}
	return nil
}

func (l ledger) audit(ctx context.Context, changes []Change) error {
	for _, c := range changes {
		entry := c.auditEntry()
		if entry.Action == "" {
			continue
		}
		if err := l.tx.Audit(ctx, entry); err != nil {
			return err
		}
	}
	return nil
}

// fewNotices is the largest number of notices that are enqueued with their
// awards. Of more notices only the rows are written, and the background work
// enqueues them in small groups, so that a whole course awarded at once does
// not delay everybody else's notices.
const fewNotices = 20

// notify writes the notices of awards, even of awards that another change has
// replaced: those are not sent, because a notice is sent only while its award
// is pending.
func (l ledger) notify(ctx context.Context, changes []Change) error {
	var awards, ends []badges.AssertionID
	last := map[badges.AssertionID]badges.AssertionState{}
	for _, c := range changes {
		last[c.After.ID] = c.After.State
	}
	for _, c := range changes {
		switch id := c.After.ID; c.Kind.consequences().notices {
		case tells:
			awards = append(awards, id)
		case tellsOfEnd:
			ends = append(ends, id)
		case tellsAgain:
			if last[id] != badges.Pending {
				continue
			}
			if err := l.tellAgain(ctx, id); err != nil {
				return err
			}
		case tellsNothing:
		}
	}
	if err := l.tx.AddNotices(ctx, awards, badges.OfAward, len(awards) <= fewNotices); err != nil {
		return err
	}
	return l.tx.AddNotices(ctx, ends, badges.OfEnd, false)
}

// tellAgain enqueues the notices of an award that is pending again, unless one
// of them reached the learner. Notices that had not been sent were dropped when
// the award was replaced.
func (l ledger) tellAgain(ctx context.Context, id badges.AssertionID) error {
	told, err := l.told(ctx, id)
	if err != nil || told {
		return err
	}
	return l.tx.RequeueNotices(ctx, id)
}

// told reports whether a notice of the award was sent.
func (l ledger) told(ctx context.Context, id badges.AssertionID) (bool, error) {
	notices, err := l.tx.NoticesOf(ctx, id)
	if err != nil {
		return false, err
	}
	for _, n := range notices {
		if n.About == badges.OfAward && !n.SentAt.IsZero() {
			return true, nil
		}
	}
	return false, nil
}

// score enqueues the new scores, for badges with a column in the gradebook.
func (l ledger) score(ctx context.Context, changes []Change) error {
	columns := map[badges.BadgeID]bool{}
	for _, c := range changes {
		if !c.Kind.consequences().score {
			continue
		}
		has, asked := columns[c.After.Badge]
		if !asked {
			_, err := l.tx.Column(ctx, c.After.Course, c.After.Badge)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			has = err == nil
			columns[c.After.Badge] = has
		}
		if !has {
			continue
		}
		if err := l.tx.Enqueue(ctx, badges.SendScore{Assertion: c.After.ID}); err != nil {
			return err
		}
	}
	return nil
}
