package keyring

import "time"

// Plan is what is due for a set of keys. A key that signed only while nobody
// looked is in several lists: it is promoted, retired and deleted at once.
type Plan struct {
	Promote []Row       // begin to sign
	Retire  []Row       // stop signing
	Delete  []Row       // stopped signing too long ago to be kept
	Create  []time.Time // when the keys that are missing begin to sign
}

func (p Plan) empty() bool {
	return len(p.Promote)+len(p.Retire)+len(p.Delete)+len(p.Create) == 0
}

// changes lists the steps of a plan. made are the new keys: if the plan asks for
// more, the next rotation makes them.
func (p Plan) changes(made []Row, by Cause, now time.Time) []Change {
	var list []Change
	move := func(k Row, from, to State) {
		k.State = to
		list = append(list, Change{Row: k, Old: from, By: by})
	}
	for _, k := range p.Promote {
		move(k, Next, Current)
	}
	for _, k := range p.Retire {
		move(k, Current, Previous)
	}
	for _, k := range p.Delete {
		move(k, Previous, None)
	}
	for i := range min(len(made), len(p.Create)) {
		k := made[i]
		k.SignsFrom = p.Create[i]
		move(k, None, Next)
		if !k.SignsFrom.After(now) {
			move(k, Next, Current)
		}
	}
	return list
}
