package credential

import (
	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/certificate"
	"github.com/insigne-badges/insigne/templates"
)

// Documents makes the documents of one installation. Their texts are in the
// language of the badge. Every field is required.
type Documents struct {
	Links        Addresses
	Words        *templates.Set
	Keys         Keys
	Certificates *certificate.Renderer
}

// words returns a translator for the language of a badge version.
func (d Documents) words(v badges.Version) badges.Translator { return d.Words.Locale(v.Language) }
