package jobs

import (
	"context"
	"slices"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/evidence"
	"github.com/insigne-badges/insigne/store"
)

// evidenceFell is why the policy withdraws an award. Nobody but teachers reads
// it: what is withdrawn was never public.
const evidenceFell = "The evidence is no longer there."

// review looks again at the evidence of what was awarded, by the rules it was
// awarded by, whenever everything is read: only then does a grade or completion
// show that the LMS took back. The badge's policy says what follows.
func (r run) review(ctx context.Context, k courseData, found findings) (findings, error) {
	for _, c := range k.active {
		if c.Badge.Fallen == badges.KeepAwards {
			continue
		}
		var err error
		if found, err = r.reviewBadge(ctx, k, c, found); err != nil {
			return found, err
		}
	}
	return found, nil
}

func (r run) reviewBadge(ctx context.Context, k courseData, c badges.Cases, found findings) (findings, error) {
	rules, held, err := r.reviewRules(ctx, c.Badge)
	if err != nil || len(rules) == 0 {
		return found, err
	}
	if found, err = r.observe(ctx, k, found, reviewNeeds(k.members, held, rules, found.fresh), time.Time{}); err != nil {
		return found, err
	}
	x, err := r.examine(ctx, c.Badge, rules, found.fresh)
	if err != nil {
		return found, err
	}
	return found, r.writeReview(ctx, c.Badge, x, r.earnedAgain(c, k.members, x.withdrawn, found.fresh))
}

// examined are the awards of a badge by what their evidence says now.
type examined struct {
	fallen    []badges.Assertion
	back      []badges.AssertionID
	withdrawn map[badges.UserID]badges.Assertion // by the policy, earlier
	reviewed  int                                // of which the evidence is known
}

// lost are the awards whose evidence fell away, without those of which that was
// noted before, unless they are to be withdrawn now.
func (x examined) lost(withdraw bool) []badges.AssertionID {
	var ids []badges.AssertionID
	for _, a := range x.fallen {
		if withdraw && a.State == badges.Pending || a.FellAt.IsZero() {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

// examine holds the awards of a badge against the rules they were awarded by.
func (r run) examine(ctx context.Context, b *badges.Badge, rules map[badges.VersionID]*badges.Rule, fresh badges.Findings) (examined, error) {
	x := examined{withdrawn: map[badges.UserID]badges.Assertion{}}
	for a, err := range r.Store.Reviewable(ctx, r.course.CourseKey, b.ID) {
		if err != nil {
			return x, err
		}
		rule := rules[reviewedBy(b, &a)]
		switch {
		case a.State == badges.Withdrawn:
			x.withdrawn[a.User] = a
			continue
		case rule == nil:
			continue // awarded since
		}
		switch a.StillEarned(rule, fresh[a.User]) {
		case badges.Unmet:
			x.fallen = append(x.fallen, a)
			x.reviewed++
		case badges.Met:
			x.reviewed++
			if !a.FellAt.IsZero() {
				x.back = append(x.back, a.ID)
			}
		case badges.Unknown:
		}
	}
	return x, nil
}

// writeReview writes what follows from a review, in batches.
func (r run) writeReview(ctx context.Context, b *badges.Badge, x examined, again []badges.Assertion) error {
	withdraw := ""
	if b.Fallen == badges.TakeBack && !badges.Mass(len(x.fallen), x.reviewed) {
		withdraw = evidenceFell
	}
	var batches []award.Review
	for ids := range slices.Chunk(x.lost(withdraw != ""), awardBatch) {
		batches = append(batches, award.Review{Lost: ids, Withdraw: withdraw})
	}
	for ids := range slices.Chunk(x.back, awardBatch) {
		batches = append(batches, award.Review{Back: ids})
	}
	for list := range slices.Chunk(again, awardBatch) {
		batches = append(batches, award.Review{Again: list})
	}
	for _, review := range batches {
		review.Course, review.Badge = b.Course, b.ID
		if err := r.write(ctx, b, func(tx *store.Tx) error { return r.Awards.Review(ctx, tx, review) }); err != nil {
			return err
		}
	}
	return nil
}

// earnedAgain makes anew what the policy withdrew and what is earned now, by
// evidence of this reading alone.
func (r run) earnedAgain(c badges.Cases, members []badges.Member, withdrawn map[badges.UserID]badges.Assertion, fresh badges.Findings) []badges.Assertion {
	var again []badges.Assertion
	for _, m := range members {
		before, ok := withdrawn[m.User]
		if !ok {
			continue
		}
		o := c.Of(m, fresh[m.User]).Anew(before).Outlook(r.began)
		if o.Standing != badges.Earns {
			continue
		}
		a := assertionOf(c.Badge, o)
		a.ID, a.Previous = before.ID, before.Previous
		again = append(again, a)
	}
	return again
}

// reviewRules returns the rules that the awards of a badge are held against, and
// the learners who have them, by version.
func (r run) reviewRules(ctx context.Context, b *badges.Badge) (map[badges.VersionID]*badges.Rule, map[badges.VersionID][]badges.UserID, error) {
	held := map[badges.VersionID][]badges.UserID{}
	for a, err := range r.Store.Reviewable(ctx, r.course.CourseKey, b.ID) {
		if err != nil {
			return nil, nil, err
		}
		version := reviewedBy(b, &a)
		held[version] = append(held[version], a.User)
	}
	rules := map[badges.VersionID]*badges.Rule{}
	for version := range held {
		v, err := r.Store.Version(ctx, version)
		if err != nil {
			return nil, nil, err
		}
		rules[version] = &v.Rule
	}
	return rules, held, nil
}

// reviewedBy is the version whose rule an award is held against: its own, but of
// what was withdrawn nothing is left, and what counts is what the badge asks for
// now.
func reviewedBy(b *badges.Badge, a *badges.Assertion) badges.VersionID {
	if a.State == badges.Withdrawn {
		return b.Current.ID
	}
	return a.Version
}

// reviewNeeds leaves out who is no longer in the course: of them the LMS tells
// nothing, and what they earned stays theirs.
func reviewNeeds(members []badges.Member, held map[badges.VersionID][]badges.UserID, rules map[badges.VersionID]*badges.Rule, fresh badges.Findings) evidence.Needs {
	here := map[badges.UserID]bool{}
	for _, m := range members {
		here[m.User] = m.Active && !m.Teaches
	}
	needs := evidence.Needs{}
	for version, users := range held {
		for _, s := range rules[version].Subjects() {
			for _, user := range users {
				if _, read := fresh[user][s]; here[user] && !read {
					needs[s] = append(needs[s], user)
				}
			}
		}
	}
	return needs
}
