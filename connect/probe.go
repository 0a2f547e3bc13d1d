package connect

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
	Kind  ProbeKind
	OK    bool
	Scope string // of a token
	Count int    // people in the roster, columns, or seconds between the clocks
	Err   error  // why the platform did not do it; nil if it did, and for ProbeCourse and ProbeClocks
}

func tried(kind ProbeKind, count int, err error) Probe {
	return Probe{Kind: kind, OK: err == nil, Count: count, Err: err}
}

// Key names the sentence that says what came of it, which takes Count. It is
// empty if Err says it.
func (p Probe) Key() string {
	if p.Err != nil {
		return ""
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
