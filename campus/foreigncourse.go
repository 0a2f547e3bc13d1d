package campus

import (
	"fmt"
	"time"
)

// foreignCourseID is the id of a course that no test uses.
const foreignCourseID = 4711

// newForeignCourse returns a course for answers about the wrong course. It is in no
// list, and its people, activities and groups have other ids than those of the campus.
func newForeignCourse(opened time.Time) *course {
	k := &course{
		id: foreignCourseID, short: "CHEM200", full: "Chimie générale", number: "SIS-CHEM200", byUser: map[int64]*participant{},
		activities: []Activity{
			{CMID: 47001, instance: 4701, Module: "page", Name: "Sécurité au laboratoire", forCourse: true},
			{CMID: 47002, instance: 4702, Module: "quiz", Name: "Tableau périodique", Max: 100, pass: 50, item: 47102},
		},
	}
	for i := range int64(5) {
		p := k.enrol(&Person{
			ID: 900001 + i, First: "Autrui", Last: fmt.Sprintf("Lointain %d", i+1), Email: fmt.Sprintf("autrui%d@example.org", i+1), Lang: "fr",
			Role: Student, username: fmt.Sprintf("u%d", 900001+i), idNumber: fmt.Sprintf("SIS-%d", 900001+i),
		})
		full := 100.0
		k.view(p, 47001, opened)
		k.grade(p, 47002, &full, opened)
	}
	k.groups = []*group{{id: 4711, name: "Paillasse 1"}}
	k.groups[0].join(k.participants[0])
	return k
}

// answersForeignCourse reports whether a call is answered with the foreign course. The
// caller must hold the lock.
func (c *Campus) answersForeignCourse(function, call string) bool {
	return c.dice.throw(c.faults.OtherCourse, "other course", function, call)
}
