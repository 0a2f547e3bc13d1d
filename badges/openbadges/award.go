package openbadges

import (
	"encoding/json"
	"time"
)

// Award is a badge that one learner was awarded. All its documents are made from
// it.
type Award struct {
	Address      string // https://badges.example.org/v/ID: the id of the hosted assertion and of the credential
	UUID         string // the id of the signed 2.0 assertion is urn:uuid:UUID
	Badge        Badge
	Recipient    Recipient
	IssuedOn     time.Time
	Expires      time.Time // zero: never
	Evidence     []Evidence
	Results      []Result          // grades that the learner shares
	Status       []StatusEntry     // places in status lists
	Endorsements []json.RawMessage // signed endorsement credentials
}

// Recipient is the learner of an award.
type Recipient struct {
	Email string // appears as a hash only
	Salt  string
	Name  string // empty without the learner's consent
}

// Evidence is one piece of evidence: an address, a text, or both.
type Evidence struct{ Address, Name, Narrative string }

// MaxPercent is the largest grade in a document: some courses give bonus points.
const MaxPercent = 1_000

// Result is a grade.
type Result struct {
	Name    string  // what was graded
	Percent float64 // from 0 to MaxPercent
}

// StatusEntry is the place of an award in a status list.
type StatusEntry struct {
	List    string // address
	Index   int
	Purpose StatusPurpose
}

// StatusPurpose is what a set bit of a status list means.
type StatusPurpose string

// The purposes (Bitstring Status List 1.0, section 2.1).
const (
	Revocation StatusPurpose = "revocation"
	Message    StatusPurpose = "message"
)

// Check returns an *InputError unless all of the award can be in a document of
// any format.
func (a Award) Check() error {
	var c checker
	a.check(&c)
	a.Badge.check(&c)
	a.checkCredential(&c)
	return c.err
}

// check checks what all documents of the award contain.
func (a Award) check(c *checker) {
	c.address("award", a.Address)
	c.address("badge", a.Badge.Address)
	c.address("image", a.Badge.Image.Address)
	c.line("recipient", required(a.Recipient.Email))
	c.line("salt", required(a.Recipient.Salt))
	c.date("issue date", a.IssuedOn)
	if !a.Expires.IsZero() {
		c.date("end", a.Expires)
	}
	c.list("evidence", len(a.Evidence))
	if c.err != nil {
		return
	}
	for _, e := range a.Evidence {
		if e.Address != "" {
			c.address("evidence", uri(e.Address))
		}
		c.text("evidence name", optional(e.Name))
		c.text("evidence narrative", optional(e.Narrative))
	}
}

// checkCredential checks what only 3.0 contains.
func (a Award) checkCredential(c *checker) {
	o := a.Badge.Organisation
	c.did("organisation id", o.DID)
	o.checkProfile(c)
	c.line("recipient name", optional(a.Recipient.Name))
	c.list("results", len(a.Results))
	c.list("status", len(a.Status))
	c.list("endorsements", len(a.Endorsements))
	if c.err != nil {
		return
	}
	for _, r := range a.Results {
		c.text("result name", required(r.Name))
		c.amount("result", r.Percent, MaxPercent)
	}
	for _, s := range a.Status {
		c.address("status list", s.List)
		if s.Purpose != Revocation && s.Purpose != Message {
			c.refuse("status purpose", WrongPurpose)
		}
		c.amount("status index", float64(s.Index), 1<<31)
	}
	for _, e := range a.Endorsements {
		c.object("endorsement", e)
	}
}
