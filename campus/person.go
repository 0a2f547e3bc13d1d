package campus

import (
	"fmt"
	"strings"
)

// Role is the short name of one of Moodle's roles.
type Role string

// The roles of the campus. The administrator is not enrolled in the course.
const (
	Student        Role = "student"
	Teacher        Role = "teacher" // without the right to edit
	EditingTeacher Role = "editingteacher"
	Admin          Role = "admin"
)

// teacherID is the user id of the teacher with the right to edit.
const teacherID = 3

// Person is a person with an account.
type Person struct {
	ID                 int64 // Moodle's user id, and the sub of a launch
	First, Last        string
	Email              string // empty: the account has none, as accounts from some directories
	Lang               string // fr or en
	Role               Role
	SuspendedEnrolment bool
	SuspendedAccount   bool

	username, idNumber string // the id number may be empty
}

// Name returns first and last name.
func (p Person) Name() string { return strings.TrimSpace(p.First + " " + p.Last) }

// Suspended reports whether the enrolment or the account is suspended.
func (p Person) Suspended() bool { return p.SuspendedEnrolment || p.SuspendedAccount }

// people returns the administrator, two teachers and the learners, by id.
func people() []Person {
	list := []Person{
		{ID: 2, First: "Alma", Last: "Administratrice", Email: "admin@example.org", Lang: "fr", Role: Admin},
		{ID: teacherID, First: "Tomás", Last: "Ó Briain", Email: "teacher1@example.org", Lang: "fr", Role: EditingTeacher},
		{ID: 4, First: "Nina", Last: "Noneditor", Email: "teacher2@example.org", Lang: "en", Role: Teacher},
		{ID: 6, First: "Zoë", Last: "Ångström", Email: "zoe@example.org", Lang: "fr"},
		{ID: 7, First: "Sinéad", Last: "O'Neill", Email: "sinead@example.org", Lang: "en"},
		{ID: 8, First: "ليلى", Last: "حداد", Email: "layla@example.org", Lang: "fr"},
		{ID: 9, First: "Søren", Last: "Nordmann & Søn", Email: "soren@example.org", Lang: "en"},
		{ID: 10, First: "Hélène", Last: "Dupont-Lefèvre", Email: "helene.dupont+test@example.org", Lang: "fr"},
		{ID: 11, First: "Nora", Last: "Sansnote", Email: "nora@example.org", Lang: "fr"},
		{ID: 12, First: "Sacha", Last: "Suspendu", Email: "sacha@example.org", Lang: "fr", SuspendedEnrolment: true},
		{ID: 13, First: "Camille", Last: "Compteclos", Email: "camille@example.org", Lang: "fr", SuspendedAccount: true},
		{ID: 14, First: "Wolfgang Amadeus Theophilus", Last: "von Hohenlohe-Waldenburg-Schillingsfürst", Email: "wolfgang@example.org", Lang: "en"},
		{ID: 15, First: "小明", Last: "李", Email: "xiaoming@example.org", Lang: "en"},
		{ID: 16, First: "Éloïse", Last: "D’Angelo", Email: "eloise@example.org", Lang: "fr"},
		{ID: 17, First: "José María", Last: "Núñez", Lang: "fr"},
	}
	for i := range list {
		p := &list[i]
		p.username = fmt.Sprintf("u%02d", p.ID)
		if p.Role == "" {
			p.Role, p.idNumber = Student, fmt.Sprintf("SIS-%04d", p.ID)
		}
	}
	return list
}
