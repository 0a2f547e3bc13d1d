package keyring

import "time"

// Plan lists the changes that are due for a set of keys. A key whose whole time
// passed without a rotation is in several lists: it is promoted, retired and
// deleted at once.
type Plan struct {
	Promote []Row       // begin to sign
	Retire  []Row       // stop signing
	Delete  []Row       // retired so long ago that they are not kept
	Create  []time.Time // for each missing key, when it will begin to sign
}

func (p Plan) empty() bool {
	return len(p.Promote)+len(p.Retire)+len(p.Delete)+len(p.Create) == 0
}

// changes returns the changes of a plan. made are the new keys; if the plan
// needs more, the next rotation makes them.
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
