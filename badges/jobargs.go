package badges

// Channel is a way to tell a learner.
type Channel string

// The channels of a notice.
const (
	ByMail    Channel = "mail"
	ByMessage Channel = "message" // a message inside the LMS
)

// About is what a learner is told of.
type About string

// The notices.
const (
	OfAward About = "award" // there is a badge to claim
	OfEnd   About = "end"   // a claimed badge will end
)

// SendNotice is the job that tells a learner of a badge over one channel. It
// stands here so that store, which enqueues it, and jobs, which runs it, need not
// know each other.
type SendNotice struct {
	Assertion AssertionID `json:"assertion"`
	Channel   Channel     `json:"channel"`
	About     About       `json:"about,omitempty"` // empty: OfAward
}

// Kind names the job in the queue.
func (SendNotice) Kind() string { return "send_notice" }

// SendScore is the job that enters an assertion into the LMS's gradebook, where
// its badge has a column.
type SendScore struct {
	Assertion AssertionID `json:"assertion"`
}

// Kind names the job in the queue.
func (SendScore) Kind() string { return "send_score" }
