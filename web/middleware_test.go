package web_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/webtest"
)

// TestRequestLog checks that the log has the route of a request and never its address,
// because claim links and sign-in links are secrets.
func TestRequestLog(t *testing.T) {
	for _, tt := range []struct {
		method, path string
		want         string
	}{
		{"GET", "/healthz", `method=GET route=/healthz status=200`},
		{"HEAD", "/readyz", `method=HEAD route=/readyz status=200`},
		{"GET", "/admin/sign-in/S3cret?from=S3cret", `method=GET route=/admin/sign-in/{token} status=200`},
		{"POST", "/admin/sign-in/S3cret", `method=POST route=/admin/sign-in/{token} status=410`},
		{"GET", "/claim/S3cret", `method=GET route=/claim/{token`},
		{"GET", "/lti/register?invite=S3cret", `method=GET route=/lti/register status=410`},
		{"GET", "/S3cret", `method=GET route=none status=404`},
		{"DELETE", "/admin/sign-in/S3cret", `method=DELETE route=none status=405`},
		{"POST", "/lti/login?login_hint=S3cret", `method=POST route=/lti/login status=400`},
	} {
		t.Run(tt.method+" "+tt.path, func(t *testing.T) {
			s := newSite(t)
			a := s.Anybody().Do(httptest.NewRequest(tt.method, tt.path, nil))
			id := a.Header.Get("X-Request-Id")
			logged := s.Log.String()
			if len(id) < 20 || !strings.Contains(logged, "msg=request request_id="+id+" "+tt.want) || !strings.HasSuffix(logged, " duration=0s\n") {
				t.Errorf("request %s; log %s", id, logged)
			}
			if strings.Contains(logged, "S3cret") {
				t.Errorf("the log has the secret: %s", logged)
			}
			if a.Status >= 400 && tt.method != "HEAD" && !strings.Contains(a.Body, id) {
				t.Errorf("the page does not name the request %s: %s", id, a.Text())
			}
		})
	}
}

// crashing is an answer that panics on the first write.
type crashing struct {
	*httptest.ResponseRecorder

	value any // nil after the panic
}

func (c *crashing) WriteHeader(status int) {
	if v := c.value; v != nil {
		c.value = nil
		panic(v)
	}
	c.ResponseRecorder.WriteHeader(status)
}

// TestPanic checks that a panic becomes an error page and a log entry with a stack. The
// value of the panic may contain a name, so only its type is logged.
func TestPanic(t *testing.T) {
	var none []string
	outOfRange := func() (v any) {
		defer func() { v = recover() }()
		return none[0]
	}()
	for _, tt := range []struct {
		name  string
		value any
		log   []string
	}{
		{"a value", "Zoë Ångström", []string{"panic with a string", "runtime/debug.Stack"}},
		{"an error of the runtime", outOfRange, []string{"index out of range [0] with length 0", "runtime/debug.Stack"}},
		{"in a goroutine of a reading", &moodle.Crash{Value: "Zoë Ångström", Stack: []byte("its own stack")}, []string{"panic with a string", "its own stack"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t)
			w := &crashing{httptest.NewRecorder(), tt.value}
			s.server.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/healthz", nil))
			a := webtest.Answer{Status: w.Code, Header: w.Header(), Body: w.Body.String()}
			id := a.Header.Get("X-Request-Id")
			if a.Status != http.StatusInternalServerError || !a.Shows("Something went wrong here", "This is a fault of ours, and it was noted.", id) {
				t.Errorf("status %d: %s", a.Status, a.Text())
			}
			logged := s.Log.String()
			for _, want := range append(tt.log, `msg="internal error" request_id=`+id, "route=/healthz status=500") {
				if !strings.Contains(logged, want) {
					t.Errorf("the log lacks %q: %s", want, logged)
				}
			}
			if strings.Contains(logged, "Zoë") || strings.Contains(a.Body, "Zoë") || strings.Contains(a.Body, "panic") {
				t.Errorf("the value of the panic is shown: log %s, page %s", logged, a.Text())
			}
		})
	}
}

// TestAbort checks that the panic with which a handler drops a connection is not
// recovered.
func TestAbort(t *testing.T) {
	s := newSite(t)
	w := &crashing{httptest.NewRecorder(), http.ErrAbortHandler}
	defer func() {
		if err, ok := recover().(error); !ok || !errors.Is(err, http.ErrAbortHandler) || w.Body.Len() > 0 {
			t.Errorf("recovered %v, answered %q", err, w.Body)
		}
	}()
	s.server.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/healthz", nil))
}

// TestCrossOrigin refuses forms from pages of other sites, except the LMS's two posts.
func TestCrossOrigin(t *testing.T) {
	s := newSite(t)
	address, err := s.config.SignIn.Link(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	signIn := strings.TrimPrefix(address, webtest.BaseURL)
	for _, tt := range []struct {
		name, method, path, header, from string
		refused                          bool
	}{
		{"a form of another site", "POST", signIn, "Sec-Fetch-Site", "cross-site", true},
		{"a form of a neighbour", "POST", signIn, "Sec-Fetch-Site", "same-site", true},
		{"a form of another site in an old browser", "POST", signIn, "Origin", "https://evil.example", true},
		{"a registration from another site", "POST", connect.RegisterPath, "Sec-Fetch-Site", "cross-site", true},
		{"a claim from another site", "POST", "/claim/x", "Sec-Fetch-Site", "cross-site", true},
		{"a link on another site", "GET", signIn, "Sec-Fetch-Site", "cross-site", false},
		{"a login of the LMS", "POST", page.LoginPath, "Sec-Fetch-Site", "cross-site", false},
		{"a launch of the LMS", "POST", page.LaunchPath, "Origin", "https://lms.example.org", false},
		{"our own form", "POST", signIn, "Sec-Fetch-Site", "same-origin", false},
	} {
		r := httptest.NewRequest(tt.method, tt.path, nil)
		r.Header.Set(tt.header, tt.from)
		a := s.Anybody().Do(r)
		if refused := a.Status == http.StatusForbidden && a.Shows("The request came from another website and was refused."); refused != tt.refused {
			t.Errorf("%s: status %d, %s", tt.name, a.Status, a.Text())
		}
		if tt.name == "our own form" && a.Status != http.StatusSeeOther {
			t.Errorf("the link was used up before: status %d", a.Status)
		}
	}
}

// TestUnreadablePath answers "not found" for paths that databases refuse, before any
// query.
func TestUnreadablePath(t *testing.T) {
	s := newSite(t)
	member := s.Open(t, page.Session{User: "3", Teacher: true})
	for _, part := range []string{"%00", "%ff", "a%00b", "%c3%28"} {
		for _, path := range []string{"/claim/" + part, "/admin/sign-in/" + part, member.Who.Path("/learners/" + part), "/" + part} {
			a := member.Do(httptest.NewRequest(http.MethodGet, path, nil))
			if a.Status != http.StatusNotFound || !a.Shows("There is no page at this address.") {
				t.Errorf("%s: status %d, %s", path, a.Status, a.Text())
			}
		}
	}
	if logged := s.Log.String(); strings.Contains(logged, "level=ERROR") {
		t.Error(logged)
	}
}
