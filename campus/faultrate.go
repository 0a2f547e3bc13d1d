package campus

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
)

// Rate says how often something goes wrong: at every nth call, by chance, or
// both. The zero value is never.
type Rate struct {
	Every  int     // counts the calls that it concerns; 0: not counted
	Chance float64 // of each call, from 0 to 1
	Of     string  // the one function it concerns, named as by Calls; empty: all
}

// dice decide what goes wrong now. A chance does not depend on what other calls
// there were or in which order they came: the same seed and the nth call with
// the same arguments give the same result in every run. Only what is posted to
// one address of LTI, such as scores, is told apart by its order.
type dice struct {
	seed   uint64
	counts map[string]int // calls so far, by what may go wrong with them
	throws map[uint64]int // throws so far, by what may go wrong and the call
}

func newDice(seed uint64) *dice {
	return &dice{seed: seed, counts: map[string]int{}, throws: map[uint64]int{}}
}

// throw reports whether something goes wrong with a call; the caller holds the
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

// random is a source that depends on the seed, on its name and on how often it
// was asked for.
func (d *dice) random(name string) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // never fails
	throw := h.Sum64()
	d.throws[throw]++
	_, _ = fmt.Fprint(h, " ", d.throws[throw])
	return rand.New(rand.NewPCG(d.seed, h.Sum64())) //nolint:gosec // not a secret: the same faults in every run
}
