package moodle

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

var errTooLarge = errors.New("the answer exceeds the limit")

// exceptionError carries an exception out of a decoder.
type exceptionError exception

func (x exceptionError) Error() string { return x.ErrorCode }

// errMissing is the error of an answer that lacks what it must have. Taken as
// zero, a missing member would read as "not done".
func errMissing(member string) error { return fmt.Errorf("the answer has no %s", member) }

// boundedReader fails beyond its limit and remembers how reading ended, so that
// a broken connection is not taken for broken JSON.
type boundedReader struct {
	src   io.Reader
	left  int64
	count *atomic.Int64 // of the bytes read
	err   error         // nil until reading failed; never io.EOF
}

func (b *boundedReader) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.src.Read(p)
	b.left -= int64(n)
	b.count.Add(int64(n))
	switch {
	case b.left < 0:
		b.err = errTooLarge
		return 0, b.err
	case err != nil && !errors.Is(err, io.EOF):
		b.err = err
	}
	return n, err
}

// statusError is the error of an answer with another status than 200.
func (c *Client) statusError(ctx context.Context, function string, resp *http.Response, body *boundedReader) error {
	e := &Error{Function: function, Reason: ServerFailed, Status: resp.StatusCode, RetryAfter: c.retryAfter(resp.Header)}
	switch code := resp.StatusCode; {
	case code >= 300 && code < 400:
		e.Reason = Moved
	case code == http.StatusForbidden:
		// Web services or REST switched off: an empty 403. A firewall explains itself.
		start, err := io.ReadAll(io.LimitReader(body, 512))
		if err != nil {
			return c.broken(ctx, function, err)
		}
		if len(bytes.TrimSpace(start)) == 0 {
			e.Reason = ServicesOff
		}
	case code == http.StatusNotFound:
		e.Reason = NoService
	case code == http.StatusTooManyRequests:
		e.Reason = RateLimited
	case code == http.StatusServiceUnavailable:
		e.Reason = Maintenance // command-line maintenance, as during an upgrade
	}
	return e
}

// retryAfter reads how long the site asks to be left alone: seconds, as Moodle
// writes them, or a date, as some proxies do. A day is the most that is believed.
func (c *Client) retryAfter(h http.Header) time.Duration {
	const most = 24 * time.Hour
	value := strings.TrimSpace(h.Get("Retry-After"))
	if date, err := http.ParseTime(value); err == nil {
		return min(max(0, date.Sub(c.now())), most)
	}
	s, err := strconv.Atoi(value)
	if err != nil || s < 0 {
		return 0
	}
	return time.Duration(min(s, int(most/time.Second))) * time.Second
}

// flag is a truth value that Moodle writes as true, 1, "1", false, 0, "0" or
// null, by function and version.
type flag bool

// UnmarshalJSON refuses anything that is no truth value.
func (f *flag) UnmarshalJSON(raw []byte) error {
	switch string(bytes.Trim(raw, `"`)) {
	case "true", "1":
		*f = true
	case "false", "0", "null":
		*f = false
	default:
		return errors.New("not a truth value")
	}
	return nil
}

// at reads Unix seconds; 0 is Moodle's "never" and gives the zero time.
func at(seconds int64) time.Time {
	if seconds <= 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// plain undoes the HTML escaping that Moodle applies to names in many answers.
func plain(s string) string { return strings.TrimSpace(html.UnescapeString(s)) }
