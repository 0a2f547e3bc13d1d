package moodle

import (
	"errors"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"
)

// address finds e-mail addresses; better one word too many than one address.
var address = regexp.MustCompile(`[^\s<>"'(),;:]+@[^\s<>"'(),;:]+`)

// maxText bounds what is kept of the site's own words.
const maxText = 300

// redact takes the token and e-mail addresses out of text that came from outside.
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

// redactedError is a cause whose text is safe and whose chain stays readable by
// errors.Is.
type redactedError struct {
	text  string
	cause error
}

func (s *redactedError) Error() string { return s.text }
func (s *redactedError) Unwrap() error { return s.cause }

// redactError wraps err so that its text can be logged. A *url.Error is taken off: it
// repeats the address in every text.
func (c *Client) redactError(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	return &redactedError{text: c.redact(err.Error()), cause: err}
}
