package openbadges

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Fetch returns the document at an address. With an answer of 410 it returns the
// body, which may say that the assertion was revoked, and ErrGone.
type Fetch func(ctx context.Context, address string) ([]byte, error)

// ErrGone says that a document was removed for ever (HTTP 410).
var ErrGone = errors.New("the document was removed")

// Status is the result of a verification.
type Status string

// The results.
const (
	Valid   Status = "valid"
	Expired Status = "expired"
	Revoked Status = "revoked"
	Gone    Status = "gone" // removed without a word about a revocation, such as at its holder's request
	Invalid Status = "invalid"
)

// Report is the result of verifying a badge, with what was found.
type Report struct {
	Status    Status
	Problem   string // why it is invalid
	Reason    string // why it was revoked
	Assertion Assertion
	Badge     BadgeClass
	Issuer    Issuer
}

var errHosted = errors.New("only hosted Open Badges 2.0 can be checked")

// Verify verifies a badge: a baked picture, the JSON of an assertion, or its
// address. It trusts only the document that the issuer hosts now. A copy that says
// something else is invalid, except about what the holder may stop showing.
func Verify(ctx context.Context, input []byte, fetch Fetch, now time.Time) (Report, error) {
	badge, err := readInput(input)
	if err != nil {
		return Report{}, err
	}
	r, err := readAssertion(ctx, badge.address, fetch)
	if err == nil && badge.elsewhere(r.Assertion.ID) {
		badge.address = r.Assertion.ID // a page of a service that moved: the original is at the address of its id
		r, err = readAssertion(ctx, badge.address, fetch)
	}
	if err != nil || r.Status != "" {
		return r, err
	}
	for _, part := range []struct {
		address string
		into    any
	}{{r.Assertion.Badge, &r.Badge}, {"", &r.Issuer}} {
		if part.address == "" {
			part.address = r.Badge.Issuer
		}
		body, err := fetch(ctx, part.address)
		if err != nil {
			return Report{}, fmt.Errorf("read %s: %w", part.address, err)
		}
		if err := json.Unmarshal(body, part.into); err != nil {
			return Report{}, fmt.Errorf("read %s: %w", part.address, err)
		}
	}
	r.Status, r.Problem = r.judge(badge, now)
	return r, nil
}

// readAssertion returns the hosted assertion at an address. The status is empty
// unless the assertion does not count any more.
func readAssertion(ctx context.Context, address string, fetch Fetch) (Report, error) {
	body, err := fetch(ctx, address)
	gone := errors.Is(err, ErrGone)
	if err != nil && !gone {
		return Report{}, fmt.Errorf("read assertion: %w", err)
	}
	var revoked RevokedAssertion
	switch err := json.Unmarshal(body, &revoked); {
	case err == nil && revoked.Revoked:
		return Report{Status: Revoked, Reason: revoked.RevocationReason}, nil
	case gone:
		return Report{Status: Gone}, nil
	}
	var r Report
	if err := json.Unmarshal(body, &r.Assertion); err != nil {
		return Report{}, fmt.Errorf("read assertion: %w", err)
	}
	return r, nil
}

// hostedBadge is what an input says about a hosted badge.
type hostedBadge struct {
	address string
	copied  *Assertion // nil if the input is only an address
}

// at reports whether the badge is hosted at the address that is the id of an
// assertion. The address may have the ending .json.
func (b hostedBadge) at(id string) bool {
	return id == b.address || id == strings.TrimSuffix(b.address, ".json")
}

// elsewhere reports whether an address led to a badge that is hosted at another one.
// A copy names the address itself, so it does not.
func (b hostedBadge) elsewhere(id string) bool {
	return b.copied == nil && !b.at(id) && isAddress(id)
}

// readInput returns the hosted badge that an input names.
func readInput(input []byte) (hostedBadge, error) {
	if payloads, err := Unbake(input); err == nil {
		if input = payloads.OB2; input == nil {
			return hostedBadge{}, errHosted
		}
	} else if !errors.Is(err, ErrNotPNG) {
		return hostedBadge{}, err
	}
	var badge hostedBadge
	text := strings.TrimSpace(string(input))
	if strings.HasPrefix(text, "{") {
		var a Assertion
		if err := json.Unmarshal([]byte(text), &a); err != nil {
			return hostedBadge{}, fmt.Errorf("read assertion: %w", err)
		}
		if a.Verification.Type != "HostedBadge" {
			return hostedBadge{}, errHosted
		}
		text, badge.copied = a.ID, &a
	}
	if !isAddress(text) {
		return hostedBadge{}, errHosted
	}
	badge.address = text
	return badge, nil
}

// differs reports whether a copy says something else than the hosted assertion. It
// does not compare evidence, which the holder may stop showing.
func (a Assertion) differs(copied Assertion) bool {
	return copied.Recipient != a.Recipient || copied.Badge != a.Badge || !copied.IssuedOn.Equal(a.IssuedOn) ||
		(copied.Expires == nil) != (a.Expires == nil) || a.Expires != nil && !copied.Expires.Equal(*a.Expires)
}

// judge applies the rules of hosted verification (Open Badges 2.0, section
// "Assertion verification").
func (r Report) judge(badge hostedBadge, now time.Time) (Status, string) {
	switch {
	case !badge.at(r.Assertion.ID):
		return Invalid, "the hosted assertion has another id"
	case r.Assertion.Type != "Assertion" || r.Badge.Type != "BadgeClass" || r.Issuer.Type != "Issuer" && r.Issuer.Type != "Profile":
		return Invalid, "a hosted document has another type"
	case r.Assertion.Verification.Type != "HostedBadge":
		return Invalid, "the hosted assertion says it is not hosted"
	case r.Badge.ID != r.Assertion.Badge:
		return Invalid, "the hosted badge has another id"
	case r.Issuer.ID != r.Badge.Issuer:
		return Invalid, "the hosted issuer has another id"
	case !sameHost(r.Assertion.ID, r.Issuer.ID) || !sameHost(r.Badge.ID, r.Issuer.ID):
		return Invalid, "assertion, badge and issuer are on different hosts"
	case !strings.HasPrefix(r.Assertion.Recipient.Identity, "sha256$"):
		return Invalid, "the recipient is not a hashed identity"
	case badge.copied != nil && r.Assertion.differs(*badge.copied):
		return Invalid, "the copy says something else than the hosted assertion"
	case r.Assertion.Expires != nil && !now.Before(*r.Assertion.Expires):
		return Expired, ""
	}
	return Valid, ""
}

func sameHost(a, b string) bool {
	u, err := url.Parse(a)
	if err != nil {
		return false
	}
	v, err := url.Parse(b)
	return err == nil && u.Scheme == v.Scheme && u.Host == v.Host
}
