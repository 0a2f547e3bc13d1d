package badges

import "time"

// Platform is a connected LMS: its name and its web services. Package lti knows
// how it launches Insigne.
type Platform struct {
	ID      PlatformID
	Name    string // the name that the LMS gives itself
	URL     string // the LTI issuer, which is the LMS's address
	Service Service
}

// Service is the access to an LMS's web services. The zero value means that it
// is not set up.
type Service struct {
	URL   string // the address of the site, without /webservice/…
	Token Secret
}

// Ready reports whether the web services are set up.
func (s Service) Ready() bool { return s.URL != "" && s.Token != "" }

// Course is an LTI context from which Insigne was opened at least once.
type Course struct {
	CourseKey
	Title, Label string
	Sync         SyncState
}

// SyncState says when a course was read and when it will be read. A time is
// zero until it happens for the first time.
type SyncState struct {
	DueAt      time.Time // when the next run may start
	Failures   int       // number of runs that failed in a row
	RosterAt   time.Time // when the roster was last read
	FullAt     time.Time // when all that the badges need was last read, and not only what is new
	ObservedAt time.Time // everything before this time was read
	ChangedAt  time.Time // when a reading last found something new
	Last       *SyncRun  // nil before the first run
}

// SyncRun records one reading of a course.
type SyncRun struct {
	StartedAt, EndedAt time.Time
	DecidedAt          time.Time // when all that the badges need had been read; zero if that failed
	Cause              SyncCause
	Learners           int    // in the course
	Awarded            int    // assertions made
	Failed             int    // learners who earned a badge, but whose assertion could not be written
	Unreadable         int    // learners for whom something could not be read
	Calls              int    // calls of the LMS's web services
	Bytes              int64  // size of their answers
	Problem            string // catalogue key of the failure; empty if there was none
	Detail             string // the function or activity of the failure; no personal data
}

// Seconds returns the duration of the run.
func (r SyncRun) Seconds() float64 { return r.EndedAt.Sub(r.StartedAt).Seconds() }

// Megabytes returns the size of the LMS's answers.
func (r SyncRun) Megabytes() float64 { return float64(r.Bytes) / 1e6 }

// SyncCause says why a course is read.
type SyncCause string

// The causes of a run.
const (
	BySchedule SyncCause = "schedule"
	ByLaunch   SyncCause = "launch"
	ByTeacher  SyncCause = "teacher"
)

// Member is a person in a course.
type Member struct {
	User     UserID
	Name     string
	Username string    // the name for signing in to the LMS; may be empty
	Email    string    // empty if the LMS does not tell it
	Language string    // BCP 47; may be empty
	Groups   []GroupID // the groups of the course that they were in at the last reading
	Active   bool      // was enrolled and not suspended at the last reading
	Teaches  bool      // was seen at least once teaching the course; never reset
}

// Carried returns m, whose texts an LMS gave, with texts that every database, page, mail
// and document carries. An address with characters that none has stays unusable.
func (m Member) Carried() Member {
	m.Name, m.Username, m.Email = CarriedName(m.Name), CarriedName(m.Username), CarriedName(m.Email)
	if m.Language = CarriedName(m.Language); len(m.Language) > maxLanguageTag {
		m.Language = ""
	}
	return m
}

// maxLanguageTag is the longest language tag that is kept (RFC 5646, section 4.4.1, says
// that 35 characters are enough).
const maxLanguageTag = 35
