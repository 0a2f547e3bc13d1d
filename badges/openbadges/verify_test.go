package openbadges_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges/openbadges"
)

// site hosts documents by address.
type site map[string]any

func (s site) fetch(_ context.Context, address string) ([]byte, error) {
	document, ok := s[address]
	if !ok {
		return nil, errors.New("404")
	}
	if text, ok := document.(string); ok {
		return []byte(text), nil
	}
	body, err := json.Marshal(document)
	if err == nil && !hosts(document) {
		err = openbadges.ErrGone
	}
	return body, err
}

// hosts reports whether a document is of a badge that still exists.
func hosts(document any) bool {
	switch document.(type) {
	case openbadges.RevokedAssertion, problem:
		return false
	}
	return true
}

// problem is the answer 410 of an issuer who says nothing about a revocation.
type problem struct {
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

// documents returns the documents of a badge as its issuer hosts them.
func documents(t testing.TB) (openbadges.Assertion, openbadges.BadgeClass, openbadges.Issuer) {
	t.Helper()
	award := full(t)
	award.Expires = time.Time{}
	a, err := openbadges.Hosted(award)
	b, classErr := openbadges.NewBadgeClass(award.Badge)
	i, issuerErr := openbadges.NewIssuer(award.Badge.Organisation)
	if err := errors.Join(err, classErr, issuerErr); err != nil {
		t.Fatal(err)
	}
	return a, b, i
}

func hosted(t *testing.T) site {
	t.Helper()
	a, b, i := documents(t)
	return site{a.ID: a, b.ID: b, i.ID: i}
}

// change returns the site with one document changed.
func change[T any](t *testing.T, address string, edit func(*T)) site {
	t.Helper()
	s := hosted(t)
	document := s[address].(T)
	edit(&document)
	s[address] = document
	return s
}

func TestVerify(t *testing.T) {
	a, b, i := documents(t)
	text, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	baked, err := openbadges.BakePNG(picture(t), openbadges.Payloads{OB2: text, OB3: proved3})
	if err != nil {
		t.Fatal(err)
	}
	bakedAddress, err := openbadges.BakePNG(picture(t), openbadges.Payloads{OB2: []byte(a.ID)})
	if err != nil {
		t.Fatal(err)
	}
	bakedDrawing, err := openbadges.BakeSVG([]byte(drawn), openbadges.Payloads{OB2: text, OB3: proved3})
	if err != nil {
		t.Fatal(err)
	}
	past, elsewhere := issued.Add(time.Hour), "https://elsewhere.example/i"
	revoked := hosted(t)
	revoked[a.ID] = openbadges.NewRevoked(a.ID, "Awarded by mistake")
	erased := hosted(t)
	erased[a.ID] = problem{410, "Erased at the holder's request."}
	altered := func(edit func(*openbadges.Assertion)) []byte {
		t.Helper()
		other := a
		edit(&other)
		text, err := json.Marshal(other)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	moved := hosted(t)
	delete(moved, i.ID)
	foreign := i
	foreign.ID = elsewhere
	moved[elsewhere] = foreign
	foreignBadge := b
	foreignBadge.Issuer = elsewhere
	moved[b.ID] = foreignBadge

	// A service that moved hosts the assertion at its new address too, with the old id.
	const newAddress, loop = "https://new.example/v/1", "https://new.example/v/2"
	twoHosts := hosted(t)
	twoHosts[newAddress] = a
	twoHosts[loop] = change(t, a.ID, func(a *openbadges.Assertion) { a.ID = newAddress })[a.ID]

	for _, tt := range []struct {
		name  string
		input []byte
		site  site
		want  openbadges.Status
	}{
		{"address", []byte(a.ID + "\n"), hosted(t), openbadges.Valid},
		{"JSON", text, hosted(t), openbadges.Valid},
		{"baked JSON", baked, hosted(t), openbadges.Valid},
		{"baked address", bakedAddress, hosted(t), openbadges.Valid},
		{"baked SVG", bakedDrawing, hosted(t), openbadges.Valid},
		{"new address of a service that moved", []byte(newAddress), twoHosts, openbadges.Valid},
		{"address that leads to another, and on", []byte(loop), twoHosts, openbadges.Invalid},
		{"revoked", baked, revoked, openbadges.Revoked},
		{"erased", baked, erased, openbadges.Gone},
		{"copy for another recipient", altered(func(a *openbadges.Assertion) { a.Recipient.Salt += "x" }), hosted(t), openbadges.Invalid},
		{"copy of another badge", altered(func(a *openbadges.Assertion) { a.Badge += "x" }), hosted(t), openbadges.Invalid},
		{"copy of another day", altered(func(a *openbadges.Assertion) { a.IssuedOn = past }), hosted(t), openbadges.Invalid},
		{"copy that ends", altered(func(a *openbadges.Assertion) { a.Expires = &past }), hosted(t), openbadges.Invalid},
		{"copy that does not end", text, change(t, a.ID, func(a *openbadges.Assertion) { end := past.AddDate(1, 0, 0); a.Expires = &end }), openbadges.Invalid},
		{"copy with evidence that is not shown any more", text, change(t, a.ID, func(a *openbadges.Assertion) { a.Evidence = nil }), openbadges.Valid},
		{"expired", bakedAddress, change(t, a.ID, func(a *openbadges.Assertion) { a.Expires = &past }), openbadges.Expired},
		{"other id", baked, change(t, a.ID, func(a *openbadges.Assertion) { a.ID += "x" }), openbadges.Invalid},
		{"not an assertion", baked, change(t, a.ID, func(a *openbadges.Assertion) { a.Type = "Note" }), openbadges.Invalid},
		{"signed", baked, change(t, a.ID, func(a *openbadges.Assertion) { a.Verification.Type = "SignedBadge" }), openbadges.Invalid},
		{"other badge", baked, change(t, b.ID, func(b *openbadges.BadgeClass) { b.ID += "x" }), openbadges.Invalid},
		{"other issuer", baked, change(t, i.ID, func(i *openbadges.Issuer) { i.ID += "x" }), openbadges.Invalid},
		{"issuer on another host", baked, moved, openbadges.Invalid},
		{"recipient in clear", baked, change(t, a.ID, func(a *openbadges.Assertion) { a.Recipient.Identity = holder }), openbadges.Invalid},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := openbadges.Verify(t.Context(), tt.input, tt.site.fetch, issued.AddDate(0, 1, 0))
			if err != nil || got.Status != tt.want {
				t.Errorf("Verify = %s (%s), %v; want %s", got.Status, got.Problem, err, tt.want)
			}
			if tt.want == openbadges.Valid && (got.Badge.Name != b.Name || got.Issuer.Name != i.Name) {
				t.Errorf("report = %+v, want badge and issuer", got)
			}
			if tt.want == openbadges.Revoked && got.Reason == "" {
				t.Error("the reason is lost")
			}
		})
	}
}

