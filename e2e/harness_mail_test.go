package e2e_test

import (
	"net/url"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/campus"
)

func (d *demo) mailsTo(address string) int {
	n := 0
	for _, m := range d.Campus.Inbox() {
		if m.To == address {
			n++
		}
	}
	return n
}

// waitMail waits until an address has a mail and returns the newest.
func (d *demo) waitMail(t *testing.T, to string) (m campus.Mail) {
	t.Helper()
	eventually(t, "a mail to "+to, func() bool {
		for _, m = range d.Campus.Inbox() {
			if m.To == to {
				return true
			}
		}
		return false
	})
	return m
}

// claimPath returns the path of the link in the mail to an address.
func (d *demo) claimPath(t *testing.T, address string) string {
	t.Helper()
	for _, m := range d.Campus.Inbox() {
		if m.To == address {
			u, err := url.Parse(m.Links[0])
			must(t, err)
			return u.Path
		}
	}
	t.Fatalf("no mail to %s", address)
	return ""
}

// claimLink returns the path of the link in the notice about an award.
func (d *demo) claimLink(t *testing.T, id badges.AssertionID) string {
	t.Helper()
	key, err := d.Config.Secret.Key("claim")
	must(t, err)
	token, err := credential.NewClaimLinks(key).Token(id)
	must(t, err)
	return "/claim/" + token
}
