package credential

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/insigne-badges/insigne/badges"
)

// Addresses returns the public addresses of one installation below one base URL. All
// of them are absolute.
type Addresses struct {
	base   string
	claims ClaimLinks
}

// NewAddresses returns the addresses below base, the base URL of the
// installation, such as https://badges.example.org, without a slash at the end.
func NewAddresses(base string, claims ClaimLinks) Addresses {
	return Addresses{base: base, claims: claims}
}

// At returns the same addresses below another base: that of a claim, or a former one
// of the installation.
func (a Addresses) At(base string) Addresses {
	a.base = base
	return a
}

// Page returns the address of an award's public page. It is also the id of the
// award in its documents; machines read the document there.
func (a Addresses) Page(id badges.AssertionID) string { return a.base + "/v/" + string(id) }

// JSON returns the address of an award's Open Badges 2.0 document.
func (a Addresses) JSON(id badges.AssertionID) string { return a.Page(id) + ".json" }

// PNG returns the address of an award's picture, which contains the document.
func (a Addresses) PNG(id badges.AssertionID) string { return a.Page(id) + ".png" }

// Version returns the address of a badge version's document.
func (a Addresses) Version(id badges.VersionID) string { return a.base + "/badges/" + string(id) }

// Issuer returns the address of an issuer's document.
func (a Addresses) Issuer(id badges.IssuerID) string { return a.base + "/issuers/" + string(id) }

// DID returns the did:web identifier of an issuer, whose document is at the address of
// the issuer followed by /did.json (did:web method, section 3.1).
func (a Addresses) DID(id badges.IssuerID) string {
	_, host, _ := strings.Cut(a.base, "://")
	return "did:web:" + url.QueryEscape(host) + ":issuers:" + string(id) // escapes the colon before a port
}

// Picture returns the address of a badge picture.
func (a Addresses) Picture(hash badges.PictureHash) string {
	return a.base + "/pictures/" + string(hash) + ".png"
}

// Claim returns the secret address where the learner claims an award. It fails
// if the id is not a UUID.
func (a Addresses) Claim(id badges.AssertionID) (string, error) {
	token, err := a.claims.Token(id)
	if err != nil {
		return "", err
	}
	return a.base + "/claim/" + token, nil
}

// ParseClaim returns the assertion that the token of a claim address names;
// fault.NotFound if Insigne did not make the token.
func (a Addresses) ParseClaim(token string) (badges.AssertionID, error) { return a.claims.Parse(token) }

// LinkedIn returns the address that fills in LinkedIn's "Licenses &
// certifications" form with an award.
func (a Addresses) LinkedIn(award Award) string {
	id, issued, ends := award.Assertion.ID, award.Assertion.AwardedAt, award.Assertion.ExpiresAt
	fields := url.Values{
		"startTask":        {"CERTIFICATION_NAME"},
		"name":             {award.Version.Name},
		"organizationName": {award.Issuer.Name},
		"issueYear":        {strconv.Itoa(issued.Year())},
		"issueMonth":       {strconv.Itoa(int(issued.Month()))},
		"certUrl":          {a.Page(id)},
		"certId":           {string(id)},
	}
	if !ends.IsZero() {
		fields.Set("expirationYear", strconv.Itoa(ends.Year()))
		fields.Set("expirationMonth", strconv.Itoa(int(ends.Month())))
	}
	return "https://www.linkedin.com/profile/add?" + fields.Encode()
}
