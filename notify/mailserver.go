package notify

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"
)

const smtpTimeout = 20 * time.Second

// server is the mail server in INSIGNE_SMTP_URL.
type server struct {
	host    string
	port    int
	options []mail.Option
}

// parseServer reads smtp://user:password@host:587?tls=none|starttls or smtps://…. Its
// errors do not contain the address, because it may contain a password.
func parseServer(address, helo string) (server, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || (u.Scheme != "smtp" && u.Scheme != "smtps") {
		return server{}, errors.New("INSIGNE_SMTP_URL: want smtp://host:port or smtps://host:port")
	}
	s := server{host: u.Hostname(), port: mail.DefaultPortTLS}
	if u.Scheme == "smtps" {
		s.port = mail.DefaultPortSSL
	}
	if u.Port() != "" {
		if s.port, err = strconv.Atoi(u.Port()); err != nil || s.port < 1 || s.port > 65535 {
			return server{}, errors.New("INSIGNE_SMTP_URL: the port must be a number from 1 to 65535")
		}
	}
	encryption, err := encryption(u)
	if err != nil {
		return server{}, err
	}
	s.options = []mail.Option{mail.WithTimeout(smtpTimeout), mail.WithHELO(helo), encryption, mail.WithPort(s.port)}
	if password, ok := u.User.Password(); ok {
		s.options = append(s.options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(u.User.Username()), mail.WithPassword(password))
	}
	if _, err := mail.NewClient(s.host, s.options...); err != nil {
		return server{}, fmt.Errorf("INSIGNE_SMTP_URL: %w", err)
	}
	return s, nil
}

// encryption returns the option for encryption, which is on unless the URL switches it
// off.
func encryption(u *url.URL) (mail.Option, error) {
	switch tls := u.Query().Get("tls"); {
	case u.Scheme == "smtps" && tls == "":
		return mail.WithSSL(), nil
	case u.Scheme == "smtp" && tls == "none":
		return mail.WithTLSPolicy(mail.NoTLS), nil
	case u.Scheme == "smtp" && (tls == "" || tls == "starttls"):
		return mail.WithTLSPolicy(mail.TLSMandatory), nil
	default:
		return nil, errors.New("INSIGNE_SMTP_URL: tls must be none or starttls, and is allowed only with smtp://")
	}
}

func (s server) String() string {
	if s.host == "" {
		return ""
	}
	return net.JoinHostPort(s.host, strconv.Itoa(s.port))
}
