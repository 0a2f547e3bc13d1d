package campus_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwk"

	"github.com/insigne-badges/insigne/campus"
)

// site is a campus that listens, with a clock that only the test moves.
type site struct {
	*campus.Campus
	url string

	mu  sync.Mutex
	now time.Time
}

func (s *site) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func newSite(t *testing.T) *site {
	t.Helper()
	return newSiteWith(t, func(*campus.Config) {})
}

func newSiteWith(t *testing.T, change func(*campus.Config)) *site {
	t.Helper()
	s := &site{now: time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC)}
	server := httptest.NewUnstartedServer(nil)
	s.url = "http://" + server.Listener.Addr().String()
	cfg := campus.Config{
		BaseURL: s.url, Now: s.clock, Rand: rand.Reader, Client: http.DefaultClient, Log: slog.New(slog.DiscardHandler),
		ToolURL: func() string { return "http://tool.example/register" },
	}
	change(&cfg)
	var err error
	s.Campus, err = campus.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = s.Handler()
	server.Start()
	t.Cleanup(func() {
		server.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// answer is a response that was read completely.
type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) json(t *testing.T) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Fatalf("no JSON: %v\n%s", err, a.body)
	}
	return v
}

// send makes a request; header contains names and values in turn.
func (s *site) send(t *testing.T, method, path, body string, header ...string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	read, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(read)}
}

func (s *site) get(t *testing.T, path string, header ...string) answer {
	t.Helper()
	return s.send(t, http.MethodGet, path, "", header...)
}

func (s *site) post(t *testing.T, path string, form url.Values, header ...string) answer {
	t.Helper()
	return s.send(t, http.MethodPost, path, form.Encode(), append([]string{"Content-Type", "application/x-www-form-urlencoded"}, header...)...)
}

// toolKey is made once, because making RSA keys is slow under the race detector.
var toolKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

const toolKID = "tool-key-1"

// tool is a tool as the campus sees it: addresses, a key set and a client id.
type tool struct {
	*site
	client string
	home   string
}

// allScopes are the scopes that a tool like ours requests.
const allScopes = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly " +
	"https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly https://purl.imsglobal.org/spec/lti-ags/scope/score " +
	"https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"

// publicKey returns the tool's key as in its key set.
func publicKey(t *testing.T) jwk.Key {
	t.Helper()
	public, err := jwk.FromRaw(toolKey().Public())
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]any{jwk.KeyIDKey: toolKID, jwk.AlgorithmKey: jwa.RS256, jwk.KeyUsageKey: "sig"} {
		if err := public.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	return public
}

// newTool registers a tool without activating it.
func (s *site) newTool(t *testing.T) tool {
	t.Helper()
	public := publicKey(t)
	keys := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"keys": []any{public}})
	}))
	t.Cleanup(keys.Close)
	x := tool{site: s, home: keys.URL}
	got := s.register(t, x.registration())
	if got.status != http.StatusOK {
		t.Fatalf("registration: %d %s", got.status, got.body)
	}
	x.client = got.json(t).(map[string]any)["client_id"].(string)
	return x
}

// newActiveTool registers a tool and activates it.
func (s *site) newActiveTool(t *testing.T) tool {
	t.Helper()
	x := s.newTool(t)
	if err := s.Activate(x.client); err != nil {
		t.Fatal(err)
	}
	return x
}
