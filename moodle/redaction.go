package moodle

import (
	"errors"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"
)

// address matches e-mail addresses. It may remove a word too many, but must not leave
// an address.
var address = regexp.MustCompile(`[^\s<>"'(),;:]+@[^\s<>"'(),;:]+`)

// maxText is the most bytes that are kept of a text of the site.
const maxText = 300

// redact removes the token and e-mail addresses from text that came from outside.
func (c *Client) redact(s string) string {
	s = strings.ReplaceAll(s, c.token, "******")
	s = address.ReplaceAllString(s, "******")
	if len(s) > maxText {
		s = strings.ToValidUTF8(s[:maxText], "") + "…"
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "�")
	}
	return s
}

// redactedError has a text that is safe to log. errors.Is still finds its cause.
type redactedError struct {
	text  string
	cause error
}

func (s *redactedError) Error() string { return s.text }
func (s *redactedError) Unwrap() error { return s.cause }

// redactError returns err with a text that is safe to log. It removes a *url.Error,
// whose text repeats the address.
func (c *Client) redactError(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	return &redactedError{text: c.redact(err.Error()), cause: err}
}
