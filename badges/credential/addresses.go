package credential

import (
	"net/url"
	"strconv"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/vc"
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

// Base returns the base URL of the addresses.
func (a Addresses) Base() string { return a.base }

// Page returns the address of an award's public page. It is also the id of the
// award in its documents; machines read the document there.
func (a Addresses) Page(id badges.AssertionID) string { return a.base + "/v/" + string(id) }

// JSON returns the address of an award's Open Badges 2.0 document.
func (a Addresses) JSON(id badges.AssertionID) string { return a.Page(id) + ".json" }

// PNG returns the address of an award's picture, which contains the document.
func (a Addresses) PNG(id badges.AssertionID) string { return a.Page(id) + ".png" }

// SVG returns the address of an award's scalable picture, which contains the
// documents too.
func (a Addresses) SVG(id badges.AssertionID) string { return a.Page(id) + ".svg" }

// PDF returns the address of an award's certificate.
func (a Addresses) PDF(id badges.AssertionID) string { return a.Page(id) + ".pdf" }

// Signed returns the address of an award's signed Open Badges 2.0 assertion.
func (a Addresses) Signed(id badges.AssertionID) string { return a.Page(id) + ".jws" }

// Credential returns the address of an award's Open Badges 3.0 credential.
func (a Addresses) Credential(id badges.AssertionID) string { return a.Page(id) + "/credential" }

// JWT returns the address of an award's Open Badges 3.0 credential as a JWT.
func (a Addresses) JWT(id badges.AssertionID) string { return a.Page(id) + ".jwt" }

// Version returns the address of a badge version's document.
func (a Addresses) Version(id badges.VersionID) string { return a.base + "/badges/" + string(id) }

// Edition returns the address of a badge version's document in a language. The
// edition in the badge's own language is at Version.
func (a Addresses) Edition(v badges.Version, language string) string {
	if language == v.Language {
		return a.Version(v.ID)
	}
	return a.Version(v.ID) + "/" + language
}

// Issuer returns the address of an issuer's document.
func (a Addresses) Issuer(id badges.IssuerID) string { return a.base + "/issuers/" + string(id) }

// DID returns the decentralised identifier of an issuer, such as
// did:web:badges.example.org:issuers:ID (did:web method specification, section 2).
func (a Addresses) DID(id badges.IssuerID) (string, error) {
	return vc.DIDWeb(a.base, "issuers", string(id))
}

// Key returns the address of one of an issuer's public keys.
func (a Addresses) Key(id badges.IssuerID, key string) string { return a.Issuer(id) + "/keys/" + key }

// Revocations returns the address of an issuer's Open Badges 2.0 revocation list.
func (a Addresses) Revocations(id badges.IssuerID) string { return a.Issuer(id) + "/revocations.json" }

// StatusList returns the address of a status list.
func (a Addresses) StatusList(id badges.StatusListID) string { return a.base + "/status/" + string(id) }

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
