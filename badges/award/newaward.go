package award

import (
	"context"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
)

// Award writes new assertions of one badge, pending or withheld, and returns how many
// were written. Left out are learners who have the badge already, unless the
// assertion names theirs as its previous one and that allows another; and
// learners who have a higher step. When each award was made and when it ends is
// frozen here, by its version.
func (w Awards) Award(ctx context.Context, tx *store.Tx, batch []badges.Assertion) (int, error) {
	return w.award(ctx, tx, batch, Awarded)
}

// AwardSilently is Award without notices.
func (w Awards) AwardSilently(ctx context.Context, tx *store.Tx, batch []badges.Assertion) (int, error) {
	return w.award(ctx, tx, batch, AwardedSilently)
}

func (w Awards) award(ctx context.Context, tx *store.Tx, batch []badges.Assertion, kind Kind) (int, error) {
	if len(batch) == 0 {
		return 0, nil
	}
	l, err := w.openMany(ctx, tx, batch[0].Course, batch[0].Badge)
	if err != nil {
		return 0, err
	}
	badge, err := tx.Badge(ctx, batch[0].Course, batch[0].Badge)
	if err != nil {
		return 0, err
	}
	versions := versions{tx: tx}
	changes := make([]Change, 0, len(batch))
	for _, a := range batch {
		a, err := versions.begin(ctx, a)
		if err != nil {
			return 0, err
		}
		written, err := l.insert(ctx, &badge, a)
		if err != nil {
			return 0, err
		}
		if written {
			changes = append(changes, Change{Kind: kindOf(a, kind), After: a, Actor: a.AwardedBy()})
		}
	}
	return len(changes), l.conclude(ctx, changes...)
}

// kindOf is Withheld for an award that waits for the teacher, else kind.
func kindOf(a badges.Assertion, kind Kind) Kind {
	if a.State == badges.Withheld {
		return Withheld
	}
	return kind
}

// insert writes a new assertion, unless its learner has a higher step, or has the
// badge and may not be awarded it once more.
func (l ledger) insert(ctx context.Context, badge *badges.Badge, a badges.Assertion) (bool, error) {
	if l.isAlone() && a.Previous == "" {
		return l.tx.InsertAssertion(ctx, a) // which the database refuses to a learner who has one
	}
	c, err := l.caseOf(ctx, badge, badges.Member{User: a.User})
	if err != nil || c.BlockedByAwards(giverOf(a), l.tx.Now()) != "" || c.Last.Assertion != a.Previous {
		return false, err
	}
	if a.Previous != "" {
		if follows, err := l.follow(ctx, a, c.Last); err != nil || !follows {
			return false, err
		}
	}
	return l.tx.InsertAssertion(ctx, a)
}

// follow makes a the award after its previous one, unless another transaction
// changed that since it was read.
func (l ledger) follow(ctx context.Context, a badges.Assertion, last badges.Holding) (bool, error) {
	previous, err := l.tx.LockAssertion(ctx, a.Previous)
	if err != nil || previous.Next != "" || previous.State != last.State {
		return false, err
	}
	after := previous
	after.Next = a.ID
	return true, l.tx.Move(ctx, previous, after)
}

// versions says when awards that begin now end. Each version is read once.
type versions struct {
	tx   *store.Tx
	read map[badges.VersionID]badges.Version
}

// begin returns a as an award made now. The validity of a withheld one begins when it
// is delivered.
func (v *versions) begin(ctx context.Context, a badges.Assertion) (badges.Assertion, error) {
	now := v.tx.Now()
	a.AwardedAt, a.EvidenceUsed = now, a.EvidenceUntil(now)
	if a.State == badges.Withheld {
		return a, nil
	}
	version, err := v.of(ctx, a.Version)
	return a.Begin(now, version.Ends(now)), err
}

func (v *versions) of(ctx context.Context, id badges.VersionID) (badges.Version, error) {
	if version, ok := v.read[id]; ok {
		return version, nil
	}
	version, err := v.tx.Version(ctx, id)
	if err != nil {
		return badges.Version{}, err
	}
	if v.read == nil {
		v.read = map[badges.VersionID]badges.Version{}
	}
	v.read[id] = version
	return version, nil
}
