package connect

import "github.com/insigne-badges/insigne/lti"

// ProbeKind says what a probe tried.
type ProbeKind string

// The kinds.
const (
	ProbeToken   ProbeKind = "granted"   // an access token for a scope
	ProbeCourse  ProbeKind = "no_course" // a course to try the rest on; there is a probe only if none was found
	ProbeRoster  ProbeKind = "roster"
	ProbeColumns ProbeKind = "columns"
	ProbeClocks  ProbeKind = "clocks"
)

// Probe is one thing that a check of the connection tried.
type Probe struct {
	Kind   ProbeKind
	OK     bool
	Scope  string     // of a token
	Count  int        // people in the roster, columns, or seconds between the clocks
	Reason lti.Reason // why the platform did not do it; empty if it did, and for ProbeCourse and ProbeClocks
}

// tried returns what came of a request to a platform. An error without a reason
// is none of the platform's: it is returned.
func tried(kind ProbeKind, count int, err error) (Probe, error) {
	reason := lti.ReasonOf(err)
	if err != nil && reason == "" {
		return Probe{}, err
	}
	return Probe{Kind: kind, OK: err == nil, Count: count, Reason: reason}, nil
}

// Key names the sentence that says what came of it, which takes Count.
func (p Probe) Key() string {
	if p.Reason != "" {
		return "problem.lti." + string(p.Reason)
	}
	return "connection." + string(p.Kind)
}

// FixKey names the sentence that says what to do, empty if there is nothing to
// do.
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
