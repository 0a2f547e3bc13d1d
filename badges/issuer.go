package badges

import (
	"strings"

	"github.com/insigne-badges/insigne/internal/fault"
)

// Issuer is an organisation that awards badges on a platform: a university, a
// faculty, a student association.
type Issuer struct {
	ID          IssuerID
	Platform    PlatformID
	Name        string
	URL         string      // its public home page, https or http
	Email       string      // its public contact
	Description string      // may be empty
	Logo        PictureHash // empty: none
}

// Validate trims the texts and reports the first thing wrong, as fault.Invalid.
func (i *Issuer) Validate() error {
	i.Name, i.URL = strings.TrimSpace(i.Name), strings.TrimSpace(i.URL)
	i.Email, i.Description = strings.TrimSpace(i.Email), strings.TrimSpace(i.Description)
	for _, text := range []text{
		{key: "issuer.name_", value: i.Name, most: MaxName, required: true, line: true},
		{key: "issuer.description_", value: i.Description, most: MaxDescription},
	} {
		if err := text.check(); err != nil {
			return err
		}
	}
	address, ok := webAddress(i.URL)
	if !ok {
		return fault.New(fault.Invalid, "issuer.url_invalid")
	}
	i.URL = address
	if _, err := ParseAddress(i.Email); err != nil {
		return fault.New(fault.Invalid, "issuer.email_invalid")
	}
	return nil
}
