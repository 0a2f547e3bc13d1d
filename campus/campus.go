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

// Config is what a Campus needs. Every field but ToolURL is required.
type Config struct {
	BaseURL string // its own address, such as http://localhost:8081, without a slash at the end
	Now     func() time.Time
	Rand    io.Reader
	Client  *http.Client // reaches the tools' key sets
	Log     *slog.Logger

	// ToolURL fills in the tool's registration address on the administrator's
	// page. It is asked each time the page is shown: invitations work once.
	ToolURL func() string
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

	mu       sync.Mutex // guards what follows
	school   *school
	faults   Faults
	tools    []*tool
	items    []*lineItem
	invites  map[string]bool   // registration tokens by their sub; true once used
	launches map[string]launch // under way, by launch id
	links    []link            // activities that open a tool
	// selections are deep linking requests by their session key.
	selections map[string]selection
	jtis       map[string]bool  // of client assertions already seen
	access     map[string]grant // by access token
	mails      []Mail           // the oldest first
	messages   []Message        // the oldest first
	serial     int              // counts launches and messages
}

// New makes a campus with its course and people.
func New(cfg Config) (*Campus, error) {
	base, err := url.Parse(cfg.BaseURL)
	if err != nil || base.Host == "" {
		return nil, fmt.Errorf("campus: base URL %q is no address", cfg.BaseURL)
	}
	c := &Campus{
		cfg: cfg, host: base.Host, school: newSchool(cfg.Now()),
		invites: map[string]bool{}, launches: map[string]launch{}, jtis: map[string]bool{}, access: map[string]grant{},
		links: []link{firstLink()}, selections: map[string]selection{},
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
