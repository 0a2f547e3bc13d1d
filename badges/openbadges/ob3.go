package openbadges

// Addresses of the standards that 3.0 documents name.
const (
	ContextVC  = "https://www.w3.org/ns/credentials/v2"
	Context3   = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
	contextExt = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json" // has the type of the schema
	schema3    = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
)

// credential is an Open Badges 3.0 AchievementCredential. The order of the
// fields is the order in the document, so it must not change: it would change
// the bytes of badges that were given out.
type credential struct {
	Context   []string    `json:"@context"`
	ID        string      `json:"id"`
	Type      []string    `json:"type"`
	Name      string      `json:"name"`
	Image     *image3     `json:"image"`
	Issuer    profile     `json:"issuer"`
	ValidFrom string      `json:"validFrom"`
	ValidTo   string      `json:"validUntil,omitempty"`
	Subject   subject     `json:"credentialSubject"`
	Evidence  []evidence3 `json:"evidence,omitempty"`
	Status    *status     `json:"credentialStatus,omitempty"`
	Schema    []schema    `json:"credentialSchema"`
	Endorsed  []any       `json:"endorsement,omitempty"`
}

// subject is the learner and what the learner achieved.
type subject struct {
	Type        []string     `json:"type"`
	Identifier  []identifier `json:"identifier"`
	Credits     float64      `json:"creditsEarned,omitempty"`
	Result      []result     `json:"result,omitempty"`
	Achievement achievement  `json:"achievement"`
}

// identifier is an IdentityObject: a hashed address or, in clear, a name.
type identifier struct {
	Type     string `json:"type"`
	Hashed   bool   `json:"hashed"`
	Identity string `json:"identityHash"`
	Kind     string `json:"identityType"`
	Salt     string `json:"salt,omitempty"`
}

// achievement is a badge.
type achievement struct {
	Context     []string            `json:"@context,omitempty"` // in a document of its own
	ID          string              `json:"id"`
	Type        []string            `json:"type"`
	Kind        string              `json:"achievementType"`
	Name        string              `json:"name"`
	Description string              `json:"description"`
	Criteria    Criteria            `json:"criteria"`
	Image       *image3             `json:"image"`
	Creator     profile             `json:"creator"`
	Language    string              `json:"inLanguage,omitempty"`
	Version     string              `json:"version,omitempty"`
	Credits     float64             `json:"creditsAvailable,omitempty"`
	Alignment   []alignment         `json:"alignment,omitempty"`
	Tags        []string            `json:"tag,omitempty"`
	Related     []related           `json:"related,omitempty"`
	Results     []resultDescription `json:"resultDescription,omitempty"`
}

// profile is an organisation.
type profile struct {
	Context     []string `json:"@context,omitempty"` // in a document of its own
	ID          string   `json:"id"`
	Type        []string `json:"type"`
	Name        string   `json:"name"`
	URL         string   `json:"url,omitempty"`
	Email       string   `json:"email,omitempty"`
	Description string   `json:"description,omitempty"`
	Image       *image3  `json:"image,omitempty"`
}

type image3 struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Caption string `json:"caption,omitempty"`
}

type alignment struct {
	Type        []string `json:"type"`
	Name        string   `json:"targetName"`
	URL         string   `json:"targetUrl"`
	Description string   `json:"targetDescription,omitempty"`
	Framework   string   `json:"targetFramework,omitempty"`
	Code        string   `json:"targetCode,omitempty"`
}

type related struct {
	ID       string   `json:"id"`
	Type     []string `json:"type"`
	Language string   `json:"inLanguage"`
}

// resultDescription says what a result is about and which values it may have.
type resultDescription struct {
	ID   string   `json:"id"`
	Type []string `json:"type"`
	Name string   `json:"name"`
	Kind string   `json:"resultType"`
	Min  string   `json:"valueMin"`
	Max  string   `json:"valueMax"`
}

type result struct {
	Type        []string `json:"type"`
	Description string   `json:"resultDescription"`
	Value       string   `json:"value"`
}

type evidence3 struct {
	ID        string   `json:"id,omitempty"`
	Type      []string `json:"type"`
	Name      string   `json:"name,omitempty"`
	Narrative string   `json:"narrative,omitempty"`
}

// status is a BitstringStatusListEntry.
type status struct {
	ID        string    `json:"id"`
	Type      string    `json:"type"`
	Purpose   string    `json:"statusPurpose"`
	Index     string    `json:"statusListIndex"`
	List      string    `json:"statusListCredential"`
	Reference OneOrMore `json:"statusReference,omitempty"`
}

type schema struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}
