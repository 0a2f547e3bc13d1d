package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"os"
	"strings"

	"github.com/insigne-badges/insigne/app"
	"github.com/insigne-badges/insigne/internal/secret"
)

// config is what an operator sets. Flags override the environment.
type config struct {
	BaseURL         string         `env:"INSIGNE_BASE_URL" placeholder:"URL" help:"Public address of this service, as browsers reach it, without a slash at the end."`
	FormerBaseURLs  []string       `name:"former-base-urls" env:"INSIGNE_FORMER_BASE_URLS" placeholder:"URL" help:"Former public addresses, whose badges stay valid there; their names must still lead to this service."`
	Listen          string         `env:"INSIGNE_LISTEN" default:":8080" help:"Address to listen on."`
	DatabaseURL     string         `env:"INSIGNE_DATABASE_URL" default:"sqlite:insigne.db" help:"sqlite:FILE or postgres://…"`
	SecretKey       string         `env:"INSIGNE_SECRET_KEY" placeholder:"KEY" help:"At least 32 random characters; encrypts keys and tokens at rest."`
	SecretKeyFile   string         `env:"INSIGNE_SECRET_KEY_FILE" placeholder:"FILE" help:"File with the secret key, instead of the variable."`
	SMTPURL         string         `env:"INSIGNE_SMTP_URL" placeholder:"URL" help:"Mail server: smtp://user:password@host:587 with STARTTLS, or smtps://…; ?tls=none for one on the same machine."`
	MailFrom        string         `env:"INSIGNE_MAIL_FROM" placeholder:"ADDRESS" help:"Sender of the mails."`
	AllowedNetworks []netip.Prefix `env:"INSIGNE_ALLOWED_NETWORKS" placeholder:"CIDR,…" help:"Private networks that outgoing requests may reach, for an LMS on an intranet."`
	LogFormat       string         `env:"INSIGNE_LOG_FORMAT" enum:"text,json" default:"text" help:"text or json."`
}

// base returns the checked public address.
func (c config) base() (*url.URL, error) {
	if c.BaseURL == "" {
		return nil, errors.New("INSIGNE_BASE_URL is not set: give the public address, such as https://badges.example.org")
	}
	return publicAddress("INSIGNE_BASE_URL", c.BaseURL)
}

// former returns the checked former public addresses: no two addresses of the service
// may have the same host.
func (c config) former(base *url.URL) (addresses []string, err error) {
	const name = "INSIGNE_FORMER_BASE_URLS"
	hosts := map[string]string{hostAndPort(base): c.BaseURL}
	for _, address := range c.formerAddresses() {
		u, err := publicAddress(name, address)
		if err != nil {
			return nil, err
		}
		if other, taken := hosts[hostAndPort(u)]; taken {
			return nil, fmt.Errorf("%s %q: %q has the same host; list each former address once, and not INSIGNE_BASE_URL", name, address, other)
		}
		hosts[hostAndPort(u)] = address
		addresses = append(addresses, address)
	}
	return addresses, nil
}

// formerAddresses returns the former addresses without the spaces between them.
func (c config) formerAddresses() []string {
	return strings.FieldsFunc(strings.Join(c.FormerBaseURLs, ","), func(r rune) bool { return r == ',' || r == ' ' })
}

// publicAddress checks an address of the service, the value of the setting called name.
// It must be https, because inside an LMS frame browsers keep cookies only over https.
// Addresses of this machine may be http: browsers allow it for development.
func publicAddress(name, value string) (*url.URL, error) {
	u, err := url.Parse(value)
	switch {
	case err != nil || u.Host == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("%s %q: want https://host, without a path", name, value)
	case u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		return nil, fmt.Errorf("%s %q: must be https", name, value)
	case strings.HasSuffix(value, "/"):
		return nil, fmt.Errorf("%s %q: leave out the slash at the end", name, value)
	case u.Scheme+"://"+u.Host != value:
		return nil, fmt.Errorf("%s %q: want https://host, without a path", name, value)
	}
	return u, nil
}

// hostAndPort returns what two addresses must not share: the host, and the port unless
// it is the usual one.
func hostAndPort(u *url.URL) string {
	host := strings.ToLower(u.Host)
	return strings.TrimSuffix(strings.TrimSuffix(host, ":443"), ":80")
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}

// secret returns the operator's secret from the variable or the file.
func (c config) secret() (*secret.Secret, error) {
	value := []byte(c.SecretKey)
	switch {
	case c.SecretKey != "" && c.SecretKeyFile != "":
		return nil, errors.New("INSIGNE_SECRET_KEY and INSIGNE_SECRET_KEY_FILE are both set: keep one")
	case c.SecretKeyFile != "":
		content, err := os.ReadFile(c.SecretKeyFile)
		if err != nil {
			return nil, fmt.Errorf("read INSIGNE_SECRET_KEY_FILE: %w", err)
		}
		value = bytes.TrimSpace(content)
	case c.SecretKey == "":
		return nil, errors.New("INSIGNE_SECRET_KEY is not set: make one with “openssl rand -base64 48” and keep it safe, the database cannot be read without it")
	}
	s, err := secret.New(value, rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("INSIGNE_SECRET_KEY: %w", err)
	}
	return s, nil
}

func (c config) logger() *slog.Logger {
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, nil))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, nil))
}

// installation returns the checked configuration of a service.
func (c config) installation() (app.Config, error) {
	base, err := c.base()
	if err != nil {
		return app.Config{}, err
	}
	former, err := c.former(base)
	if err != nil {
		return app.Config{}, err
	}
	cfg, err := c.database()
	cfg.FormerBaseURLs = former
	cfg.BaseURL, cfg.AllowHTTP = c.BaseURL, isLoopback(base.Hostname())
	cfg.SMTPURL, cfg.MailFrom, cfg.AllowedNetworks = c.SMTPURL, c.MailFrom, c.AllowedNetworks
	return cfg, err
}

// database returns the checked configuration that the database needs.
func (c config) database() (app.Config, error) {
	s, err := c.secret()
	return app.Config{DatabaseURL: c.DatabaseURL, Secret: s, Log: c.logger()}, err
}

// configCmd prints the effective configuration.
type configCmd struct {
	config
}

// Run prints one variable on each line, with secrets masked.
func (c configCmd) Run() error {
	networks := make([]string, len(c.AllowedNetworks))
	for i, n := range c.AllowedNetworks {
		networks[i] = n.String()
	}
	for _, line := range [][2]string{
		{"INSIGNE_BASE_URL", c.BaseURL},
		{"INSIGNE_FORMER_BASE_URLS", strings.Join(c.formerAddresses(), ",")},
		{"INSIGNE_LISTEN", c.Listen},
		{"INSIGNE_DATABASE_URL", maskURL(c.DatabaseURL)},
		{"INSIGNE_SECRET_KEY", maskValue(c.SecretKey)},
		{"INSIGNE_SECRET_KEY_FILE", c.SecretKeyFile},
		{"INSIGNE_SMTP_URL", maskURL(c.SMTPURL)},
		{"INSIGNE_MAIL_FROM", c.MailFrom},
		{"INSIGNE_ALLOWED_NETWORKS", strings.Join(networks, ",")},
		{"INSIGNE_LOG_FORMAT", c.LogFormat},
	} {
		fmt.Printf("%s=%s\n", line[0], line[1])
	}
	return nil
}

func maskValue(s string) string {
	if s == "" {
		return ""
	}
	return "******"
}

// maskURL hides the password of a URL.
func maskURL(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return maskValue(s)
	}
	return u.Redacted()
}
