package campus

import (
	"slices"
	"strconv"
	"time"
)

// The first course.
const (
	courseID     = 2
	courseShort  = "BADGE101"
	courseFull   = "Données & société – niveau 1"
	courseNumber = "SIS-BADGE101"
	coursePass   = 50 // points that complete the course
)

// course is a course and everything that was done in it. Everybody except the
// administrator is enrolled in the first course and in its copies when they are made.
type course struct {
	id         int64
	short      string
	full       string
	number     string  // id number; may be empty
	history    []int64 // ids of the courses it was copied from, the nearest first
	activities []Activity
	groups     []*group // by id

	participants []*participant // by user id
	byUser       map[int64]*participant
}

// firstCourse returns the first course with its people. Zoë (6) did everything well,
// Sinéad (7) is just below 80 % in the quiz, José (17), who has no e-mail address, too.
// Nora (11) did nothing.
func firstCourse(people []*Person, opened time.Time) *course {
	k := &course{
		id: courseID, short: courseShort, full: courseFull, number: courseNumber, activities: activities(), byUser: map[int64]*participant{},
	}
	for _, p := range people {
		if p.Role != Admin {
			k.enrol(p)
		}
	}
	for _, g := range []struct {
		name    string
		members []int64
	}{{"Groupe A", []int64{6, 7, 9, 15}}, {"Groupe B", []int64{8, 9, 10, 16}}} {
		k.addGroup(g.name, g.members...)
	}
	for user, percent := range map[int64]struct{ essay, quiz float64 }{
		6: {92.5, 92.5}, 7: {74, 78}, 8: {61, 85}, 9: {48, 55}, 10: {70, 66}, 12: {55, 40},
		13: {80, 90}, 14: {66, 72}, 15: {88, 79}, 16: {35, 20}, 17: {91, 76},
	} {
		p := k.participant(user)
		k.view(p, PageCMID, opened)
		k.grade(p, EssayCMID, &percent.essay, opened.Add(time.Hour))
		k.grade(p, QuizCMID, &percent.quiz, opened.Add(2*time.Hour))
	}
	return k
}

// text returns the course's id as text, as in launches and addresses.
func (k *course) text() string { return strconv.FormatInt(k.id, 10) }

// participant returns the participant; nil if the user is not enrolled.
func (k *course) participant(user int64) *participant {
	if k.id == foreignCourseID { // any user id gives a participant of that course
		return k.participants[uint64(user)%uint64(len(k.participants))] //nolint:gosec // any of them will do
	}
	return k.byUser[user]
}

// enrol adds a person without any results. It does nothing if the person is already
// enrolled.
func (k *course) enrol(person *Person) *participant {
	if p := k.byUser[person.ID]; p != nil {
		return p
	}
	p := &participant{Person: person}
	i, _ := slices.BinarySearchFunc(k.participants, p, byUser)
	k.participants = slices.Insert(k.participants, i, p)
	k.byUser[p.ID] = p
	return p
}

// learners returns the participants who are learners, by id.
func (k *course) learners() []*participant {
	return slices.DeleteFunc(slices.Clone(k.participants), func(p *participant) bool { return p.Role != Student })
}

func (k *course) activity(cmid int64) (Activity, bool) {
	i := slices.IndexFunc(k.activities, func(a Activity) bool { return a.CMID == cmid })
	if i < 0 {
		return Activity{}, false
	}
	return k.activities[i], true
}

// link returns the LTI activity with this resource link id.
func (k *course) link(id string) (Activity, bool) {
	i := slices.IndexFunc(k.activities, func(a Activity) bool { return a.Module == "lti" && a.linkID() == id })
	if i < 0 {
		return Activity{}, false
	}
	return k.activities[i], true
}
