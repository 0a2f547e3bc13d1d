package connect

import "github.com/insigne-badges/insigne/lti"

// ProbeKind is what a probe tried.
type ProbeKind string

// The kinds.
const (
	ProbeToken   ProbeKind = "granted"   // an access token for a scope
	ProbeCourse  ProbeKind = "no_course" // there is no course to try the rest on
	ProbeRoster  ProbeKind = "roster"
	ProbeColumns ProbeKind = "columns"
	ProbeClocks  ProbeKind = "clocks"
)

// Probe is the result of one thing that Connection.Check tried.
type Probe struct {
	Kind   ProbeKind
	OK     bool
	Scope  string     // of a token
	Count  int        // people in the roster, columns, or seconds between the clocks
	Reason lti.Reason // why the platform refused; empty if it did not, and for ProbeCourse and ProbeClocks
}

// probeOf returns the probe for the result of a request to a platform. It returns err if
// the platform did not cause it.
func probeOf(kind ProbeKind, count int, err error) (Probe, error) {
	reason := lti.ReasonOf(err)
	if err != nil && reason == "" {
		return Probe{}, err
	}
	return Probe{Kind: kind, OK: err == nil, Count: count, Reason: reason}, nil
}

// Key returns the catalogue key of the sentence with the result. The sentence takes
// Count.
func (p Probe) Key() string {
	if p.Reason != "" {
		return "problem.lti." + string(p.Reason)
	}
	return "connection." + string(p.Kind)
}

// FixKey returns the catalogue key of the sentence about how to correct it; empty if
// there is nothing to correct.
func (p Probe) FixKey() string {
	switch {
	case p.OK:
		return ""
	case p.Kind == ProbeCourse:
		return "connection.no_course_fix"
	case p.Kind == ProbeClocks:
		return FixClocks.Key()
	default:
		return "connection.fix"
	}
}
