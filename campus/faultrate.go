package campus

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
)

// Rate is how often a fault happens: at every nth call, by chance, or both. The zero
// value means never.
type Rate struct {
	Every  int     // counts the calls that the rate applies to; 0: never
	Chance float64 // for each call, from 0 to 1
	Of     string  // the only function that the rate applies to, with a name as in Calls; empty: all
}

// dice decide whether a fault happens. With a chance, the result depends only on the
// seed, on the arguments of the call and on how often that call was made before; other
// calls and their order do not matter. All posts to one LTI address, such as scores,
// count as the same call.
type dice struct {
	seed   uint64
	counts map[string]int // number of calls by kind of fault
	throws map[uint64]int // number of throws by kind of fault and call
}

func newDice(seed uint64) *dice {
	return &dice{seed: seed, counts: map[string]int{}, throws: map[uint64]int{}}
}

// throw reports whether the fault happens in this call. The caller must hold the
// campus's lock.
func (d *dice) throw(r Rate, what, function, call string) bool {
	if r == (Rate{}) || (r.Of != "" && r.Of != function) {
		return false
	}
	d.counts[what]++
	if r.Every > 0 && d.counts[what]%r.Every == 0 {
		return true
	}
	return r.Chance > 0 && d.random(what+" "+function+" "+call).Float64() < r.Chance
}

// random returns a random source that depends on the seed, on the name and on how often
// it was requested.
func (d *dice) random(name string) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // never fails
	throw := h.Sum64()
	d.throws[throw]++
	_, _ = fmt.Fprint(h, " ", d.throws[throw])
	return rand.New(rand.NewPCG(d.seed, h.Sum64())) //nolint:gosec // not a secret: the same faults in every run
}
