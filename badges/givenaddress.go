package badges

import "time"

// GivenAddress is an address that a learner gave for an award without one. It
// counts only when it is confirmed: then it becomes the award's address.
type GivenAddress struct {
	Assertion AssertionID
	Address   string
	Language  string    // BCP 47, of the page where it was given; for the mail
	GivenAt   time.Time // the last time; a new address replaces the one before
	SentAt    time.Time // when the mail was sent; zero until then
	Problem   string    // catalogue key of why the mail was not sent; empty if there is no problem
}

// addressLinkLife is how long the link in the mail works. It is short because a
// wrong address may be somebody else's.
const addressLinkLife = 24 * time.Hour

// Ends returns the time when the link in the mail ends.
func (g GivenAddress) Ends() time.Time { return g.GivenAt.Add(addressLinkLife) }

// The largest numbers of confirmation mails in AddressMailsWindow.
const (
	AddressMailsPerAward  = 3
	AddressMailsPerPerson = 10
	AddressMailsWindow    = time.Hour
)
