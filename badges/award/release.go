package award

import (
	"context"
	"slices"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
)

// Release records the teacher's decision to give withheld awards of a badge to
// their learners, and returns how many it released. Deliver gives them to the
// learners after badges.UndoWindow. It leaves out awards of another badge and
// those that are not withheld any more.
func (w Awards) Release(ctx context.Context, tx *store.Tx, course badges.CourseKey, badge badges.BadgeID, ids []badges.AssertionID, by badges.UserID) (int, error) {
	l, err := w.openMany(ctx, tx, course, badge)
	if err != nil {
		return 0, err
	}
	return l.each(ctx, ids, func(a badges.Assertion) (Change, error) {
		after, err := a.Release(tx.Now())
		return Change{Kind: Released, Before: a, After: after, Actor: string(by)}, err
	})
}

// ReleaseWithheld releases up to most withheld awards of a badge and returns
// how many it released; zero means that none are left.
func (w Awards) ReleaseWithheld(ctx context.Context, tx *store.Tx, course badges.CourseKey, badge badges.BadgeID, by badges.UserID, most int) (int, error) {
	withheld, err := tx.Withheld(ctx, course, badge, most)
	if err != nil {
		return 0, err
	}
	return w.Release(ctx, tx, course, badge, idsOf(withheld), by)
}

// UndoRelease undoes up to most releases of a badge that have not taken effect,
// and returns how many; zero means that none are left.
func (w Awards) UndoRelease(ctx context.Context, tx *store.Tx, course badges.CourseKey, badge badges.BadgeID, by badges.UserID, most int) (int, error) {
	l, err := w.openMany(ctx, tx, course, badge)
	if err != nil {
		return 0, err
	}
	released, err := tx.Releases(ctx, course, badge, badges.UndoWindow, most)
	if err != nil {
		return 0, err
	}
	return l.each(ctx, idsOf(released), func(a badges.Assertion) (Change, error) {
		after, err := a.UndoRelease(tx.Now())
		return Change{Kind: ReleaseUndone, Before: a, After: after, Actor: string(by)}, err
	})
}

// AnyToDeliver reports whether Deliver has anything to do. It only reads, and
// so does not wait for other writers.
func AnyToDeliver(ctx context.Context, s *store.Store) (bool, error) {
	return s.AnyReleases(ctx, badges.UndoWindow)
}

// Deliver makes withheld awards pending whose release can no longer be undone:
// up to most awards of one badge. It returns how many; zero means that none are
// left.
func (w Awards) Deliver(ctx context.Context, tx *store.Tx, most int) (int, error) {
	due, err := tx.OldReleases(ctx, badges.UndoWindow, most)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	l, err := w.openMany(ctx, tx, due[0].Course, due[0].Badge)
	if err != nil {
		return 0, err
	}
	versions := versions{tx: tx}
	return l.each(ctx, idsOf(due), func(a badges.Assertion) (Change, error) {
		version, err := versions.of(ctx, a.Version)
		if err != nil {
			return Change{}, err
		}
		after, err := a.Deliver(tx.Now(), version.Ends(tx.Now()))
		return Change{Kind: Delivered, Before: a, After: after, Actor: badges.ByRule}, err
	})
}

// each makes a transition of several awards of the badge, and returns how many
// it made. It leaves out awards of another badge, and those that refuse the
// transition because another came first.
func (l ledger) each(ctx context.Context, ids []badges.AssertionID, transition func(badges.Assertion) (Change, error)) (int, error) {
	var changes []Change
	for _, id := range slices.Sorted(slices.Values(ids)) {
		a, err := l.tx.LockAssertion(ctx, id)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return 0, err
		}
		if a.Course != l.course || a.Badge != l.badge {
			continue
		}
		c, err := transition(a)
		if fault.Is(err, fault.Conflict) {
			continue
		}
		if err != nil {
			return 0, err
		}
		if _, err := l.move(ctx, c); err != nil {
			return 0, err
		}
		changes = append(changes, c)
	}
	return len(changes), l.conclude(ctx, changes...)
}

func idsOf(list []badges.Assertion) []badges.AssertionID {
	ids := make([]badges.AssertionID, len(list))
	for i, a := range list {
		ids[i] = a.ID
	}
	return ids
}
