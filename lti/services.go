package lti

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
)

// The scopes of the services (LTI Assignment and Grade Services 2.0, Names and
// Role Provisioning Services 2.0).
const (
	ScopeLineItem         = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"
	ScopeLineItemReadOnly = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly"
	ScopeResult           = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly"
	ScopeScore            = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
	ScopeMemberships      = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
)

// Services are the addresses of services that a launch told. An empty one is
// not offered in that context.
type Services struct {
	Memberships string
	LineItems   string
	LineItem    string   // the column of the link that was opened
	GradeScopes []string // granted for line items, scores and results
}

// Claims of services.
const (
	claimGrades      = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
	claimMemberships = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
)

// readServices reads what the platform offers here (AGS 2.0, section 3.1; NRPS
// 2.0, section 3.6.1.1). A tool that was granted nothing is told nothing.
func (c claims) readServices(l *Launch) error {
	grades, err := c.object(claimGrades)
	if err != nil {
		return err
	}
	err = grades.texts(map[string]*string{"lineitems": &l.Services.LineItems, "lineitem": &l.Services.LineItem})
	if err != nil {
		return err
	}
	if err := grades.into("scope", &l.Services.GradeScopes); err != nil {
		return err
	}
	roster, err := c.object(claimMemberships)
	if err != nil {
		return err
	}
	l.Services.Memberships, err = roster.text("context_memberships_url")
	return err
}

// call is one request to a service.
type call struct {
	method  string
	address string
	accept  string // exactly one media type: Moodle compares texts
	sends   string // media type of body
	body    []byte
	scope   string
}

// maxPage is larger than any page of a roster that was seen.
const maxPage = 8 << 20

// request makes a call with an access token. A token the platform does not know
// any more is replaced once.
func (t *Tool) request(ctx context.Context, reg Registration, c call) (answer, error) {
	if c.address == "" {
		return answer{}, refuse(ServiceAbsent)
	}
	if !t.secureURL(c.address) {
		return answer{}, &Error{Reason: ServiceAnswer, Detail: "address of a service"}
	}
	for try := range 2 {
		token, err := t.AccessToken(ctx, reg, c.scope)
		if err != nil {
			return answer{}, err
		}
		a, err := t.send(ctx, c, token)
		switch {
		case err != nil:
			return answer{}, refuseBecause(ServiceFailed, err)
		case a.status == http.StatusUnauthorized && try == 0:
			t.access.drop(accessKey{reg.ID, c.scope}, token)
		case a.status >= 200 && a.status <= 299:
			return a, nil
		default:
			return answer{}, serviceError(a)
		}
	}
	return answer{}, refuse(ServiceForbidden)
}

func (t *Tool) send(ctx context.Context, c call, token AccessToken) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, c.method, c.address, bytes.NewReader(c.body))
	if err != nil {
		return answer{}, withoutAddress(err)
	}
	req.Header.Set("Authorization", "Bearer "+token.Value)
	if c.accept != "" {
		req.Header.Set("Accept", c.accept)
	}
	if c.sends != "" {
		req.Header.Set("Content-Type", c.sends)
	}
	return exchangeUpTo(t.cfg.Client, req, maxPage)
}

// drop forgets a token, unless it was replaced already.
func (c *accessCache) drop(key accessKey, token AccessToken) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tokens[key].Value == token.Value {
		delete(c.tokens, key)
	}
}

// serviceError says what a refusal means for whoever called.
func serviceError(a answer) error {
	reason := ServiceFailed
	switch a.status {
	case http.StatusUnauthorized, http.StatusForbidden:
		reason = ServiceForbidden
	case http.StatusNotFound, http.StatusGone:
		reason = ServiceNotFound
	case http.StatusConflict:
		reason = ServiceConflict
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		reason = ServiceRefused
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		reason = ServiceBusy
	}
	return &Error{Reason: reason, Detail: complaint(a.status, a.body)}
}

// maxPages ends a listing that never ends.
const maxPages = 1000

// pages reads a listing page by page and hands each to take. Later pages must
// be on the origin of the first: the access token goes with the request.
func (t *Tool) pages(ctx context.Context, reg Registration, c call, take func(body []byte) error) error {
	seen := map[string]bool{}
	for range maxPages {
		a, err := t.request(ctx, reg, c)
		if err != nil {
			return err
		}
		if err := take(a.body); err != nil {
			return err
		}
		seen[c.address] = true
		next, err := resolve(c.address, nextPage(a.header.Values("Link")))
		if err != nil {
			return &Error{Reason: ServiceAnswer, Detail: "link to the next page", Err: err}
		}
		if next == "" || seen[next] {
			return nil
		}
		if !sameOrigin(next, c.address) {
			return &Error{Reason: ServiceAnswer, Detail: "next page on another site"}
		}
		c.address = next
	}
	return &Error{Reason: ServiceAnswer, Detail: fmt.Sprintf("more than %d pages", maxPages)}
}

// resolve makes a link absolute; empty stays empty.
func resolve(base, link string) (string, error) {
	if link == "" {
		return "", nil
	}
	from, err := url.Parse(base)
	if err != nil {
		return "", withoutAddress(err)
	}
	to, err := from.Parse(link)
	if err != nil {
		return "", withoutAddress(err)
	}
	return to.String(), nil
}
