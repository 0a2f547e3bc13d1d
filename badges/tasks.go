package badges

// Channel is a way to tell a learner.
type Channel string

// The channels of a notice.
const (
	ByMail    Channel = "mail"
	ByMessage Channel = "message" // a message inside the LMS
)

// SendNotice is the job that tells a learner of a pending badge over one
// channel. It stands here so that store, which enqueues it, and jobs, which
// runs it, need not know each other.
type SendNotice struct {
	Assertion AssertionID `json:"assertion"`
	Channel   Channel     `json:"channel"`
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
