package openbadges

// Organisation is who awards a badge.
type Organisation struct {
	Address        string // of its 2.0 profile, such as https://badges.example.org/issuers/1
	DID            string // did:web:badges.example.org:issuers:1; the id in 3.0
	Name           string
	URL            string // of its own web site
	Email          string
	Description    string
	Logo           string   // address of a picture; empty: none
	RevocationList string   // address of the 2.0 list; empty: none
	Keys           []string // addresses of its RSA keys (2.0), those that signed and the current one
}

// Badge is a badge version in one language: BadgeClass in 2.0, Achievement in
// 3.0.
type Badge struct {
	Address      string // https://badges.example.org/badges/VERSION; of another language …/VERSION/LANGUAGE
	Organisation Organisation
	Language     string // BCP 47; empty: not said
	Name         string
	Description  string
	Criteria     string // what a learner has to do, in Markdown
	Image        Image
	Tags         []string
	Alignments   []Alignment
	Credits      float64 // ECTS; 0: none
	Level        int     // European Qualifications Framework, 1 to 8; 0: none
	LevelName    string  // the level in words of the badge's language; required with Level
	Version      string
	Editions     []Edition // the same badge in other languages
}

// Image is a picture on the web.
type Image struct {
	Address string
	Caption string // what it shows, for people who cannot see it; empty: none
}

// Alignment is an entry of a competence framework.
type Alignment struct {
	Name        string
	Description string
	Framework   string // such as ESCO
	Code        string
	URL         string
}

// Edition is a badge in another language.
type Edition struct{ Language, Address string }

// Limits of texts, in characters, and of lists, in entries.
const (
	maxLine = 2_000
	maxText = 100_000
	maxList = 500
)

// Check returns an *InputError unless all of the badge can be in a document of
// any format.
func (b Badge) Check() error {
	var c checker
	b.check(&c)
	return c.err
}

func (b Badge) check(c *checker) {
	c.address("badge", b.Address)
	b.Organisation.checkIDs(c)
	c.language("language", b.Language)
	c.line("name", required(b.Name))
	c.text("description", required(b.Description))
	c.text("criteria", required(b.Criteria))
	c.address("image", b.Image.Address)
	c.text("caption", optional(b.Image.Caption))
	c.line("version", optional(b.Version))
	c.amount("credits", b.Credits, 1_000)
	c.amount("level", float64(b.Level), 8)
	c.line("name of the level", value{b.LevelName, b.Level != 0})
	c.list("tags", len(b.Tags))
	c.list("alignments", len(b.Alignments))
	c.list("editions", len(b.Editions))
	if c.err != nil {
		return
	}
	for _, tag := range b.Tags {
		c.line("tag", required(tag))
	}
	for _, a := range b.Alignments {
		c.line("alignment name", required(a.Name))
		c.address("alignment address", uri(a.URL))
		c.text("alignment description", optional(a.Description))
		c.line("alignment framework", optional(a.Framework))
		c.line("alignment code", optional(a.Code))
	}
	for _, e := range b.Editions {
		c.language("edition language", e.Language)
		c.address("edition", e.Address)
	}
}

// Check returns an *InputError unless all of the organisation can be in a
// document of any format.
func (o Organisation) Check() error {
	var c checker
	o.checkIDs(&c)
	c.did("organisation id", o.DID)
	o.checkProfile(&c)
	c.list("keys", len(o.Keys))
	if o.RevocationList != "" {
		c.address("revocation list", o.RevocationList)
	}
	for _, key := range o.Keys {
		c.address("key", key)
	}
	return c.err
}

// checkIDs checks what all documents need of the organisation.
func (o Organisation) checkIDs(c *checker) { c.address("organisation", o.Address) }

// checkProfile checks what a profile says.
func (o Organisation) checkProfile(c *checker) {
	c.line("organisation name", required(o.Name))
	c.address("organisation site", uri(o.URL))
	c.line("organisation e-mail", required(o.Email))
	c.text("organisation description", optional(o.Description))
	if o.Logo != "" {
		c.address("logo", o.Logo)
	}
}
