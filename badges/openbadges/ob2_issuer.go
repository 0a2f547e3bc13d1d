package openbadges

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net"
	"net/url"
	"strings"
)

// Issuer is an Open Badges 2.0 issuer profile.
type Issuer struct {
	Context        string      `json:"@context"`
	Type           string      `json:"type"`
	ID             string      `json:"id"`
	Name           string      `json:"name"`
	URL            string      `json:"url"`
	Email          string      `json:"email"`
	Description    string      `json:"description,omitempty"`
	Image          string      `json:"image,omitempty"` // a plain address: passports read no other form
	PublicKey      OneOrMore   `json:"publicKey,omitempty"`
	RevocationList string      `json:"revocationList,omitempty"`
	Verification   HostedScope `json:"verification,omitzero"`
}

// OneOrMore is a list that is written as a plain text if it has one entry.
type OneOrMore []string

// MarshalJSON writes one entry as a text, more as a list.
func (o OneOrMore) MarshalJSON() ([]byte, error) {
	if len(o) == 1 {
		return json.Marshal(o[0])
	}
	return json.Marshal([]string(o))
}

// UnmarshalJSON reads both forms.
func (o *OneOrMore) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*o = OneOrMore{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(o))
}

// HostedScope says where the assertions of an issuer are hosted.
type HostedScope struct {
	Type           string `json:"type"`
	AllowedOrigins string `json:"allowedOrigins,omitempty"`
	StartsWith     string `json:"startsWith"`
}

// NewIssuer returns the 2.0 profile of an organisation, or an *InputError.
func NewIssuer(o Organisation) (Issuer, error) {
	var c checker
	o.checkIDs(&c)
	o.checkProfile(&c)
	if c.err == nil && (o.RevocationList != "" || len(o.Keys) > 0) {
		c.err = o.Check()
	}
	if c.err != nil {
		return Issuer{}, c.err
	}
	return Issuer{
		Context: Context2, Type: "Issuer", ID: o.Address, Name: o.Name, URL: uri(o.URL), Email: o.Email,
		Description: o.Description, Image: o.Logo, PublicKey: o.Keys, RevocationList: o.RevocationList,
		Verification: scope(o.Address),
	}, nil
}

// scope returns where an issuer's assertions are: on its own host. Validators
// take only a domain name without a port as an origin; startsWith says the same
// for any other host.
func scope(address string) HostedScope {
	u, err := url.Parse(address)
	if err != nil { // the address was checked
		return HostedScope{}
	}
	s := HostedScope{Type: "VerificationObject", StartsWith: u.Scheme + "://" + u.Host + "/"}
	if name := u.Hostname(); u.Port() == "" && strings.Contains(name, ".") && net.ParseIP(name) == nil {
		s.AllowedOrigins = name
	}
	return s
}

// CryptographicKey is a key that signs 2.0 assertions.
type CryptographicKey struct {
	Context      string `json:"@context"`
	Type         string `json:"type"`
	ID           string `json:"id"`
	Owner        string `json:"owner"`
	PublicKeyPEM string `json:"publicKeyPem"`
}

// NewKey returns the 2.0 document of an organisation's key, or an *InputError.
// owner is the address of the organisation's profile.
func NewKey(address, owner string, public *rsa.PublicKey) (CryptographicKey, error) {
	var c checker
	c.address("key", address)
	c.address("organisation", owner)
	if public == nil {
		c.refuse("key", Missing)
	}
	if c.err != nil {
		return CryptographicKey{}, c.err
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return CryptographicKey{}, &InputError{Field: "key", Refusal: WrongKey}
	}
	block := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	return CryptographicKey{Context: Context2, Type: "CryptographicKey", ID: address, Owner: owner, PublicKeyPEM: string(block)}, nil
}
