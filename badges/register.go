package badges

// Register is what decides the outlooks of a course's learners, apart from
// members and evidence. It may be limited to some badges or to one learner.
type Register struct {
	Badges     []Badge // all badges of the course in any state, the oldest first
	Steps      Steps
	Holders    map[BadgeID]map[UserID]Holding // the newest award of each learner
	PassedOver map[BadgeID]map[UserID]bool    // learners who met the rule before the badge was switched on, and do not get it
	Erased     map[BadgeID]map[UserID]bool    // learners who had an award erased
}

// NewRegister returns the register of a course without awards.
func NewRegister(list []Badge) Register {
	r := Register{Badges: list, Holders: map[BadgeID]map[UserID]Holding{}, PassedOver: map[BadgeID]map[UserID]bool{}, Erased: map[BadgeID]map[UserID]bool{}}
	for i := range list {
		r.Steps.Add(list[i].ID, list[i].StepAfter)
	}
	return r
}

// Badge returns a badge of the course; nil if the course has no such badge.
func (r Register) Badge(id BadgeID) *Badge {
	for i := range r.Badges {
		if r.Badges[i].ID == id {
			return &r.Badges[i]
		}
	}
	return nil
}

// Cases makes the case of each learner for one badge.
type Cases struct {
	Badge *Badge

	last       map[UserID]Holding
	passedOver map[UserID]bool
	erased     []map[UserID]bool    // of the badge and of the higher steps
	higher     []map[UserID]Holding // awards of the higher steps, the nearest first
	above      []Cases              // of the higher steps that may be awarded now
}

// Cases returns the cases for b, which may be a changed copy of a badge of r.
func (r Register) Cases(b *Badge) Cases {
	cases := r.casesAlone(b)
	for _, id := range r.Steps.Above(b.ID) {
		if step := r.Badge(id); step != nil && step.awardsWith(b) {
			cases.above = append(cases.above, r.casesAlone(step))
		}
	}
	return cases
}

// casesAlone returns the cases without those of the higher steps that may be
// awarded now. A higher step does not need them: an award of a still higher
// step replaces the lower ones too.
func (r Register) casesAlone(b *Badge) Cases {
	cases := Cases{Badge: b, last: r.Holders[b.ID], passedOver: r.PassedOver[b.ID], erased: []map[UserID]bool{r.Erased[b.ID]}}
	for _, id := range r.Steps.Above(b.ID) {
		cases.higher = append(cases.higher, r.Holders[id])
		cases.erased = append(cases.erased, r.Erased[id])
	}
	return cases
}

// awardsWith reports whether step, which is above b, may be awarded by its rule
// when b may: it is on, or it is a draft that can be switched on together with
// b.
func (step *Badge) awardsWith(b *Badge) bool {
	together := step.State == On || step.State == Draft && b.State != On
	return together && !step.Current.Rule.IsByHand()
}

// Subjects returns everything that has to be observed to decide a case, each
// subject once.
func (c Cases) Subjects() []Subject {
	rules := Rule{Kind: All, Of: []Rule{c.Badge.Current.Rule}}
	for _, step := range c.above {
		rules.Of = append(rules.Of, step.Badge.Current.Rule)
	}
	return rules.Subjects()
}

// Of returns the case of a learner. Without evidence it still answers Blocked
// and BlockedByAwards.
func (c Cases) Of(m Member, e Evidence) Case {
	one := c.alone(m, e)
	for i := range c.above {
		one.Above = append(one.Above, c.above[i].alone(m, e))
	}
	return one
}

func (c *Cases) alone(m Member, e Evidence) Case {
	one := Case{Badge: c.Badge, Member: m, Evidence: e, Last: c.last[m.User], PassedOver: c.passedOver[m.User]}
	for _, holders := range c.higher {
		if h, any := holders[m.User]; any {
			one.Higher = append(one.Higher, h)
		}
	}
	for _, users := range c.erased {
		one.Erased = one.Erased || users[m.User]
	}
	return one
}
