package jobs

import (
	"context"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/evidence"
	"github.com/insigne-badges/insigne/store"
)

// evidenceFell is why the policy withdraws an award. Nobody but teachers reads
// it: what is withdrawn was never public.
const evidenceFell = "The evidence is no longer there."

// review looks again at the evidence of what was awarded, by the rules it was
// awarded by, whenever everything is read: what was taken back in the LMS does
// not show otherwise. What happens then the badge's policy says.
func (r *run) review(ctx context.Context) error {
	if !r.since().IsZero() {
		return nil
	}
	for i := range r.active {
		if b := &r.active[i]; b.Fallen != badges.KeepAwards {
			if err := r.reviewBadge(ctx, b); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *run) reviewBadge(ctx context.Context, b *badges.Badge) error {
	rules, err := r.readForReview(ctx, b)
	if err != nil || len(rules) == 0 {
		return err
	}
	var fallen, back []badges.AssertionID
	withdrawn := map[badges.UserID]badges.Assertion{}
	reviewed := 0
	for a, err := range r.Store.Reviewable(ctx, r.course.CourseKey, b.ID) {
		if err != nil {
			return err
		}
		rule := rules[reviewedBy(b, &a)]
		switch {
		case a.State == badges.Withdrawn:
			withdrawn[a.User] = a
			continue
		case rule == nil:
			continue // awarded since
		}
		switch a.Stands(rule, r.fresh[a.User]) {
		case badges.Unmet:
			fallen = append(fallen, a.ID)
			reviewed++
		case badges.Met:
			reviewed++
			if !a.FellAt.IsZero() {
				back = append(back, a.ID)
			}
		case badges.Unknown:
		}
	}
	found := award.Review{Course: b.Course, Badge: b.ID, Lost: fallen, Back: back, Again: r.earnedAgain(b, withdrawn)}
	if b.Fallen == badges.TakeBack && !badges.Mass(len(fallen), reviewed) {
		found.Withdraw = evidenceFell
	}
	return r.write(ctx, b, func(tx *store.Tx) error { return r.Awards.Review(ctx, tx, found) })
}

// earnedAgain makes anew what the policy withdrew and what is earned now, by
// evidence of this reading alone.
func (r *run) earnedAgain(b *badges.Badge, withdrawn map[badges.UserID]badges.Assertion) []badges.Assertion {
	var again []badges.Assertion
	for _, m := range r.known.Members {
		before, ok := withdrawn[m.User]
		if !ok {
			continue
		}
		d := badges.Decide(&b.Current.Rule, m, r.fresh[m.User].After(before.EvidenceAfter), r.began)
		if d.Standing != badges.Earns {
			continue
		}
		a := r.assertionBy(b, d)
		a.ID = before.ID
		again = append(again, a)
	}
	return again
}

// readForReview reads what the awards of a badge depend on, and returns the rules
// they are held against.
func (r *run) readForReview(ctx context.Context, b *badges.Badge) (map[badges.VersionID]*badges.Rule, error) {
	holders := map[badges.VersionID][]badges.UserID{}
	for a, err := range r.Store.Reviewable(ctx, r.course.CourseKey, b.ID) {
		if err != nil {
			return nil, err
		}
		version := reviewedBy(b, &a)
		holders[version] = append(holders[version], a.User)
	}
	rules := map[badges.VersionID]*badges.Rule{}
	for version := range holders {
		v, err := r.Store.Version(ctx, version)
		if err != nil {
			return nil, err
		}
		rules[version] = &v.Rule
	}
	return rules, r.observe(ctx, r.reviewNeeds(holders, rules), r.since())
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
func (r *run) reviewNeeds(holders map[badges.VersionID][]badges.UserID, rules map[badges.VersionID]*badges.Rule) evidence.Needs {
	here := map[badges.UserID]bool{}
	for _, m := range r.known.Members {
		here[m.User] = m.Active && !m.Teaches
	}
	needs := evidence.Needs{}
	for version, users := range holders {
		for _, s := range rules[version].Subjects() {
			for _, user := range users {
				if _, read := r.fresh[user][s]; here[user] && !read {
					needs[s] = append(needs[s], user)
				}
			}
		}
	}
	return needs
}
