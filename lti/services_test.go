package lti_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/lti"
)

func TestServiceStatuses(t *testing.T) { // case 71
	tests := map[string]struct {
		answer http.HandlerFunc
		want   lti.Reason
		after  time.Duration
		tokens int
	}{
		"71 200":                        {status(200, onePerson), "", 0, 1},
		"71 always 401":                 {status(401, `{"status":401}`), lti.ServiceForbidden, 0, 2},
		"71 403":                        {status(403, ""), lti.ServiceForbidden, 0, 1},
		"71 404":                        {status(404, "<html>"), lti.ServiceNotFound, 0, 1},
		"71 410":                        {status(410, ""), lti.ServiceNotFound, 0, 1},
		"71 409":                        {status(409, "[]"), lti.ServiceConflict, 0, 1},
		"71 429":                        {status(429, ""), lti.ServiceBusy, 0, 1},
		"71 429 with seconds":           {status(429, "", "Retry-After: 120"), lti.ServiceBusy, 2 * time.Minute, 1},
		"71 429 with a date":            {status(429, "", "Retry-After: Mon, 23 Nov 2026 12:00:30 GMT"), lti.ServiceBusy, 30 * time.Second, 1},
		"71 429 with a date gone by":    {status(429, "", "Retry-After: Mon, 23 Nov 2026 11:00:00 GMT"), lti.ServiceBusy, 0, 1},
		"71 429 for ever":               {status(429, "", "Retry-After: 9000000000000000000"), lti.ServiceBusy, 24 * time.Hour, 1},
		"71 429 with nonsense":          {status(429, "", "Retry-After: -5 minutes"), lti.ServiceBusy, 0, 1},
		"71 500":                        {status(500, "<html>"), lti.ServiceFailed, 0, 1},
		"71 503 as in maintenance":      {status(503, "<html>", "Retry-After: 300"), lti.ServiceFailed, 5 * time.Minute, 1},
		"71 400":                        {status(400, "{}"), lti.ServiceAnswer, 0, 1},
		"71 405":                        {status(405, "{}"), lti.ServiceAnswer, 0, 1},
		"SSRF redirect is not followed": {status(302, "", "Location: /members"), lti.ServiceAnswer, 0, 1},
		"71 200 with a page":            {status(200, "<html>"), lti.ServiceAnswer, 0, 1},
		"71 200 with nothing":           {status(200, ""), lti.ServiceAnswer, 0, 1},
		"71 answer breaks off":          {status(200, "{", "Content-Length: 500"), lti.ServiceFailed, 0, 1},
		"71 answer of 8 MiB and a byte": {status(200, strings.Repeat(" ", 8<<20+1)), lti.ServiceAnswer, 0, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newService(t, test.answer)
			members, err := s.roster()
			wantReason(t, err, test.want)
			if (members == nil) != (test.want != "") {
				t.Errorf("members = %v with error %v", members, err)
			}
			if got := lti.RetryAfter(err); got != test.after {
				t.Errorf("retry after %s, want %s", got, test.after)
			}
			if len(s.asked) != test.tokens || len(s.requests) != test.tokens {
				t.Errorf("%d tokens and %d requests, want %d", len(s.asked), len(s.requests), test.tokens)
			}
		})
	}
}

func TestServiceConnectionBreaks(t *testing.T) { // case 71
	s := newService(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	_, err := s.roster()
	wantReason(t, err, lti.ServiceFailed)
}

func TestExpiredTokenIsRenewedOnce(t *testing.T) { // case 71
	s := newService(t, refuseFirstToken)
	for range 3 {
		if got, err := s.roster(); err != nil || len(got) != 1 {
			t.Errorf("members = %v, %v", got, err)
		}
	}
	// The tool keeps the new token: only the first call met the old one.
	if len(s.asked) != 2 || len(s.requests) != 4 {
		t.Errorf("%d tokens and %d requests, want 2 and 4", len(s.asked), len(s.requests))
	}
}

func refuseFirstToken(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") == "Bearer token-1" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	_, _ = w.Write([]byte(onePerson))
}

// Many calls meet an expired token at the same time. One of them renews it, and none
// drops the new one.
func TestExpiredTokenInParallel(t *testing.T) { // cases 71 and 81
	s := newService(t, refuseFirstToken)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if got, err := s.roster(); err != nil || len(got) != 1 {
				t.Errorf("members = %v, %v", got, err)
			}
		})
	}
	wg.Wait()
	if len(s.asked) != 2 {
		t.Errorf("%d tokens, want 2", len(s.asked))
	}
}

