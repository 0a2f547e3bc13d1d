package connect_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"

	"github.com/insigne-badges/insigne/connect"
)

// lms is a platform that answers dynamic registration. A test can change its answers.
type lms struct {
	*httptest.Server

	mu            sync.Mutex // guards the fields below
	configuration map[string]any
	status        int
	client        string
	during        func() // runs during the answer to a registration
	fetched       int    // number of requests for the configuration
	posted        []map[string]any
	bearer        string
}

func newLMS(w *world) *lms {
	l := &lms{status: http.StatusOK, client: "c1"}
	l.Server = httptest.NewServer(http.HandlerFunc(l.answer))
	w.Cleanup(l.Close)
	l.configuration = map[string]any{
		"issuer": l.URL, "authorization_endpoint": l.URL + "/auth", "token_endpoint": l.URL + "/token",
		"jwks_uri": l.URL + "/keys", "registration_endpoint": l.URL + "/register",
		"scopes_supported": connect.Client("", "").Scopes,
	}
	return l
}

func (l *lms) answer(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	during, status, client := l.during, l.status, l.client
	configuration, err := json.Marshal(l.configuration)
	if r.Method == http.MethodGet {
		l.fetched++
	}
	l.mu.Unlock()
	if err != nil || r.Method == http.MethodGet {
		_, _ = w.Write(configuration) // a reader that has left fails the test itself
		return
	}
	body, _ := io.ReadAll(r.Body) // a broken body is not JSON
	var posted map[string]any
	_ = json.Unmarshal(body, &posted)
	l.mu.Lock()
	l.posted, l.bearer = append(l.posted, posted), r.Header.Get("Authorization")
	l.mu.Unlock()
	if during != nil {
		during()
	}
	w.WriteHeader(status)
	answer, _ := json.Marshal(map[string]any{
		"client_id": client, "https://purl.imsglobal.org/spec/lti-tool-configuration": map[string]any{"deployment_id": "d1"},
	})
	_, _ = w.Write(answer)
}

// set changes the answers of the platform.
func (l *lms) set(change func(l *lms)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change(l)
}

// asked returns how often the configuration was fetched and a registration was sent.
func (l *lms) asked() (fetched, posted int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.fetched, len(l.posted)
}
