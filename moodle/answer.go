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

// errMissing is the error for an answer that lacks a required member. If the member
// were read as zero, it would mean "not done".
func errMissing(member string) error { return fmt.Errorf("the answer has no %s", member) }

// boundedReader fails beyond its limit. It remembers why reading failed, so that a
// broken connection is not reported as invalid JSON.
type boundedReader struct {
	src   io.Reader
	left  int64
	count *atomic.Int64 // bytes read
	err   error         // nil while reading works; never io.EOF
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

// statusError returns the error for an answer whose status is not 200.
func (c *Client) statusError(ctx context.Context, function string, resp *http.Response, body *boundedReader) error {
	e := &Error{Function: function, Reason: ServerFailed, Status: resp.StatusCode, RetryAfter: c.retryAfter(resp.Header)}
	switch code := resp.StatusCode; {
	case code >= 300 && code < 400:
		e.Reason = Moved
	case code == http.StatusForbidden:
		// Moodle answers with an empty 403 when web services or REST are switched off. A
		// firewall sends an explanation with its 403.
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
		e.Reason = Maintenance // maintenance from the command line, for example during an upgrade
	}
	return e
}

// retryAfter returns how long the site asks us to wait; at most one day. Moodle writes
// seconds, some proxies write a date.
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

// flag is a truth value. Depending on function and version, Moodle writes it as true,
// 1, "1", false, 0, "0" or null.
type flag bool

// UnmarshalJSON returns an error for everything that is not a truth value.
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

// latest is the last second of the year 9999. Nothing later can be written as JSON; such
// numbers are milliseconds, or a mistake.
const latest = 253402300799

// at converts Unix seconds to a time. 0 is Moodle's "never" and becomes the zero time, as
// does what is no time at all.
func at(seconds int64) time.Time {
	if seconds <= 0 || seconds > latest {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// plain returns s without the HTML escaping that many answers of Moodle apply to names.
func plain(s string) string { return strings.TrimSpace(html.UnescapeString(s)) }
