package page

import (
	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/templates"
)

// Session says which person opened Insigne from the LMS, in which course and in which
// role. Each person and course has a session and an encrypted cookie of its own, so
// that two tabs, two users and two platforms do not disturb each other. Cookies must be
// small: long values from an LMS are in the database.
type Session struct {
	Handle   string // in the name of the cookie and in the paths; not a secret
	Course   badges.CourseKey
	Title    string // of the course; shortened
	User     badges.UserID
	Teacher  bool
	Mentor   bool // may read the pages of the learners that the LMS named
	Language string
	FramedBy string // origins of the LMS, separated by spaces: only they may embed the pages
	CSRF     string
	Began    int64 // time of the launch, in Unix milliseconds
}

// Path returns the path of a page of the session.
func (s Session) Path(page string) string { return "/c/" + s.Handle + page }

// Home returns the first page of the course for the role: the badges for a teacher, the
// learners for a mentor, their own badges for a learner.
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

// Page returns a page of the LMS frame, with its title and data, for a layout.
func (s Session) Page(title string, data any) templates.Page {
	return templates.Page{Title: title, Session: s.Path(""), CSRF: s.CSRF, Data: data}
}

// AdminSession is the session of an administrator who signed in with a one-time link.
type AdminSession struct {
	CSRF string
}

// Page returns a page of the administrator, with its title and data, for a layout.
func (a AdminSession) Page(title string, data any) templates.Page {
	return templates.Page{Title: title, CSRF: a.CSRF, Data: data}
}
