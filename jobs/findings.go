package jobs

import (
	"context"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/evidence"
	"github.com/insigne-badges/insigne/store"
)

// candidates are the learners who may still get a badge by its rule, whatever
// their evidence is.
type candidates struct {
	badges.Cases

	members []*badges.Member
}

// outlook returns the outlook of a candidate by all findings.
func (r run) outlook(c candidates, m *badges.Member, found findings) badges.Outlook {
	return c.Of(*m, found.all[m.User]).Outlook(r.began)
}

// open returns the candidates of each badge. It leaves out learners who cannot
// get the badge, for example because they have it and cannot earn it again yet.
func (r run) open(k courseData) []candidates {
	list := make([]candidates, len(k.active))
	for i, cases := range k.active {
		list[i].Cases = cases
		if cases.Badge.Current.Rule.IsByHand() {
			continue
		}
		for j := range k.members {
			if m := &k.members[j]; cases.Of(*m, nil).Blocked(badges.TheRule, r.began) == "" {
				list[i].members = append(list[i].members, m)
			}
		}
	}
	return list
}

// findings are the observations of the learners.
type findings struct {
	all   badges.Findings // of earlier readings and this one
	fresh badges.Findings // of this reading only
	news  bool            // this reading changed something in all
}

// recallFindings loads the stored findings, if any badge has candidates.
func (r run) recallFindings(ctx context.Context, open []candidates) (findings, error) {
	found := findings{all: badges.Findings{}, fresh: badges.Findings{}}
	for _, c := range open {
		if len(c.members) > 0 {
			var err error
			found.all, err = r.Store.Findings(ctx, r.course.CourseKey)
			return found, err
		}
	}
	return found, nil
}

// read reads what the badges depend on, then reads again what awards would be
// based on.
func (r run) read(ctx context.Context, k courseData, open []candidates) (findings, error) {
	found, err := r.recallFindings(ctx, open)
	if err != nil {
		return found, err
	}
	found, err = r.observe(ctx, k, found, needs(r.undecided(open, found)), r.since())
	if err != nil {
		return found, err
	}
	return r.observe(ctx, k, found, needs(r.unconfirmed(open, found)), time.Time{})
}

// undecided returns the candidates who can still meet the rule.
func (r run) undecided(open []candidates, found findings) []candidates {
	return selected(open, func(c candidates, m *badges.Member) bool {
		o := r.outlook(c, m, found)
		return o.Why != badges.WhyTooLate
	})
}

// unconfirmed returns the candidates who meet the rule with a finding of an
// earlier reading, which the LMS may have changed since. Whether they get that
// badge or a higher step is decided later.
func (r run) unconfirmed(open []candidates, found findings) []candidates {
	return selected(open, func(c candidates, m *badges.Member) bool {
		o := r.outlook(c, m, found)
		if o.Explanation.Verdict != badges.Met {
			return false
		}
		for _, s := range c.Badge.Current.Rule.Subjects() {
			if _, ok := found.fresh[m.User][s]; !ok {
				return true
			}
		}
		return false
	})
}

func selected(open []candidates, keep func(candidates, *badges.Member) bool) []candidates {
	list := make([]candidates, len(open))
	for i, c := range open {
		list[i].Cases = c.Cases
		for _, m := range c.members {
			if keep(c, m) {
				list[i].members = append(list[i].members, m)
			}
		}
	}
	return list
}

// needs returns what has to be read, about which learners.
func needs(list []candidates) evidence.Needs {
	asked := map[badges.Subject]map[badges.UserID]bool{}
	needs := evidence.Needs{}
	for _, c := range list {
		for _, s := range c.Badge.Current.Rule.Subjects() {
			if asked[s] == nil {
				asked[s] = map[badges.UserID]bool{}
			}
			for _, m := range c.members {
				if !asked[s][m.User] {
					asked[s][m.User] = true
					needs[s] = append(needs[s], m.User)
				}
			}
		}
	}
	return needs
}

// findingsBatch is the largest number of learners in one transaction: a page
// that writes must not wait long for the single writer of SQLite.
const findingsBatch = 1000

// observe reads what is needed, stores what is new, and returns found with it.
// The caller must use only the result: it shares its maps with found.
func (r run) observe(ctx context.Context, k courseData, found findings, needs evidence.Needs, since time.Time) (findings, error) {
	if len(needs) == 0 {
		return found, nil
	}
	observed, err := r.Evidence.Observe(ctx, r.course.CourseKey, evidence.Request{
		Members: k.members, Outline: k.outline, Needs: needs, Kept: found.all, Since: since,
	})
	if err != nil {
		return found, err
	}
	found.fresh.Update(observed)
	changed := found.all.Update(observed)
	found.news = found.news || len(changed) > 0
	for len(changed) > 0 {
		batch := badges.Findings{}
		for user, evidence := range changed {
			batch[user] = evidence
			delete(changed, user)
			if len(batch) == findingsBatch {
				break
			}
		}
		err := r.Store.Tx(ctx, func(tx *store.Tx) error { return tx.SaveEvidence(ctx, r.course.CourseKey, batch) })
		if err != nil {
			return found, err
		}
	}
	return found, nil
}
