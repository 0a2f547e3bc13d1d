package jobs

import (
	"context"

	"github.com/insigne-badges/insigne/badges"
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
	awards, err := r.Store.Reviewable(ctx, r.course.CourseKey, b.ID)
	if err != nil || len(awards) == 0 {
		return err
	}
	for i := range awards {
		if awards[i].State == badges.Withdrawn {
			awards[i].Version = b.Current.ID // nothing is left of the award: what counts is what the badge asks for now
		}
	}
	rules, err := r.rulesOf(ctx, b, awards)
	if err != nil {
		return err
	}
	if err := r.observe(ctx, r.reviewNeeds(awards, rules), r.since()); err != nil {
		return err
	}
	var fallen, back []badges.Assertion
	reviewed := 0
	for i := range awards {
		a := &awards[i]
		if a.State == badges.Withdrawn {
			continue
		}
		switch a.Stands(rules[a.Version], r.fresh[a.User]) {
		case badges.Unmet:
			fallen = append(fallen, a.Assertion)
			reviewed++
		case badges.Met:
			reviewed++
			if !a.FellAt.IsZero() {
				back = append(back, a.Assertion)
			}
		case badges.Unknown:
		}
	}
	again := r.earnedAgain(b, awards)
	withdraw := b.Fallen == badges.TakeBack && !badges.Mass(len(fallen), reviewed)
	return r.write(ctx, b, func(tx *store.Tx) error {
		for _, a := range fallen {
			if err := tx.EvidenceFell(ctx, a); err != nil {
				return err
			}
			if withdraw && a.State == badges.Pending {
				if _, err := tx.TakeBack(ctx, a.Course, a.Badge, a.ID, store.ByPolicy, evidenceFell); err != nil {
					return err
				}
			}
		}
		for _, a := range back {
			if err := tx.EvidenceStands(ctx, a.ID); err != nil {
				return err
			}
		}
		for _, a := range again {
			if err := tx.AwardAgain(ctx, a); err != nil {
				return err
			}
		}
		return nil
	})
}

// earnedAgain makes anew what the policy withdrew and what is earned now, by
// evidence of this reading alone.
func (r *run) earnedAgain(b *badges.Badge, awards []badges.Reviewed) []badges.Assertion {
	withdrawn := map[badges.UserID]badges.Assertion{}
	for _, a := range awards {
		if a.State == badges.Withdrawn {
			withdrawn[a.User] = a.Assertion
		}
	}
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

// rulesOf returns the rule of each version that something was awarded by.
func (r *run) rulesOf(ctx context.Context, b *badges.Badge, awards []badges.Reviewed) (map[badges.VersionID]*badges.Rule, error) {
	rules := map[badges.VersionID]*badges.Rule{b.Current.ID: &b.Current.Rule}
	for _, a := range awards {
		if rules[a.Version] != nil {
			continue
		}
		v, err := r.Store.Version(ctx, a.Version)
		if err != nil {
			return nil, err
		}
		rules[a.Version] = &v.Rule
	}
	return rules, nil
}

// reviewNeeds leaves out who is no longer in the course: of them the LMS tells
// nothing, and what they earned stays theirs.
func (r *run) reviewNeeds(awards []badges.Reviewed, rules map[badges.VersionID]*badges.Rule) evidence.Needs {
	here := map[badges.UserID]bool{}
	for _, m := range r.known.Members {
		here[m.User] = m.Active && !m.Teaches
	}
	needs := evidence.Needs{}
	for _, a := range awards {
		if !here[a.User] {
			continue
		}
		for _, s := range rules[a.Version].Subjects() {
			if _, read := r.fresh[a.User][s]; !read {
				needs[s] = append(needs[s], a.User)
			}
		}
	}
	return needs
}
