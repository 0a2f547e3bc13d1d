package credential

import (
	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/certificate"
	"github.com/insigne-badges/insigne/badges/openbadges"
	"github.com/insigne-badges/insigne/templates"
)

// Documents makes the documents of one installation. Their texts are in the
// language of the badge, those of a certificate in the learner's. NewDocuments makes
// one.
type Documents struct {
	Links Addresses
	Words *templates.Set
	Keys  Keys

	signer       *openbadges.Signer
	blanks       *blanks
	certificates *certificate.Renderer
}

// NewDocuments returns the documents of an installation. It keeps what is slow to
// prepare, so one value serves all requests.
func NewDocuments(links Addresses, words *templates.Set, keys Keys) Documents {
	return Documents{
		Links: links, Words: words, Keys: keys,
		signer: openbadges.NewSigner(), blanks: &blanks{}, certificates: certificate.NewRenderer(),
	}
}

// words returns a translator for the language of a badge version.
func (d Documents) words(v badges.Version) badges.Translator { return d.Words.Locale(v.Language) }
