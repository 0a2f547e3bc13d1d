package lti_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/lti"
)

const (
	recordedServices = moodle + "/mod/lti/services.php"
	recordedMembers  = recordedServices + "/CourseSection/2/bindings/2/memberships"
	recordedItems    = recordedServices + "/2/lineitems?type_id=2"
)

// recordedItem is the address of a recorded line item.
func recordedItem(id string) string {
	return recordedServices + "/2/lineitems/" + id + "/lineitem?type_id=2"
}

// exchanged is a recorded exchange with a service.
type exchanged struct {
	Request struct {
		Method, URL string
		Headers     map[string]string
		JSON        map[string]any
	}
	Response struct {
		Status  int
		Headers map[string]string
		JSON    json.RawMessage
	}
}

func readExchanged(t testing.TB, name string) exchanged {
	t.Helper()
	var e exchanged
	readInto(t, name, &e)
	return e
}

// recorded answers the tool as Moodle did, if the tool sends the recorded request.
type recorded struct {
	t            testing.TB
	tool         *lti.Tool
	registration lti.Registration
	exchanges    []exchanged
	requests     []*http.Request // requests to services
}

func newRecorded(t testing.TB, names ...string) *recorded {
	t.Helper()
	m := &recorded{t: t}
	for _, name := range names {
		m.exchanges = append(m.exchanges, readExchanged(t, name))
	}
	tool, registration := toolAtMoodle(t, m)
	m.tool, m.registration = tool, registration
	return m
}

// toolAtMoodle returns a tool that is registered at the recorded Moodle, whose answers
// come from the argument.
func toolAtMoodle(t testing.TB, answers http.RoundTripper) (*lti.Tool, lti.Registration) {
	t.Helper()
	store := &fakeStore{keys: []lti.SigningKey{{ID: "a", Private: platformKey()}}}
	cfg := config(store, &clock{now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)})
	cfg.Client = &http.Client{
		Transport:     answers,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	tool, err := lti.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return tool, lti.Registration{ID: "moodle", Issuer: moodle, ClientID: "qaUD1CEsy0nd7Zu", TokenURL: moodle + "/mod/lti/token.php"}
}

func (m *recorded) grades() lti.Grades {
	return m.tool.Grades(m.registration, lti.Services{LineItemsURL: recordedItems})
}

func (m *recorded) RoundTrip(req *http.Request) (*http.Response, error) {
	if strings.HasSuffix(req.URL.Path, "/token.php") {
		return reply(req, http.StatusOK, `{"access_token":"t","expires_in":3600}`), nil
	}
	m.requests = append(m.requests, req)
	for _, e := range m.exchanges {
		if e.Request.Method == req.Method && e.Request.URL == req.URL.String() {
			m.compare(e, req)
			resp := reply(req, e.Response.Status, string(e.Response.JSON))
			for name, value := range e.Response.Headers {
				resp.Header.Set(name, onTheWire(value))
			}
			return resp, nil
		}
	}
	return reply(req, http.StatusNotFound, "not recorded"), nil
}

// compare checks that a request has the media types and the body of the recording.
func (m *recorded) compare(e exchanged, req *http.Request) {
	m.t.Helper()
	for _, name := range []string{"accept", "content-type"} {
		if want := e.Request.Headers[name]; want != "" && req.Header.Get(name) != want {
			m.t.Errorf("%s = %q, want %q", name, req.Header.Get(name), want)
		}
	}
	if e.Request.JSON == nil {
		return
	}
	var sent map[string]any
	if err := json.NewDecoder(req.Body).Decode(&sent); err != nil {
		m.t.Errorf("body of %s: %v", req.URL.Path, err)
	}
	for _, other := range []string{"startDateTime", "endDateTime", "gradesReleased", "https://example.org/ext"} {
		delete(e.Request.JSON, other) // members that only the recording sent
	}
	if diff := cmp.Diff(e.Request.JSON, sent); diff != "" {
		m.t.Error(diff)
	}
}

func reply(req *http.Request, code int, body string) *http.Response {
	return &http.Response{StatusCode: code, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: req}
}

// onTheWire returns the bytes of a header that the recorder read as Latin-1.
func onTheWire(header string) string {
	raw := make([]byte, 0, len(header))
	for _, r := range header {
		if r > 255 {
			return header
		}
		raw = append(raw, byte(r))
	}
	return string(raw)
}
