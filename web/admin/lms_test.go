package admin_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"

	"github.com/insigne-badges/insigne/moodle"
)

// lms is a platform that grants what a test wishes: access tokens, a roster, a
// gradebook, and Moodle's web services.
type lms struct {
	*httptest.Server

	mu      sync.Mutex
	refuses string // a scope
	down    bool
}

func newLMS(t *testing.T) *lms {
	t.Helper()
	l := &lms{}
	l.Server = httptest.NewServer(l)
	t.Cleanup(l.Close)
	return l
}

func (l *lms) set(change func(l *lms)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change(l)
}

func (l *lms) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_ = r.ParseForm() // what cannot be read has no fields
	status, answer := l.answer(r.URL.Path, r.PostForm)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) // what does not arrive fails the test
}

func (l *lms) answer(path string, form url.Values) (int, any) {
	switch {
	case l.down:
		return http.StatusServiceUnavailable, nil
	case path == "/token" && form.Get("scope") == l.refuses:
		return http.StatusBadRequest, map[string]any{"error": "invalid_scope"}
	case path == "/token":
		return http.StatusOK, map[string]any{"access_token": "t", "token_type": "Bearer", "expires_in": 3600, "scope": form.Get("scope")}
	case path == "/roster":
		return http.StatusOK, map[string]any{"members": []any{map[string]any{"user_id": "6"}, map[string]any{"user_id": "7"}}}
	case path == "/items":
		return http.StatusOK, []any{}
	case path == "/webservice/rest/server.php" && form.Get("wstoken") != "t0ken":
		return http.StatusOK, map[string]any{"exception": "moodle_exception", "errorcode": "invalidtoken", "message": "Invalid token"}
	case path == "/webservice/rest/server.php" && form.Get("wsfunction") == "core_webservice_get_site_info":
		return http.StatusOK, map[string]any{"sitename": "Moodle de Lutèce", "username": "ws", "userid": 2, "siteurl": l.URL, "release": "4.5.2", "functions": l.functions()}
	default:
		return http.StatusOK, map[string]any{"exception": "required_capability_exception", "errorcode": "nopermissions", "message": "no"}
	}
}

// functions are all that Insigne uses but one.
func (l *lms) functions() (list []any) {
	for _, f := range moodle.Functions() {
		if f.Name != "core_message_send_instant_messages" {
			list = append(list, map[string]any{"name": f.Name})
		}
	}
	return list
}
