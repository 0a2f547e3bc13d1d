package badges

import (
	"net/mail"
	"net/url"
	"strings"

	"github.com/insigne-badges/insigne/internal/fault"
)

// Issuer is an organisation that awards badges on a platform: a university, a
// faculty, a student association.
type Issuer struct {
	ID          IssuerID
	Platform    PlatformID
	Name        string
	URL         string // its public home page, https or http
	Email       string // its public contact
	Description string // may be empty
}

// Validate trims the texts and reports the first thing wrong, as fault.Invalid.
func (i *Issuer) Validate() error {
	i.Name, i.URL = strings.TrimSpace(i.Name), strings.TrimSpace(i.URL)
	i.Email, i.Description = strings.TrimSpace(i.Email), strings.TrimSpace(i.Description)
	if key := checkText(i.Name, MaxName, true); key != "" {
		return fault.New(fault.Invalid, "issuer.name_"+key).With("Most", MaxName)
	}
	if key := checkText(i.Description, MaxDescription, false); key != "" {
		return fault.New(fault.Invalid, "issuer.description_"+key).With("Most", MaxDescription)
	}
	u, err := url.Parse(i.URL)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return fault.New(fault.Invalid, "issuer.url_invalid")
	}
	if a, err := mail.ParseAddress(i.Email); err != nil || a.Address != i.Email {
		return fault.New(fault.Invalid, "issuer.email_invalid")
	}
	return nil
}
