package award

import (
	"context"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
)

// Award writes new assertions of one badge, pending or withheld, and returns
// how many it wrote. It leaves out learners who have a higher step, and from
// awards by the rule those who had the badge erased. It also leaves out learners
// who have the badge, unless the assertion names their newest award as its
// previous one and that award may be followed. Here the time of the award and its
// end, by its version, are fixed.
func (w Awards) Award(ctx context.Context, tx *store.Tx, batch []badges.Assertion) (int, error) {
	return w.award(ctx, tx, batch, Awarded)
}

// AwardSilently is Award without notices to the learners.
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
	erased, err := l.erasedHolders(ctx)
	if err != nil {
		return 0, err
	}
	versions := versions{tx: tx}
	changes := make([]Change, 0, len(batch))
	for _, a := range batch {
		if giverOf(a) == badges.TheRule && erased.Any(a.User) {
			continue
		}
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

// kindOf returns Withheld for a withheld award, else kind.
func kindOf(a badges.Assertion, kind Kind) Kind {
	if a.State == badges.Withheld {
		return Withheld
	}
	return kind
}

// insert writes a new assertion. It writes none if the learner has a higher
// step, or has the badge and may not get it again.
func (l ledger) insert(ctx context.Context, badge *badges.Badge, a badges.Assertion) (bool, error) {
	if l.isAlone() && a.Previous == "" {
		return l.tx.InsertAssertion(ctx, a) // the database allows one newest award of a badge to a learner
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

// follow writes a as the award after its previous one, unless another
// transaction has changed that award since it was read.
func (l ledger) follow(ctx context.Context, a badges.Assertion, last badges.Holding) (bool, error) {
	previous, err := l.tx.LockAssertion(ctx, a.Previous)
	if err != nil || previous.Next != "" || previous.State != last.State {
		return false, err
	}
	after := previous
	after.Next = a.ID
	return true, l.tx.Move(ctx, previous, after)
}

// versions returns the end of awards that begin now. It reads each version
// once.
type versions struct {
	tx   *store.Tx
	read map[badges.VersionID]badges.Version
}

// begin returns a as an award made now. The validity of a withheld award begins
// when it is delivered.
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
