package badges

import "time"

// Platform is a connected LMS, as far as the domain cares: where its web
// services are. How it launches Insigne is package lti's business.
type Platform struct {
	ID      PlatformID
	Name    string // as the LMS calls itself
	URL     string // the LTI issuer, for an LMS its address
	Service Service
}

// Service is how to read an LMS beyond LTI. The zero value means "not set up".
type Service struct {
	URL   string // the site's address, without /webservice/…
	Token Secret
}

// Ready reports whether the address and the token are both set.
func (s Service) Ready() bool { return s.URL != "" && s.Token != "" }

// Course is an LTI context in which Insigne was opened at least once.
type Course struct {
	CourseKey
	Title, Label string
	Sync         SyncState
}

// SyncState says how reading a course goes. Times are zero before the first
// time.
type SyncState struct {
	DueAt      time.Time // when the next run may start
	Failures   int       // runs failed in a row
	RosterAt   time.Time // when the roster was last read
	FullAt     time.Time // when everything that was needed was last read
	ObservedAt time.Time // what happened before is known
	ChangedAt  time.Time // when a reading last found something new
	Last       *SyncRun  // nil before the first run
}

// SyncRun is one reading of a course.
type SyncRun struct {
	StartedAt, EndedAt time.Time
	DecidedAt          time.Time // when all that was needed had been read; zero if it never was
	Cause              SyncCause
	Learners           int    // in the course
	Awarded            int    // assertions made
	Failed             int    // learners who earned a badge and whose assertion could not be written
	Unreadable         int    // learners of whom something stayed unknown
	Calls              int    // of the LMS's web services
	Bytes              int64  // of their answers
	Problem            string // catalogue key of the failure; empty when all went well
	Detail             string // which function or activity the problem is about; no personal data
}

// Seconds is how long the run took.
func (r SyncRun) Seconds() float64 { return r.EndedAt.Sub(r.StartedAt).Seconds() }

// Megabytes is how much the LMS answered.
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
	Username string    // what they sign in to the LMS with; may be empty when the LMS does not tell
	Email    string    // may be empty when the LMS does not tell
	Language string    // BCP 47; may be empty
	Groups   []GroupID // of the course, at the last reading
	Active   bool      // enrolled and not suspended, at the last reading
	Teaches  bool      // was ever seen teaching this course; never unset
}