func TestForbiddenKeepsToken(t *testing.T) { // case 71
	s := newService(t, status(403, ""))
	for range 3 {
		_, err := s.roster()
		wantReason(t, err, lti.ServiceForbidden)
	}
	if len(s.asked) != 1 {
		t.Errorf("%d tokens, want 1: 403 says nothing against the token", len(s.asked))
	}
}

func TestServiceCallIsCancelled(t *testing.T) {
	s := newService(t, status(200, onePerson))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.tool.Roster(ctx, s.registration(), s.URL+"/members")
	wantReason(t, err, lti.ServiceFailed)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want that it was cancelled", err)
	}
}

// If a platform repeats what it received, the log contains neither the token nor an
// address.
func TestServiceErrorsAreSafeForLogs(t *testing.T) {
	s := newService(t, status(404, "no such thing for Bearer token-1\r\nX: y"))
	_, err := s.tool.Roster(t.Context(), s.registration(), s.URL+"/members?secret=1")
	if text := fmt.Sprint(err); strings.Contains(text, "token-1") || strings.ContainsAny(text, "\r\n") || !strings.Contains(text, "no such thing") {
		t.Errorf("error = %q", text)
	}
	s.Close()
	s.clock.move(time.Minute)
	_, err = s.tool.Roster(t.Context(), s.registration(), s.URL+"/members?secret=1")
	wantReason(t, err, lti.ServiceFailed)
	if text := fmt.Sprint(err); strings.Contains(text, "secret") {
		t.Errorf("error = %q", text)
	}
}

func TestServicesAbsentOrForeign(t *testing.T) { // cases 70 and 80
	canary := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a request left for another origin") }))
	t.Cleanup(canary.Close)
	s := newService(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	ctx, reg := t.Context(), s.registration()
	none := s.tool.Grades(reg, lti.Services{})
	some := s.grades()
	item := lti.LineItem{Label: "Badge", ScoreMaximum: 1}
	at := func(address string) lti.LineItem { return lti.LineItem{ID: address, Label: "Badge", ScoreMaximum: 1} }
	tests := map[string]struct {
		call func() error
		want lti.Reason
	}{
		"70 roster":               {func() error { _, err := s.tool.Roster(ctx, reg, ""); return err }, lti.ServiceAbsent},
		"70 roster of a link":     {func() error { _, err := s.tool.RosterOfLink(ctx, reg, "", "1"); return err }, lti.ServiceAbsent},
		"80 line items":           {func() error { _, err := none.LineItems(ctx, lti.LineItemFilter{Tag: "x"}); return err }, lti.ServiceAbsent},
		"80 create":               {func() error { _, err := none.CreateLineItem(ctx, item); return err }, lti.ServiceAbsent},
		"80 read":                 {func() error { _, err := none.LineItem(ctx, ""); return err }, lti.ServiceAbsent},
		"80 update":               {func() error { _, err := none.UpdateLineItem(ctx, item); return err }, lti.ServiceAbsent},
		"80 delete":               {func() error { return none.DeleteLineItem(ctx, "") }, lti.ServiceAbsent},
		"80 score":                {func() error { return none.PostScore(ctx, "", graded(s.clock.Now())) }, lti.ServiceAbsent},
		"80 results":              {func() error { _, err := none.Results(ctx, "", ""); return err }, lti.ServiceAbsent},
		"SSRF roster without TLS": {func() error { _, err := s.tool.Roster(ctx, reg, "http://lms.example/m"); return err }, lti.ServiceAddress},
		"SSRF roster, no address": {func() error { _, err := s.tool.Roster(ctx, reg, "http://["); return err }, lti.ServiceAddress},
		"SSRF read":               {func() error { _, err := some.LineItem(ctx, canary.URL); return err }, lti.ServiceAddress},
		"SSRF update":             {func() error { _, err := some.UpdateLineItem(ctx, at(canary.URL)); return err }, lti.ServiceAddress},
		"SSRF delete":             {func() error { return some.DeleteLineItem(ctx, canary.URL) }, lti.ServiceAddress},
		"SSRF score":              {func() error { return some.PostScore(ctx, canary.URL, graded(s.clock.Now())) }, lti.ServiceAddress},
		"SSRF results":            {func() error { _, err := some.Results(ctx, canary.URL, ""); return err }, lti.ServiceAddress},
		"SSRF user in address": {func() error {
			_, err := some.Results(ctx, strings.Replace(s.URL, "//", "//user@", 1)+"/1", "")
			return err
		}, lti.ServiceAddress},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { wantReason(t, test.call(), test.want) })
	}
	if len(s.asked) != 0 {
		t.Errorf("%d tokens were asked for, want none", len(s.asked))
	}
}
