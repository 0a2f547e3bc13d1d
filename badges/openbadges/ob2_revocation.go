package openbadges

// RevokedAssertion is the document at the address of an assertion that is not
// valid any more.
type RevokedAssertion struct {
	Context          string `json:"@context"`
	Type             string `json:"type"`
	ID               string `json:"id"`
	Revoked          bool   `json:"revoked"`
	RevocationReason string `json:"revocationReason,omitempty"`
}

// NewRevoked returns the document of a revoked assertion, which is served with
// HTTP 410. The reason may be empty.
func NewRevoked(id, reason string) RevokedAssertion {
	return RevokedAssertion{Context: Context2, Type: "Assertion", ID: id, Revoked: true, RevocationReason: reason}
}

// RevocationList is the list of an issuer's signed assertions that are not valid
// any more.
type RevocationList struct {
	Context string             `json:"@context"`
	Type    string             `json:"type"`
	ID      string             `json:"id"`
	Issuer  string             `json:"issuer"`
	Revoked []RevokedReference `json:"revokedAssertions"`
}

// RevokedReference is an entry of a revocation list.
type RevokedReference struct {
	ID     string `json:"id"`
	Reason string `json:"revocationReason,omitempty"`
}

// RevokedAward is an award that is not valid any more.
type RevokedAward struct {
	Address, UUID string // as in Award
	Reason        string // may be empty
}

// NewRevocationList returns the revocation list of an organisation, in the order
// given, or an *InputError. Each award is listed by both its ids, of the signed
// and of the hosted assertion: with a single entry, JSON-LD makes the list an
// object, and 1EdTech's validator then finds nothing in it. An empty list is a
// list: validators demand it.
func NewRevocationList(o Organisation, revoked []RevokedAward) (RevocationList, error) {
	var c checker
	c.address("revocation list", o.RevocationList)
	c.address("organisation", o.Address)
	list := RevocationList{Context: Context2, Type: "RevocationList", ID: o.RevocationList, Issuer: o.Address, Revoked: []RevokedReference{}}
	for _, r := range revoked {
		c.uuid("award", r.UUID)
		c.address("award", r.Address)
		c.text("reason", optional(r.Reason))
		list.Revoked = append(list.Revoked, RevokedReference{ID: urn(r.UUID), Reason: r.Reason}, RevokedReference{ID: r.Address, Reason: r.Reason})
	}
	if c.err != nil {
		return RevocationList{}, c.err
	}
	return list, nil
}
