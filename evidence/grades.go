package evidence

import (
	"context"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/moodle"
)

// The cost of reading grades from Moodle: about 20 ms per learner of the course in one
// call for all, which must end before its timeout; about 50 ms per learner in a call
// for one learner.
const (
	mostAtOnce  = 1000 // the most learners in a call for all
	aloneFactor = 2.5  // cost of a learner in a call of its own, in learners of a call for all
)

// observeGrades reads the grades of activities and the course total.
func observeGrades(ctx context.Context, r request) error {
	wanted := make(map[badges.UserID][]badges.Subject)
	for s, users := range r.needs {
		for _, u := range users {
			wanted[u] = append(wanted[u], s)
		}
	}
	for _, query := range r.gradeQueries(wanted) {
		query.Activities = r.needs.activities()
		err := r.site.client.GradesFor(ctx, r.course, query, func(user moodle.UserID, book moodle.Gradebook) error {
			u := badges.UserID(user)
			for _, s := range wanted[u] {
				r.found.Note(u, s, gradeState(book, s))
			}
			delete(wanted, u)
			return nil
		})
		if err != nil && (query.User == "" || !ofLearner(err)) {
			return fmt.Errorf("read grades: %w", err)
		}
	}
	for u, subjects := range wanted {
		for _, s := range subjects {
			r.found.Note(u, s, badges.Observation{Why: whyUnread, Source: badges.SourceGrades})
		}
	}
	return nil
}

// gradeQueries returns the cheapest calls for the grades of all wanted learners: one
// for the course or, if the course is too large, one per group or one per learner.
func (r request) gradeQueries(wanted map[badges.UserID][]badges.Subject) []moodle.GradeQuery {
	size, groups := 0, map[badges.GroupID][]badges.UserID{}
	for _, m := range r.members {
		if !m.Active || m.Teaches {
			continue
		}
		size++
		for _, g := range m.Groups {
			groups[g] = append(groups[g], m.User)
		}
	}
	otherCourse := r.otherCourse // we do not have its size and groups
	if !otherCourse && size <= mostAtOnce && float64(len(wanted))*aloneFactor >= float64(size) || otherCourse && len(wanted) > 1 {
		return []moodle.GradeQuery{{}}
	}
	left := make(map[badges.UserID]bool, len(wanted))
	for u := range wanted {
		left[u] = true
	}
	var queries []moodle.GradeQuery
	for g, members := range groups {
		if len(members) > mostAtOnce || otherCourse {
			continue
		}
		count := 0
		for _, u := range members {
			if left[u] {
				count++
			}
		}
		if float64(count)*aloneFactor < float64(len(members)) {
			continue
		}
		queries = append(queries, moodle.GradeQuery{Group: moodle.GroupID(g)})
		for _, u := range members {
			delete(left, u)
		}
	}
	for u := range left {
		queries = append(queries, moodle.GradeQuery{User: moodle.UserID(u)})
	}
	return queries
}

func gradeState(book moodle.Gradebook, s badges.Subject) badges.Observation {
	g, ok := book.Total, book.Total.Max > book.Total.Min
	if s.Kind == badges.ActivityGrade {
		g, ok = book.Activities[moodle.ActivityID(s.ID)]
	}
	switch {
	case !ok:
		return badges.Observation{Why: whyGradeHidden, Source: badges.SourceGrades}
	case !g.Certain():
		return badges.Observation{Why: whyGradeUnsettled, Source: badges.SourceGrades}
	case !g.Given:
		return badges.Observation{Read: true, Source: badges.SourceGrades}
	}
	return badges.Observation{
		Read: true, At: g.At, Source: badges.SourceGrades,
		Grade: &badges.Grade{Raw: g.Raw, Min: g.Min, Max: g.Max},
	}
}