// TestVerifyImpossible checks that a badge which cannot be verified gives an
// error, and no result.
func TestVerifyImpossible(t *testing.T) {
	a, b, _ := documents(t)
	gone, broken := hosted(t), hosted(t)
	delete(gone, b.ID)
	broken[b.ID] = "<html>"
	only3, err := openbadges.BakeSVG([]byte(drawn), openbadges.Payloads{OB3: proved3})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, input string
		site        site
	}{
		{"a credential of 3.0", string(only3), hosted(t)},
		{"nothing", "", hosted(t)},
		{"text", "hello", hosted(t)},
		{"broken JSON", "{", hosted(t)},
		{"signed badge", `{"id":"` + a.ID + `","verification":{"type":"SignedBadge"}}`, hosted(t)},
		{"a file of this machine", "file:///etc/passwd", hosted(t)},
		{"unbaked picture", string(picture(t)), hosted(t)},
		{"nothing at the address", a.ID + "/none", hosted(t)},
		{"badge gone", a.ID, gone},
		{"badge is a web page", a.ID, broken},
	} {
		if got, err := openbadges.Verify(t.Context(), []byte(tt.input), tt.site.fetch, issued); err == nil {
			t.Errorf("%s: Verify = %+v, want an error", tt.name, got)
		}
	}
}
