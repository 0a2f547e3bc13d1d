package evidence

import (
	"maps"
	"slices"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/moodle"
)

// Needs lists the learners to read for each subject.
type Needs map[badges.Subject][]badges.UserID

// unknown records that nothing in n could be read.
func (n Needs) unknown(found badges.Findings, why, source string) {
	for s, users := range n {
		for _, u := range users {
			found.Note(u, s, badges.Observation{Why: why, Source: source})
		}
	}
}

// users lists all learners in n, each once, sorted.
func (n Needs) users() []badges.UserID {
	if len(n) == 1 {
		for _, users := range n {
			return users
		}
	}
	set := map[badges.UserID]bool{}
	for _, users := range n {
		for _, u := range users {
			set[u] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// activities lists the activities in n; an empty list if there are none, not nil.
func (n Needs) activities() []moodle.ActivityID {
	list := []moodle.ActivityID{}
	for s := range n {
		if s.ID != "" {
			list = append(list, moodle.ActivityID(s.ID))
		}
	}
	return list
}

// reading is the kind of call that provides a subject.
type reading struct {
	call   badges.RuleKind
	course badges.ContextID
}

// byReading groups n by the calls that provide it.
func (n Needs) byReading() map[reading]Needs {
	sorted := map[reading]Needs{}
	for s, users := range n {
		at := reading{call: s.Kind, course: s.Course}
		if s.Kind == badges.CourseGrade {
			at.call = badges.ActivityGrade // one call provides both
		}
		if sorted[at] == nil {
			sorted[at] = Needs{}
		}
		sorted[at][s] = users
	}
	return sorted
}
