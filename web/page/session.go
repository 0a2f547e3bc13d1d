package page

import (
	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/templates"
)

// Session says who opened Insigne from the LMS, in which course, as what. It
// lives in an encrypted cookie of its own for each person and course, so that
// two tabs, two users and two platforms do not disturb each other. Cookies are
// small: what an LMS may make long stands in the database.
type Session struct {
	Handle   string // names the cookie and stands in the path; not a secret
	Course   badges.CourseKey
	Title    string // of the course, shortened
	User     badges.UserID
	Teacher  bool
	Mentor   bool // may read the pages of the learners the LMS named
	Language string
	FramedBy string // origins of the LMS, with spaces between, which alone may embed the pages
	CSRF     string
	Began    int64 // when it was launched, in Unix milliseconds
}

// Path returns the path of a page of the session.
func (s Session) Path(page string) string { return "/c/" + s.Handle + page }

// Home returns the page of the course that fits the role: the badges for a
// teacher, the learners for a mentor, the own badges for a learner.
func (s Session) Home() string {
	switch {
	case s.Teacher:
		return "/badges"
	case s.Mentor:
		return "/learners"
	default:
		return "/mine"
	}
}

// Page returns what the layout shows around data in the LMS frame.
func (s Session) Page(title string, data any) templates.Page {
	return templates.Page{Title: title, Session: s.Path(""), CSRF: s.CSRF, Data: data}
}

// AdminSession says that an administrator signed in with a one-time link.
type AdminSession struct {
	CSRF string
}

// Page returns what the layout shows around data on the administrator's pages.
func (a AdminSession) Page(title string, data any) templates.Page {
	return templates.Page{Title: title, CSRF: a.CSRF, Data: data}
}
