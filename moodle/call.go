package moodle

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// request is one call of a web-service function.
type request struct {
	function string
	form     url.Values // arguments in Moodle's flat form, for example options[0][name]
	writes   bool       // changes something, so it is never repeated
}

// call runs the request and decodes its answer into out.
func (c *Client) call(ctx context.Context, req request, out any) error {
	return c.stream(ctx, req, func(r io.Reader) error {
		raw, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		return decode(raw, out)
	})
}

// stream runs the request and passes the answer to read while it arrives. If the call
// is repeated, read is called again, with the new answer from its start.
func (c *Client) stream(ctx context.Context, req request, read func(io.Reader) error) error {
	if err := c.breaker.check(); err != nil {
		return c.named(req.function, err) // at once, without waiting in the queue
	}
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return c.broken(ctx, req.function, ctx.Err())
	}
	err := c.guarded(ctx, req, read)
	if ReasonOf(err) != Unreachable || req.writes || c.sleep(ctx, c.beforeAgain()) != nil {
		return err
	}
	again := c.guarded(ctx, req, read)
	if ReasonOf(again) == SiteResting {
		return err // the first error says more
	}
	return again
}

// beforeAgain returns the pause before the second try: between half a second and one
// and a half. It is random so that callers who failed together do not try again
// together.
func (c *Client) beforeAgain() time.Duration {
	return time.Duration((0.5 + c.random()) * float64(time.Second))
}

// guarded makes one try, unless the site rests.
func (c *Client) guarded(ctx context.Context, req request, read func(io.Reader) error) error {
	probe, err := c.breaker.admit()
	if err != nil {
		return c.named(req.function, err)
	}
	v := saysNothing // stays so if read panics: the probe must end
	defer func() { c.breaker.settle(probe, v, err) }()
	err = c.attempt(ctx, req, read)
	v = verdictOn(err, ctx.Err() != nil)
	return err
}

// named adds the function's name to an error that was made without it.
func (c *Client) named(function string, err error) error {
	e := asError(err)
	if e == nil {
		return err
	}
	full := *e
	full.Function = function
	return &full
}

func (c *Client) attempt(ctx context.Context, req request, read func(io.Reader) error) error {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	post, err := http.NewRequestWithContext(ctx, http.MethodPost, c.endpoint, strings.NewReader(c.encode(req)))
	if err != nil {
		return &Error{Function: req.function, Reason: InvalidAddress, Err: c.redactError(err)}
	}
	post.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	post.Header.Set("Accept", "application/json")
	received := metered(ctx, req.function)
	resp, err := c.http.Do(post)
	if err != nil {
		return c.broken(ctx, req.function, err)
	}
	defer func() { _ = resp.Body.Close() }() // the answer was read or given up, so the error does not matter
	body := &boundedReader{src: resp.Body, left: c.maxBody, count: received}
	if resp.StatusCode != http.StatusOK {
		return c.statusError(ctx, req.function, resp, body)
	}
	if err := read(body); err != nil {
		return c.readError(ctx, req.function, body, err)
	}
	return nil
}

// encode returns the form as text. It names the format, because Moodle answers in XML
// otherwise; a JSON body is not supported. The elements of a list are in the order of
// their numbers: Moodle ignores the numbers and uses the order of arrival, and sorted
// as text requests[10] would come before requests[2].
func (c *Client) encode(req request) string {
	form := url.Values{
		"wstoken":            {c.token},
		"moodlewsrestformat": {"json"},
		"wsfunction":         {req.function},
	}
	for name, values := range req.form {
		form[name] = values
	}
	var body strings.Builder
	for _, name := range slices.SortedFunc(maps.Keys(form), byNumber) {
		for _, value := range form[name] {
			body.WriteString("&" + url.QueryEscape(name) + "=" + url.QueryEscape(value))
		}
	}
	return strings.TrimPrefix(body.String(), "&")
}

// byNumber compares the names of two parameters: requests[2][function] comes before
// requests[10][function].
func byNumber(a, b string) int {
	listA, restA, _ := strings.Cut(a, "[")
	listB, restB, _ := strings.Cut(b, "[")
	return cmp.Or(strings.Compare(listA, listB), cmp.Compare(leading(restA), leading(restB)), strings.Compare(restA, restB))
}

// leading returns the number at the start of the text, up to a bracket; otherwise 0.
func leading(text string) int {
	digits, _, _ := strings.Cut(text, "]")
	n, _ := strconv.Atoi(digits)
	return n
}

// readError returns the error for an answer that could not be read. It distinguishes:
// Moodle refused, the connection broke, the answer is too large, is not JSON, has
// another shape or is about something else, or the caller gave up.
func (c *Client) readError(ctx context.Context, function string, body *boundedReader, err error) error {
	if x, ok := errors.AsType[exceptionError](err); ok {
		return c.failure(function, exception(x))
	}
	if s, ok := errors.AsType[callerError](err); ok {
		return s
	}
	if e := asError(err); e != nil { // the reader already knew the reason
		return c.named(function, e)
	}
	if body.err != nil {
		return c.broken(ctx, function, body.err)
	}
	reason := Unexpected
	if _, syntax := errors.AsType[*json.SyntaxError](err); syntax || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		reason = NotJSON
	}
	return &Error{Function: function, Reason: reason, Err: c.redactError(err)}
}

// broken returns the error for a call without a complete answer.
func (c *Client) broken(ctx context.Context, function string, err error) error {
	reason := Unreachable
	timeout, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err)
	switch {
	case errors.Is(err, errTooLarge):
		reason = TooLarge
	case errors.Is(ctx.Err(), context.Canceled):
		reason = Interrupted
	case ctx.Err() != nil, ok && timeout.Timeout():
		reason = Timeout
	}
	return &Error{Function: function, Reason: reason, Err: c.redactError(err)}
}

// decode reads a complete answer. An empty answer and null are errors: read as zero
// values, they would mean that nobody is enrolled or nothing is done.
func decode(raw []byte, out any) error {
	raw = bytes.TrimSpace(raw)
	if bytes.HasPrefix(raw, []byte("{")) {
		var x exception
		if err := json.Unmarshal(raw, &x); err == nil && x.is() {
			return exceptionError(x)
		}
	}
	if bytes.Equal(raw, []byte("null")) {
		return errMissing("result")
	}
	return json.Unmarshal(raw, out)
}
