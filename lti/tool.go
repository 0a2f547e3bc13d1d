package lti

import (
	"context"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// ErrNotFound is what the stores return for data that does not exist.
var ErrNotFound = errors.New("not found")

// Registrations finds the registrations and deployments of the tool.
type Registrations interface {
	// RegistrationsOf returns the registrations of an issuer. If clientID is not empty,
	// it returns only that client's. An empty result is not an error.
	RegistrationsOf(ctx context.Context, issuer, clientID string) ([]Registration, error)
	Registration(ctx context.Context, id RegistrationID) (Registration, error)
	// DeploymentApproved reports whether an administrator approved a deployment. It
	// records an unknown deployment as pending.
	DeploymentApproved(ctx context.Context, registration RegistrationID, deployment DeploymentID) (bool, error)
}

// SigningKey is one of the tool's keys.
type SigningKey struct {
	ID      string
	Private *rsa.PrivateKey
}

// Keys returns the tool's keys. The first one signs; all are published.
type Keys interface {
	SigningKeys(ctx context.Context) ([]SigningKey, error)
}

// Config configures a Tool. Every field except Targets is required.
type Config struct {
	BaseURL string // public address, without a slash at the end
	// FormerBaseURLs are former public addresses. Links that were placed in courses
	// lead there for ever; they open like those to BaseURL.
	FormerBaseURLs []string

	LaunchPath    string // path of the redirect URI, for example /lti/launch
	LoginPath     string
	KeysPath      string
	Targets       []string // paths that a link can open, besides LaunchPath
	Registrations Registrations
	StateKey      []byte // signs the state; random, at least 32 bytes, the same in all processes
	Keys          Keys
	Client        *http.Client // decides which networks may be reached
	Now           func() time.Time
	Rand          io.Reader
	AllowHTTP     bool // accept platforms without TLS on loopback
}

// Tool is an LTI 1.3 tool. It is safe for concurrent use.
type Tool struct {
	cfg      Config
	base     *url.URL
	former   []*url.URL
	platform *keyCache
	access   accessCache
}

// New returns a tool. It returns an error if the configuration is wrong.
func New(cfg Config) (*Tool, error) {
	bases := make([]*url.URL, 0, 1+len(cfg.FormerBaseURLs))
	for _, address := range append([]string{cfg.BaseURL}, cfg.FormerBaseURLs...) {
		base, err := url.Parse(address)
		if err != nil || base.Host == "" || base.Path != "" {
			return nil, fmt.Errorf("lti: base URL %q: want scheme://host", address)
		}
		bases = append(bases, base)
	}
	for name, missing := range map[string]bool{
		"LaunchPath": cfg.LaunchPath == "", "LoginPath": cfg.LoginPath == "", "KeysPath": cfg.KeysPath == "",
		"Registrations": cfg.Registrations == nil, "StateKey": len(cfg.StateKey) == 0, "Keys": cfg.Keys == nil,
		"Client": cfg.Client == nil, "Now": cfg.Now == nil, "Rand": cfg.Rand == nil,
	} {
		if missing {
			return nil, fmt.Errorf("lti: configuration lacks %s", name)
		}
	}
	if len(cfg.StateKey) < sha256.Size { // shorter keys weaken the signature (RFC 2104, section 3)
		return nil, fmt.Errorf("lti: StateKey has %d bytes: want at least %d", len(cfg.StateKey), sha256.Size)
	}
	return &Tool{
		cfg: cfg, base: bases[0], former: bases[1:], platform: newKeyCache(cfg.Client, cfg.Now),
		access: accessCache{tokens: map[accessKey]AccessToken{}},
	}, nil
}

// LaunchURL returns the redirect URI, to which the platform posts launches.
func (t *Tool) LaunchURL() string { return t.cfg.BaseURL + t.cfg.LaunchPath }

// random returns 256 random bits as URL-safe text.
func (t *Tool) random() (string, error) {
	var raw [32]byte
	if _, err := io.ReadFull(t.cfg.Rand, raw[:]); err != nil {
		return "", fmt.Errorf("lti: read randomness: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw[:]), nil
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
