package campus

import (
	"crypto/rsa"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/gorilla/mux"
)

// Config configures a Campus. Every field except the last four is required.
type Config struct {
	BaseURL string // its own address, for example http://localhost:8081, without a slash at the end
	Now     func() time.Time
	Rand    io.Reader
	Client  *http.Client // fetches the tools' key sets
	Log     *slog.Logger

	// Key signs for the platform, with 2048 bits or more; nil: a new one.
	Key *rsa.PrivateKey

	// ToolURL returns the tool's registration address, which the administrator's page
	// proposes. It is called each time the page is shown, because invitations work once.
	ToolURL func() string

	// OfferStorage stores data for tools whose cookies are blocked (LTI Postmessage
	// Storage 1.0). Moodle 4.5 does not offer this.
	OfferStorage bool

	// Learners is the number of generated learners in the first course, in addition to
	// those with a name. They and their results are the same each time. Their user ids
	// begin at 1001.
	Learners int
}

// Campus is one simulated LMS. It is safe for concurrent use.
type Campus struct {
	cfg   Config
	host  string
	token string
	key   func() (*rsa.PrivateKey, error)
	kid   string
	pages pages
	smtp  *smtp.Server

	mu          sync.Mutex // guards the fields below
	school      *school
	faults      Faults
	dice        *dice // decide which calls get a fault
	traffic     traffic
	tools       []*tool
	items       []*lineItem
	invites     map[string]bool        // registration tokens by their sub; true after use
	launches    map[string]launch      // launches that have begun, by launch id
	jtis        map[string]bool        // of client assertions that were accepted
	nonces      map[string]bool        // of deep-linking answers that were accepted
	access      map[string]grant       // by access token
	filters     map[int64]reportFilter // of the service user, by report
	sessions    map[string]int64       // user ids by session key
	mails       []Mail                 // the oldest first
	messages    map[int64][]Message    // by user id, the oldest first
	lastMessage int                    // id of the newest message
	serial      int                    // counts launches
	lastItem    int                    // id of the newest grade item
}

// New returns a campus with its course and people.
func New(cfg Config) (*Campus, error) {
	base, err := url.Parse(cfg.BaseURL)
	if err != nil || base.Host == "" {
		return nil, fmt.Errorf("campus: base URL %q is not an address", cfg.BaseURL)
	}
	c := &Campus{
		cfg: cfg, dice: newDice(0), traffic: traffic{calls: map[string]int{}}, host: base.Host, school: newSchool(cfg.Now(), cfg.Learners),
		invites: map[string]bool{}, launches: map[string]launch{}, jtis: map[string]bool{}, nonces: map[string]bool{}, access: map[string]grant{}, sessions: map[string]int64{},
		filters: map[int64]reportFilter{}, messages: map[int64][]Message{},
	}
	if c.token, err = c.random(); err != nil {
		return nil, err
	}
	if err := c.makeKey(); err != nil {
		return nil, err
	}
	if c.pages, err = parsePages(); err != nil {
		return nil, err
	}
	c.smtp = newSMTP(c)
	return c, nil
}

// Close stops the mail server.
func (c *Campus) Close() error {
	if err := c.smtp.Close(); err != nil {
		return fmt.Errorf("campus: close the mail server: %w", err)
	}
	return nil
}

// Token returns the web-service token. It differs in each run.
func (c *Campus) Token() string { return c.token }

// Handler returns the handler for all addresses of the campus.
func (c *Campus) Handler() http.Handler {
	r := mux.NewRouter()
	c.siteRoutes(r)
	c.ltiRoutes(r)
	c.webServiceRoutes(r)
	return r
}

// random returns 16 random bytes in hexadecimal, the form of Moodle's tokens.
func (c *Campus) random() (string, error) {
	var raw [16]byte
	if _, err := io.ReadFull(c.cfg.Rand, raw[:]); err != nil {
		return "", fmt.Errorf("campus: read randomness: %w", err)
	}
	return hex.EncodeToString(raw[:]), nil
}

func (c *Campus) url(path string) string { return c.cfg.BaseURL + path }
