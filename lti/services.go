package lti

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The scopes of LTI Advantage services (Assignment and Grade Services 2.0,
// sections 3.2, 3.3.2 and 3.4.2; Names and Role Provisioning Services 2.0).
const (
	ScopeLineItem         = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"
	ScopeLineItemReadOnly = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly"
	ScopeResult           = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly"
	ScopeScore            = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
	ScopeMemberships      = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
)

// Services are the services that a launch named. An empty field means that the service
// is not offered.
type Services struct {
	MembershipsURL string   // the roster of the course
	LineItemsURL   string   // the line items of the course
	LineItemURL    string   // the one line item of the link
	GradeScopes    []string // granted for line items, scores and results; empty if the launch does not say
}

// Scopes returns the scopes of the services that a launch named.
func (s Services) Scopes() []string {
	scopes := slices.Clone(s.GradeScopes)
	if s.MembershipsURL != "" {
		scopes = append(scopes, ScopeMemberships)
	}
	return scopes
}

const (
	serviceTimeout = 30 * time.Second // of one request; a roster of thousands takes some time
	maxPage        = 8 << 20          // bytes of one answer
	longestWait    = 24 * time.Hour   // the most that a platform can ask us to wait
)

// call is a request to a service.
type call struct {
	registration Registration
	scope        string
	method       string
	address      string
	accept       string // exactly one media type: Moodle answers 400 to anything else
	contentType  string // of the body
	body         []byte // nil for none
	refused      Reason // reason for status 400; empty: ServiceAnswer
}

// call sends a request with an access token. If the platform refuses the token, it
// tries once with a new one. It returns one of the reasons of services, or
// AccessRefused.
func (t *Tool) call(ctx context.Context, c call) (answer, error) {
	if err := t.checkService(c.address); err != nil {
		return answer{}, err
	}
	a, token, err := t.attempt(ctx, c)
	if err == nil && a.status == http.StatusUnauthorized {
		t.access.drop(accessKey{c.registration.ID, c.scope}, token)
		a, token, err = t.attempt(ctx, c)
	}
	if err != nil {
		return answer{}, err
	}
	return a, t.checkAnswer(c, a, token)
}

// checkService refuses addresses to which nothing may be sent.
func (t *Tool) checkService(address string) error {
	switch {
	case address == "":
		return refuse(ServiceAbsent)
	case !t.secureURL(address):
		return refuse(ServiceAddress)
	}
	return nil
}

// attempt sends a request once. It also returns the token that was used.
func (t *Tool) attempt(ctx context.Context, c call) (answer, string, error) {
	token, err := t.AccessToken(ctx, c.registration, c.scope)
	if err != nil {
		return answer{}, "", err
	}
	// If the platform names no scopes, it granted the requested ones (RFC 6749, section
	// 5.1).
	if len(token.Scopes) > 0 && !slices.Contains(token.Scopes, c.scope) {
		return answer{}, "", &Error{Reason: ServiceForbidden, Detail: "not granted: " + c.scope}
	}
	ctx, cancel := context.WithTimeout(ctx, serviceTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, c.method, c.address, bytes.NewReader(c.body))
	if err != nil {
		return answer{}, "", refuseBecause(ServiceAddress, withoutAddress(err))
	}
	req.Header.Set("Authorization", "Bearer "+token.Value)
	req.Header.Set("Accept", c.accept)
	if c.body != nil {
		req.Header.Set("Content-Type", c.contentType)
	}
	a, err := receive(t.cfg.Client, req, maxPage)
	switch {
	case errors.Is(err, errTooLarge):
		err = refuseBecause(ServiceAnswer, err)
	case err != nil:
		err = refuseBecause(ServiceFailed, err)
	}
	return a, token.Value, err
}

// checkAnswer returns an error for every status but success. Redirects are errors too,
// because the token belongs to the requested address.
func (t *Tool) checkAnswer(c call, a answer, token string) error {
	if a.status >= 200 && a.status < 300 {
		return nil
	}
	e := &Error{Reason: reasonOfStatus(a.status), Detail: errorText(a.status, withoutToken(a.body, token))}
	if a.status == http.StatusBadRequest && c.refused != "" {
		e.Reason = c.refused
	}
	if wait := retryAfter(a.header, t.cfg.Now()); wait > 0 {
		e.Err = &retryLater{wait}
	}
	return e
}

func reasonOfStatus(status int) Reason {
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return ServiceForbidden
	case status == http.StatusNotFound, status == http.StatusGone:
		return ServiceNotFound
	case status == http.StatusConflict:
		return ServiceConflict
	case status == http.StatusTooManyRequests:
		return ServiceBusy
	case status >= 500:
		return ServiceFailed
	default:
		return ServiceAnswer
	}
}

// withoutToken removes the token from a body that may be logged: a platform may repeat
// it.
func withoutToken(body []byte, token string) []byte {
	if token == "" {
		return body
	}
	return bytes.ReplaceAll(body, []byte(token), []byte("(token)"))
}

// drop removes a token that the platform refused, unless another caller has replaced
// it.
func (c *accessCache) drop(key accessKey, value string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tokens[key].Value == value {
		delete(c.tokens, key)
	}
}

// retryLater is the cause of an error after which the call can be tried again.
type retryLater struct{ after time.Duration }

func (l *retryLater) Error() string { return fmt.Sprintf("ask again in %s", l.after) }

// RetryAfter returns how long the platform asks us to wait, at most a day; zero if it
// did not say.
func RetryAfter(err error) time.Duration {
	if l, ok := errors.AsType[*retryLater](err); ok {
		return l.after
	}
	return 0
}

// retryAfter reads the header Retry-After, which contains seconds or a date (RFC 9110,
// section 10.2.3).
func retryAfter(header http.Header, now time.Time) time.Duration {
	value := header.Get("Retry-After")
	if seconds, err := strconv.ParseInt(value, 10, 64); err == nil {
		return time.Duration(min(max(seconds, 0), int64(longestWait/time.Second))) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(max(at.Sub(now), 0), longestWait)
	}
	return 0
}

// withQuery adds a parameter to the query of an address. An empty value adds nothing.
func withQuery(address, name, value string) string {
	if address == "" || value == "" {
		return address
	}
	address, _, _ = strings.Cut(address, "#")
	separator := "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	return address + separator + url.QueryEscape(name) + "=" + url.QueryEscape(value)
}
