package lti_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/insigne-badges/insigne/lti"
)

// service is a platform whose services answer as the test wants.
type service struct {
	*httptest.Server
	*fixture
	handle http.HandlerFunc // answers everything except token requests

	mu       sync.Mutex
	asked    []string // scopes of the token requests
	granted  string   // scopes in the token endpoint's answer; empty: the requested ones
	silent   bool     // the token endpoint's answer has no scopes
	requests []serviceRequest
}

// serviceRequest is one request to a service.
type serviceRequest struct {
	Method, URL, Accept, ContentType, Token, Body string
}

func newService(t *testing.T, handle http.HandlerFunc) *service {
	t.Helper()
	s := &service{fixture: newFixture(t), handle: handle}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	s.store.keys = []lti.SigningKey{{ID: "a", Private: platformKey()}}
	s.store.registrations[0].TokenURL = s.URL + "/token"
	cfg := config(s.store, s.clock)
	// Package safehttp does the same.
	cfg.Client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	tool, err := lti.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.tool = tool
	return s
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.URL.Path == "/token" {
		s.serveToken(w, r)
		return
	}
	body, _ := io.ReadAll(r.Body)
	s.requests = append(s.requests, serviceRequest{
		Method: r.Method, URL: r.RequestURI, Accept: strings.Join(r.Header.Values("Accept"), "|"),
		ContentType: r.Header.Get("Content-Type"), Token: strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), Body: string(body),
	})
	s.handle(w, r)
}

func (s *service) serveToken(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	s.asked = append(s.asked, r.PostForm.Get("scope"))
	granted := s.granted
	if granted == "" && !s.silent {
		granted = r.PostForm.Get("scope")
	}
	_, _ = fmt.Fprintf(w, `{"access_token":"token-%d","token_type":"Bearer","expires_in":3600,"scope":%q}`, len(s.asked), granted)
}

func (s *service) registration() lti.Registration { return s.store.registrations[0] }

func (s *service) roster() ([]lti.Member, error) {
	return s.tool.Roster(s.t.Context(), s.registration(), s.URL+"/members")
}

// grades returns the grade service of a course whose launch named line items and the
// scopes.
func (s *service) grades(scopes ...string) lti.Grades {
	return s.tool.Grades(s.registration(), lti.Services{LineItemsURL: s.URL + "/items?type_id=2", GradeScopes: scopes})
}

// status answers with a status, headers as "Name: value", and a body.
func status(code int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for _, header := range headers {
			name, value, _ := strings.Cut(header, ": ")
			w.Header().Add(name, value)
		}
		w.WriteHeader(code)
		_, _ = w.Write([]byte(body))
	}
}

const onePerson = `{"members":[{"user_id":"6","roles":["Learner"]}]}`
