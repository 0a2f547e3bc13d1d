package page_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/webtest"
)

// errSecret must never be shown.
var errSecret = errors.New("password of the database: hunter2")

// TestDescribe describes errors of every kind. The cause is only for the log.
func TestDescribe(t *testing.T) {
	h := newSite(t, "k")
	en := h.gates.Templates.Locale("en")
	for _, tt := range []struct {
		name string
		err  error
		want page.Problem
	}{
		{"an unknown error", errSecret, page.Problem{Status: 500, Kind: "internal", Code: "internal", Message: "This is a fault of ours, and it was noted."}},
		{"an internal one with a sentence", fault.Wrap(errSecret, fault.Internal, "problem.conflict"), page.Problem{Status: 500, Kind: "internal", Code: "internal", Message: "This is a fault of ours"}},
		{"invalid", fault.Wrap(errSecret, fault.Invalid, "problem.form_unreadable"), page.Problem{Status: 422, Kind: "invalid", Code: "form_unreadable", Message: "The form could not be read."}},
		{"unauthenticated", fault.New(fault.Unauthenticated, "problem.admin_sign_in"), page.Problem{Status: 401, Kind: "unauthenticated", Code: "admin_sign_in", Message: "Sign in with a link"}},
		{"forbidden", fault.New(fault.Forbidden, "problem.teachers_only"), page.Problem{Status: 403, Kind: "forbidden", Code: "teachers_only", Message: "This page is for those who teach the course."}},
		{"not found", page.ErrNoPage, page.Problem{Status: 404, Kind: "not_found", Code: "no_page", Message: "There is no page at this address."}},
		{"conflict", fault.New(fault.Conflict, "claim.not_claimable"), page.Problem{Status: 409, Kind: "conflict", Code: "claim.not_claimable", Message: "This badge can no longer be accepted"}},
		{"gone", fault.New(fault.Gone, "problem.placement_gone"), page.Problem{Status: 410, Kind: "gone", Code: "placement_gone", Message: "This choice was made already"}},
		{"upstream", fault.New(fault.Upstream, "problem.upstream"), page.Problem{Status: 502, Kind: "upstream", Code: "upstream", Message: "A service Insigne depends on does not answer."}},
		{"with arguments", fault.New(fault.Invalid, "badge.name_too_long").With("Most", 80), page.Problem{Status: 422, Kind: "invalid", Code: "badge.name_too_long", Message: "The name is longer than 80 characters."}},
		{"wrapped", fmt.Errorf("open page: %w", page.ErrNoPage), page.Problem{Status: 404, Kind: "not_found", Code: "no_page", Message: "There is no page at this address."}},
		{"another method", page.ErrMethod, page.Problem{Status: 405, Kind: "invalid", Code: "method_not_allowed", Message: "This address cannot be used in that way."}},
		{"too many requests", page.ErrBusy, page.Problem{Status: 429, Kind: "upstream", Code: "too_many_requests", Message: "Too many people open Insigne at this moment."}},
		{"a launch", &lti.Error{Reason: lti.StateUnknown, Err: errSecret}, page.Problem{Status: 400, Kind: "invalid", Code: "state_unknown", Message: "This sign-in was used already or took too long."}},
		{"a service of the LMS", &lti.Error{Reason: lti.ServiceFailed}, page.Problem{Status: 502, Kind: "upstream", Code: "service_failed", Message: "The LMS does not answer."}},
		{"Moodle", &moodle.Error{Reason: moodle.TokenInvalid}, page.Problem{Status: 502, Kind: "upstream", Code: "token_invalid", Message: "Moodle does not accept the web-service token"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := page.Describe(tt.err, en)
			if !strings.HasPrefix(got.Message, tt.want.Message) || strings.Contains(got.Message, "hunter2") {
				t.Errorf("says %q, want %q", got.Message, tt.want.Message)
			}
			if page.Message(tt.err, en) != got.Message {
				t.Errorf("Message returns %q", page.Message(tt.err, en))
			}
			tt.want.Message = got.Message
			if got != tt.want {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
}

// problem shows err to a reader.
func (h *site) problem(r *http.Request, err error, who *page.Session) webtest.Answer {
	w := httptest.NewRecorder()
	h.gates.Problem(w, r.WithContext(page.WithRequest(r.Context(), &page.Request{ID: "request-7"})), err, who)
	return webtest.Answer{Status: w.Code, Header: w.Header(), Body: w.Body.String()}
}

// TestProblem shows errors as pages, in the language and the layout of the reader.
func TestProblem(t *testing.T) {
	h := newSite(t, "k")
	const inFrame, inPublic = `class="in-frame"`, `class="public"`
	for _, tt := range []struct {
		name   string
		r      *http.Request
		who    *page.Session
		layout string
		says   []string
	}{
		{"to anybody", get("/v/x"), nil, inPublic, []string{"Not found", "There is no page at this address.", "no_page", "request-7"}},
		{"in French", get("/v/x?lang=fr"), nil, inPublic, []string{"Il n’y a pas de page à cette adresse.", "no_page", "request-7"}},
		{"to a member", get("/c/x/mine"), &page.Session{Language: "fr"}, inFrame, []string{"Il n’y a pas de page à cette adresse."}},
		{"of a launch", get("/lti/launch"), nil, inFrame, []string{"Open Insigne again from your course. If this stays, give the code below to your administrator."}},
		{"of a login", get("/lti/login"), nil, inFrame, []string{"Open Insigne again from your course. If this stays, give the code below to your administrator."}},
	} {
		got := h.problem(tt.r, page.ErrNoPage, tt.who)
		if got.Status != http.StatusNotFound || !got.Shows(tt.says...) || !strings.Contains(got.Body, tt.layout) {
			t.Errorf("%s: %d %s\nin %s", tt.name, got.Status, got.Text(), got.Body[:min(len(got.Body), 900)])
		}
	}
}

// TestProblemForMachines checks that a program that asks for JSON gets JSON.
func TestProblemForMachines(t *testing.T) {
	h := newSite(t, "k")
	r := get("/v/x")
	r.Header.Set("Accept", "application/json")
	got := h.problem(r, fault.Wrap(errSecret, fault.NotFound, "problem.no_badge"), nil)
	var read struct {
		Status              int
		Title, Detail, Code string
	}
	if err := json.Unmarshal([]byte(got.Body), &read); err != nil {
		t.Fatal(err)
	}
	if got.Status != 404 || got.Header.Get("Content-Type") != "application/problem+json; charset=utf-8" ||
		read.Status != 404 || read.Title != "Not Found" || read.Code != "no_badge" || !strings.HasPrefix(read.Detail, "There is no public badge at this address.") {
		t.Errorf("%d %s %s", got.Status, got.Header.Get("Content-Type"), got.Body)
	}
}

// TestProblemHeaders checks the headers that an error adds.
func TestProblemHeaders(t *testing.T) {
	h := newSite(t, "k")
	for _, tt := range []struct {
		path, header, want string
		err                error
	}{
		{"/v/x", "Allow", "GET, POST", page.ErrMethod},
		{"/lti/launch", "Allow", "POST", page.ErrMethod},
		{"/v/x", "Allow", "", page.ErrNoPage},
		{"/lti/login", "Retry-After", "10", page.ErrBusy},
		{"/lti/login", "Retry-After", "", page.ErrMethod},
	} {
		if got := h.problem(get(tt.path), tt.err, nil).Header.Get(tt.header); got != tt.want {
			t.Errorf("%s, %v: %s %q, want %q", tt.path, tt.err, tt.header, got, tt.want)
		}
	}
}

// TestProblemLeadsBack checks that an error after a launch has a link back to the LMS,
// with a message.
func TestProblemLeadsBack(t *testing.T) {
	h := newSite(t, "k")
	const back = "https://lms.example/return?sesskey=1"
	for name, tt := range map[string]struct {
		err  error
		link bool
	}{
		"with an address":         {page.WithReturn(page.ErrNoPage, back), true},
		"wrapped":                 {fmt.Errorf("launch: %w", page.WithReturn(page.ErrNoPage, back)), true},
		"of the launch":           {&lti.Error{Reason: lti.RoleForbidden, ReturnURL: back}, true},
		"without an address":      {page.ErrNoPage, false},
		"of a launch without one": {&lti.Error{Reason: lti.RoleForbidden}, false},
	} {
		got := h.problem(get("/lti/launch"), tt.err, nil)
		body := html.UnescapeString(got.Body)
		link := strings.Contains(body, `id="back-to-lms" href="`+back+`&lti_errormsg=`) && strings.Contains(body, "request+request-7")
		if link != tt.link {
			t.Errorf("%s: the link is there: %t\n%s", name, link, body)
		}
	}
	if err := page.WithReturn(page.ErrNoPage, back); !errors.Is(err, page.ErrNoPage) || !fault.Is(err, fault.NotFound) || strings.Contains(err.Error(), "sesskey") {
		t.Errorf("the error with its address: %v", err)
	}
}

// TestProblemsAreLogged checks that the log has the problems that an operator must see,
// and no others.
func TestProblemsAreLogged(t *testing.T) {
	for _, tt := range []struct {
		name, path string
		err        error
		want       []string // parts of the line; empty: nothing is logged
	}{
		{"a defect", "/v/x", errSecret, []string{"level=ERROR", "internal error", "hunter2", "request-7"}},
		{"a service that failed", "/v/x", fault.Wrap(errSecret, fault.Upstream, "problem.upstream"), []string{"level=WARN", "upstream failure", "code=upstream", "hunter2", "request-7"}},
		{"a launch that was refused", "/lti/launch", &lti.Error{Reason: lti.StateUnknown}, []string{"level=INFO", "launch refused", "code=state_unknown", "request-7"}},
		{"a mistake of the reader", "/v/x", page.ErrNoPage, nil},
	} {
		h := newSite(t, "k")
		h.problem(get(tt.path), tt.err, nil)
		for _, part := range tt.want {
			if !strings.Contains(h.log.String(), part) {
				t.Errorf("%s: the log lacks %q: %s", tt.name, part, h.log)
			}
		}
		if tt.want == nil && h.log.String() != "" {
			t.Errorf("%s is logged: %s", tt.name, h.log)
		}
	}
}

// TestRequestOf checks that a context without a Request gives an empty one.
func TestRequestOf(t *testing.T) {
	if got := page.RequestOf(t.Context()); *got != (page.Request{}) {
		t.Errorf("without: %+v", got)
	}
	info := &page.Request{ID: "1", Route: "/v"}
	if got := page.RequestOf(page.WithRequest(t.Context(), info)); got != info {
		t.Errorf("with: %+v", got)
	}
}
