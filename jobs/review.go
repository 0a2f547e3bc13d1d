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

// evidenceLost is the reason for which the policy withdraws an award. Only
// teachers see it, because a withdrawn award was never public.
const evidenceLost = "The evidence is no longer there."

// review checks the evidence of awards again, by the rules that awarded them.
// It runs when everything is read: only then can a run see that a grade or
// completion was removed. The policy of the badge says what follows.
func (r run) review(ctx context.Context, k courseData, found findings) (findings, error) {
	for _, c := range k.active {
		if c.Badge.Policy == badges.KeepAwards {
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

// examined are the awards of a badge, sorted by what their evidence says now.
type examined struct {
	withoutEvidence []badges.Assertion
	back            []badges.AssertionID
	withdrawn       map[badges.UserID]badges.Assertion // withdrawn by the policy before this run
	reviewed        int                                // number of awards whose evidence could be read
}

// lost returns the awards that have lost their evidence. It leaves out those
// for which that was stored before, unless they have to be withdrawn now.
func (x examined) lost(withdraw bool) []badges.AssertionID {
	var ids []badges.AssertionID
	for _, a := range x.withoutEvidence {
		if withdraw && a.State == badges.Pending || a.EvidenceLostAt.IsZero() {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

// examine checks the awards of a badge against the rules that awarded them.
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
			continue // awarded after the rules were loaded
		}
		switch a.StillEarned(rule, fresh[a.User]) {
		case badges.Unmet:
			x.withoutEvidence = append(x.withoutEvidence, a)
			x.reviewed++
		case badges.Met:
			x.reviewed++
			if !a.EvidenceLostAt.IsZero() {
				x.back = append(x.back, a.ID)
			}
		case badges.Unknown:
		}
	}
	return x, nil
}

// writeReview writes the results of a review, in batches.
func (r run) writeReview(ctx context.Context, b *badges.Badge, x examined, again []badges.Assertion) error {
	withdraw := ""
	if b.Policy == badges.TakeBack && !badges.Mass(len(x.withoutEvidence), x.reviewed) {
		withdraw = evidenceLost
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

// earnedAgain returns new contents for the awards that the policy withdrew and
// that are earned again, by the evidence of this reading only.
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

// reviewRules returns the rules by which the awards of a badge are checked, and
// the learners who have these awards, by version.
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

// reviewedBy returns the version whose rule is used to check an award: its own.
// An award that was withdrawn has to be earned by the present version.
func reviewedBy(b *badges.Badge, a *badges.Assertion) badges.VersionID {
	if a.State == badges.Withdrawn {
		return b.Current.ID
	}
	return a.Version
}

// reviewNeeds returns what has to be read to check the awards. It leaves out
// learners who have left the course: the LMS tells nothing about them, and they
// keep what they earned.
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
