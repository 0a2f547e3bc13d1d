package badges

import "time"

// Channel is a way to send a notice to a learner.
type Channel string

// The channels of a notice.
const (
	ByMail    Channel = "mail"
	ByMessage Channel = "message" // a message inside the LMS
)

// About is the subject of a notice.
type About string

// The subjects of notices.
const (
	OfAward About = "award" // the learner can claim a badge
	OfEnd   About = "end"   // a claimed badge will expire
)

// SendNotice is the job that sends one notice over one channel. It is declared
// here so that store, which enqueues it, and jobs, which runs it, do not import
// each other.
type SendNotice struct {
	Assertion AssertionID `json:"assertion"`
	Channel   Channel     `json:"channel"`
	About     About       `json:"about,omitempty"` // empty: OfAward
}

// Kind names the job in the queue.
func (SendNotice) Kind() string { return "send_notice" }

// ConfirmAddress is the job that mails the link that confirms the address given
// for an award at a time. It does nothing for an address that was replaced.
type ConfirmAddress struct {
	Assertion AssertionID `json:"assertion"`
	GivenAt   time.Time   `json:"given_at"`
}

// Kind names the job in the queue.
func (ConfirmAddress) Kind() string { return "confirm_address" }

// SendScore is the job that sends an assertion's score to the LMS's gradebook,
// if the badge has a column there.
type SendScore struct {
	Assertion AssertionID `json:"assertion"`
}

// Kind names the job in the queue.
func (SendScore) Kind() string { return "send_score" }
