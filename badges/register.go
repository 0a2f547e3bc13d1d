package badges

// Register is what decides, beside members and evidence, where the learners of a
// course stand towards its badges. It may know some of the badges, or one of the
// learners, only.
type Register struct {
	Badges     []Badge // all of the course, whatever their state, the oldest first
	Steps      Steps
	Holders    map[BadgeID]map[UserID]Holding // the newest awards
	PassedOver map[BadgeID]map[UserID]bool    // met the rule before the badge was switched on, and are not to get it
}

// NewRegister returns the register of a course's badges before anybody was
// awarded one.
func NewRegister(list []Badge) Register {
	r := Register{Badges: list, Holders: map[BadgeID]map[UserID]Holding{}, PassedOver: map[BadgeID]map[UserID]bool{}}
	for i := range list {
		r.Steps.Add(list[i].ID, list[i].StepAfter)
	}
	return r
}

// Badge returns a badge of the course; nil for another's.
func (r Register) Badge(id BadgeID) *Badge {
	for i := range r.Badges {
		if r.Badges[i].ID == id {
			return &r.Badges[i]
		}
	}
	return nil
}

// Cases makes the cases of one badge.
type Cases struct {
	Badge *Badge

	last       map[UserID]Holding
	passedOver map[UserID]bool
	higher     []map[UserID]Holding // of the steps above, the nearest first
	above      []Cases              // of the steps above that may be awarded at the same time
}

// Cases returns the cases of b, which may be a changed copy of a badge of r.
func (r Register) Cases(b *Badge) Cases {
	cases := r.casesAlone(b)
	for _, id := range r.Steps.Above(b.ID) {
		if step := r.Badge(id); step != nil && step.awardsWith(b) {
			cases.above = append(cases.above, r.casesAlone(step))
		}
	}
	return cases
}

// casesAlone leaves out the steps that may be awarded at the same time. A step above
// another needs none: whatever is awarded in its place is awarded in the place of
// the lower one too.
func (r Register) casesAlone(b *Badge) Cases {
	cases := Cases{Badge: b, last: r.Holders[b.ID], passedOver: r.PassedOver[b.ID]}
	for _, id := range r.Steps.Above(b.ID) {
		cases.higher = append(cases.higher, r.Holders[id])
	}
	return cases
}

// awardsWith reports whether step, above b, may be awarded by its rule when b is:
// it is on, or a draft that can be switched on together with b.
func (step *Badge) awardsWith(b *Badge) bool {
	together := step.State == On || step.State == Draft && b.State != On
	return together && !step.Current.Rule.IsByHand()
}

// Subjects returns what has to be observed to know where somebody stands, each
// once.
func (c Cases) Subjects() []Subject {
	rules := Rule{Kind: All, Of: []Rule{c.Badge.Current.Rule}}
	for _, step := range c.above {
		rules.Of = append(rules.Of, step.Badge.Current.Rule)
	}
	return rules.Subjects()
}

// Of returns the case of a learner. Without evidence it still tells what is settled
// or closed.
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
	return one
}
