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

// Config is what a Campus needs. Every field but the last three is required.
type Config struct {
	BaseURL string // its own address, such as http://localhost:8081, without a slash at the end
	Now     func() time.Time
	Rand    io.Reader
	Client  *http.Client // reaches the tools' key sets
	Log     *slog.Logger

	// ToolURL fills in the tool's registration address on the administrator's
	// page. It is asked each time the page is shown: invitations work once.
	ToolURL func() string

	// OfferStorage keeps data for tools whose cookies are blocked (LTI
	// Postmessage Storage 1.0). Moodle 4.5 does not.
	OfferStorage bool

	// Learners is how many learners there are in the first course beside those
	// with a name: the same ones with the same results each time. Their user ids
	// begin at 1001.
	Learners int
}

// Campus is one make-believe LMS. It is safe for concurrent use.
type Campus struct {
	cfg   Config
	host  string
	token string
	key   *rsa.PrivateKey
	kid   string
	pages pages
	smtp  *smtp.Server

	mu          sync.Mutex // guards what follows
	school      *school
	faults      Faults
	dice        *dice // of the faults
	traffic     traffic
	tools       []*tool
	items       []*lineItem
	invites     map[string]bool        // registration tokens by their sub; true once used
	launches    map[string]launch      // under way, by launch id
	jtis        map[string]bool        // of client assertions already seen
	nonces      map[string]bool        // of deep-linking answers already taken
	access      map[string]grant       // by access token
	filters     map[int64]reportFilter // of the service user, by report
	sessions    map[string]int64       // user ids by the session keys that were given out
	mails       []Mail                 // the oldest first
	messages    map[int64][]Message    // by user id, the oldest first
	lastMessage int                    // the newest message's id
	serial      int                    // counts launches
	lastItem    int                    // the newest grade item's id
}

// New makes a campus with its course and people.
func New(cfg Config) (*Campus, error) {
	base, err := url.Parse(cfg.BaseURL)
	if err != nil || base.Host == "" {
		return nil, fmt.Errorf("campus: base URL %q is no address", cfg.BaseURL)
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

// Token is the web-service token, another one in each run.
func (c *Campus) Token() string { return c.token }

// Handler serves the campus.
func (c *Campus) Handler() http.Handler {
	r := mux.NewRouter()
	c.siteRoutes(r)
	c.ltiRoutes(r)
	c.webServiceRoutes(r)
	return r
}

// random returns 16 random bytes in hexadecimal, as Moodle's tokens look.
func (c *Campus) random() (string, error) {
	var raw [16]byte
	if _, err := io.ReadFull(c.cfg.Rand, raw[:]); err != nil {
		return "", fmt.Errorf("campus: read randomness: %w", err)
	}
	return hex.EncodeToString(raw[:]), nil
}

func (c *Campus) url(path string) string { return c.cfg.BaseURL + path }
