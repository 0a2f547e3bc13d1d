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

// Fetch returns the document at an address. A 410 answer is not an error: its
// body says that the assertion was revoked.
type Fetch func(ctx context.Context, address string) ([]byte, error)

// Status is the result of a verification.
type Status string

// The results.
const (
	Valid   Status = "valid"
	Expired Status = "expired"
	Revoked Status = "revoked"
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
// address. It trusts only the document that the issuer hosts now; the input
// only gives its address.
func Verify(ctx context.Context, input []byte, fetch Fetch, now time.Time) (Report, error) {
	address, err := hostedAt(input)
	if err != nil {
		return Report{}, err
	}
	var r Report
	var revoked RevokedAssertion
	body, err := fetch(ctx, address)
	if err != nil {
		return Report{}, fmt.Errorf("read assertion: %w", err)
	}
	if json.Unmarshal(body, &revoked) == nil && revoked.Revoked {
		return Report{Status: Revoked, Reason: revoked.RevocationReason}, nil
	}
	if err := json.Unmarshal(body, &r.Assertion); err != nil {
		return Report{}, fmt.Errorf("read assertion: %w", err)
	}
	for _, part := range []struct {
		address string
		into    any
	}{{r.Assertion.Badge, &r.Badge}, {"", &r.Issuer}} {
		if part.address == "" {
			part.address = r.Badge.Issuer
		}
		if body, err = fetch(ctx, part.address); err != nil {
			return Report{}, fmt.Errorf("read %s: %w", part.address, err)
		}
		if err := json.Unmarshal(body, part.into); err != nil {
			return Report{}, fmt.Errorf("read %s: %w", part.address, err)
		}
	}
	r.Status, r.Problem = r.judge(address, now)
	return r, nil
}

// hostedAt returns the address of the hosted assertion that the input names.
func hostedAt(input []byte) (string, error) {
	if payloads, err := Unbake(input); err == nil {
		if input = payloads.OB2; input == nil {
			return "", errHosted
		}
	} else if !errors.Is(err, ErrNotPNG) {
		return "", err
	}
	text := strings.TrimSpace(string(input))
	if strings.HasPrefix(text, "{") {
		var a Assertion
		if err := json.Unmarshal([]byte(text), &a); err != nil {
			return "", fmt.Errorf("read assertion: %w", err)
		}
		if a.Verification.Type != "HostedBadge" {
			return "", errHosted
		}
		text = a.ID
	}
	if !isAddress(text) {
		return "", errHosted
	}
	return text, nil
}

// judge applies the rules of hosted verification (Open Badges 2.0, section
// "Assertion verification").
func (r Report) judge(address string, now time.Time) (Status, string) {
	switch {
	case r.Assertion.ID != address && r.Assertion.ID != strings.TrimSuffix(address, ".json"):
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
