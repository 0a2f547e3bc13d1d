package e2e_test

import (
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/insigne-badges/insigne/app"
	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
)

// canary is a server inside the private network that must not be reached. It listens on
// every address of this machine and records its requests.
type canary struct {
	port string
	mu   sync.Mutex
	seen []string
}

func newCanary(t *testing.T) *canary {
	t.Helper()
	c := &canary{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.seen = append(c.seen, r.Method+" "+r.Host+r.URL.Path)
	}))
	must(t, server.Listener.Close())
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", ":0")
	must(t, err)
	server.Listener = listener
	server.Start()
	t.Cleanup(server.Close)
	_, c.port, err = net.SplitHostPort(listener.Addr().String())
	must(t, err)
	return c
}

// at returns an address of the canary.
func (c *canary) at(host, path string) string { return "http://" + host + ":" + c.port + path }

// visits returns the requests since the last call.
func (c *canary) visits() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	seen := c.seen
	c.seen = nil
	return seen
}

// installation returns a service wired as "insigne serve" does it, which may reach the
// allowed private networks.
func installation(t *testing.T, allowed ...string) *demo {
	t.Helper()
	file := filepath.Join(t.TempDir(), "insigne.db")
	copyDatabase(t, file)
	cfg := app.Config{
		BaseURL: "http://localhost:8080", AllowHTTP: true, DatabaseURL: "sqlite:" + file,
		Secret: testSecret(t), Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	}
	for _, prefix := range allowed {
		cfg.AllowedNetworks = append(cfg.AllowedNetworks, netip.MustParsePrefix(prefix))
	}
	s, err := app.New(t.Context(), cfg, quickPace())
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return newHarness(&app.Demo{Config: cfg, App: s})
}

// neighbour is a platform at an allowed address. Its answers can lead to other
// addresses.
type neighbour struct {
	*httptest.Server
	leads map[string]string // redirect targets, by path
	conf  map[string]string // changes in its configuration
	next  string            // address of the next page of its roster
}

func newNeighbour(t *testing.T) *neighbour {
	t.Helper()
	n := &neighbour{leads: map[string]string{}, conf: map[string]string{}}
	n.Server = httptest.NewServer(n)
	t.Cleanup(n.Close)
	return n
}

func (n *neighbour) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if to := n.leads[r.URL.Path]; to != "" {
		http.Redirect(w, r, to, http.StatusTemporaryRedirect)
		return
	}
	answer := any(map[string]any{"keys": []any{}})
	switch r.URL.Path {
	case "/configuration", "/moved":
		conf := map[string]string{"issuer": n.URL}
		for name, path := range map[string]string{"authorization_endpoint": "/auth", "token_endpoint": "/token", "jwks_uri": "/keys", "registration_endpoint": "/register"} {
			conf[name] = n.URL + path
		}
		for name, value := range n.conf {
			conf[name] = value
		}
		answer = conf
	case "/register":
		answer = map[string]any{"client_id": "neighbour"}
	case "/token":
		scopes := []string{lti.ScopeMemberships, lti.ScopeLineItem, lti.ScopeResult, lti.ScopeScore}
		answer = map[string]any{"access_token": "opens-services", "token_type": "Bearer", "expires_in": 3600, "scope": strings.Join(scopes, " ")}
	case "/members", "/items":
		if n.next != "" {
			w.Header().Set("Link", "<"+n.next+`>; rel="next"`)
		}
		answer = map[string]any{"members": []any{map[string]any{"user_id": "6"}}}
		if r.URL.Path == "/items" {
			answer = []any{}
		}
	}
	_ = json.NewEncoder(w).Encode(answer) // a reader that has left needs no answer
}

// saved saves a platform that was typed in.
func (d *demo) saved(t *testing.T, reg lti.Registration) badges.PlatformID {
	t.Helper()
	var id badges.PlatformID
	must(t, d.App.Store().Tx(t.Context(), func(tx *store.Tx) error {
		var err error
		id, err = tx.SavePlatform(t.Context(), reg, "1", badges.ByPlatform)
		return err
	}))
	return id
}

// services saves services as the last launch from a course does.
func (d *demo) services(t *testing.T, platform badges.PlatformID, services lti.Services) {
	t.Helper()
	course := badges.CourseKey{Platform: platform, Context: "2"}
	must(t, d.App.Store().Tx(t.Context(), func(tx *store.Tx) error {
		return tx.Arrive(t.Context(), store.Arrival{
			Course: badges.Course{CourseKey: course, Title: "x"}, Services: services, Member: badges.Member{User: "6", Active: true},
		})
	}))
}

// registers posts a registration with a valid invitation.
func (d *demo) registers(t *testing.T, configuration string) (code int, text string) {
	t.Helper()
	w := d.visitor().post(t, "/lti/register", url.Values{"invite": {d.invite(t)}, "openid_configuration": {configuration}, "registration_token": {"t0ken"}})
	return w.Code, said(w)
}

// launchesBy posts a token that makes Insigne fetch the platform's keys.
func (d *demo) launchesBy(t *testing.T, issuer string) (code int, text string) {
	t.Helper()
	v := d.visitor()
	begun := v.get(t, "/lti/login?"+url.Values{"iss": {issuer}, "login_hint": {"6"}, "target_link_uri": {d.url + "/lti/launch"}}.Encode())
	to, err := url.Parse(begun.Header().Get("Location"))
	if err != nil || begun.Code != http.StatusFound {
		t.Fatalf("login is answered %d", begun.Code)
	}
	// This is {"alg":"RS256","kid":"k"} and {}.
	token := "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.e30." + strings.Repeat("A", 342)
	w := v.post(t, "/lti/launch", url.Values{"id_token": {token}, "state": {to.Query().Get("state")}})
	return w.Code, said(w)
}

// TestPrivateNetworks sends addresses of a private network in every possible way, to an
// installation that allows none. No request reaches them, and the page says that it
// failed.
func TestPrivateNetworks(t *testing.T) {
	t.Parallel()
	for _, host := range []string{"127.0.0.1", "localhost", "127.0.0.2", "[::1]", "[::ffff:127.0.0.1]"} {
		t.Run(host, func(t *testing.T) {
			t.Parallel()
			d, canary := installation(t), newCanary(t)
			admin := d.admin(t)
			at := func(path string) string { return canary.at(host, path) }
			issuer := "https://lms.example"
			id := d.saved(t, lti.Registration{Issuer: issuer, ClientID: "1", Name: "x", AuthURL: issuer + "/auth", TokenURL: at("/token"), KeysURL: at("/keys")})
			d.services(t, id, lti.Services{MembershipsURL: at("/members"), LineItemsURL: at("/items")})
			page := "/admin/platforms/" + string(id)
			csrf := admin.csrf(t, page)
			if code, text := d.registers(t, at("/configuration")); code != http.StatusBadRequest || !strings.Contains(text, "configuration_") {
				t.Errorf("registration: %d %s", code, text)
			}
			if code, text := d.launchesBy(t, issuer); code != http.StatusBadRequest || !strings.Contains(text, "Code: keys_unavailable") || !strings.Contains(text, "Try again in a minute") {
				t.Errorf("launch: %d %s", code, text)
			}
			if w := admin.post(t, page+"/connection", url.Values{"csrf": {csrf}}); w.Code != http.StatusOK || !strings.Contains(said(w), "refuses Insigne the access") {
				t.Errorf("connection: %d %s", w.Code, said(w))
			}
			w := admin.post(t, page+"/service", url.Values{"csrf": {csrf}, "url": {at("")}, "token": {"web-service-token"}}) // this checks the web services at once
			if checked := said(admin.get(t, page)); w.Code != http.StatusSeeOther || !strings.Contains(checked, "Moodle cannot be reached") {
				t.Errorf("web services: %d %s", w.Code, checked)
			}
			if seen := canary.visits(); len(seen) != 0 {
				t.Errorf("requests went out: %q", seen)
			}
		})
	}
	// Check that the canary works: the same request arrives if the address is allowed.
	d, canary := installation(t, "127.0.0.0/8"), newCanary(t)
	if code, _ := d.registers(t, canary.at("127.0.0.2", "/configuration")); code != http.StatusBadRequest || len(canary.visits()) != 1 {
		t.Errorf("an allowed address is answered %d and was not asked", code)
	}
}

// TestAllowedNeighbourLeadsElsewhere uses a platform at an allowed address that leads
// to addresses that are not allowed, with redirects and with addresses in its answers.
func TestAllowedNeighbourLeadsElsewhere(t *testing.T) {
	t.Parallel()
	d, canary := installation(t, "127.0.0.1/32"), newCanary(t)
	admin := d.admin(t)
	forbidden := canary.at("127.0.0.2", "/secret")
	for name, lead := range map[string]func(n *neighbour){
		"configuration redirects":           func(n *neighbour) { n.leads["/configuration"] = forbidden },
		"registration endpoint elsewhere":   func(n *neighbour) { n.conf["registration_endpoint"] = forbidden },
		"registration endpoint redirects":   func(n *neighbour) { n.leads["/register"] = forbidden },
		"issuer elsewhere":                  func(n *neighbour) { n.conf["issuer"] = canary.at("127.0.0.2", "") },
		"configuration redirects to itself": func(n *neighbour) { n.leads["/configuration"] = n.URL + "/moved" },
	} {
		t.Run(name, func(t *testing.T) {
			n := newNeighbour(t)
			lead(n)
			if code, text := d.registers(t, n.URL+"/configuration"); code != http.StatusBadRequest {
				t.Errorf("answered %d: %s", code, text)
			}
			if platforms, err := d.App.Store().Platforms(t.Context()); err != nil || len(platforms) != 0 { // the tests below add platforms later
				t.Errorf("platforms = %v, %v", platforms, err)
			}
			if seen := canary.visits(); len(seen) != 0 {
				t.Errorf("requests went out: %q", seen)
			}
		})
	}
	for name, lead := range map[string]func(n *neighbour, r *lti.Registration, s *lti.Services){
		"keys elsewhere":           func(_ *neighbour, r *lti.Registration, _ *lti.Services) { r.KeysURL = forbidden },
		"keys redirect":            func(n *neighbour, _ *lti.Registration, _ *lti.Services) { n.leads["/keys"] = forbidden },
		"token endpoint":           func(_ *neighbour, r *lti.Registration, _ *lti.Services) { r.TokenURL = forbidden },
		"token endpoint redirects": func(n *neighbour, _ *lti.Registration, _ *lti.Services) { n.leads["/token"] = forbidden },
		"roster elsewhere":         func(_ *neighbour, _ *lti.Registration, s *lti.Services) { s.MembershipsURL = forbidden },
		"roster redirects":         func(n *neighbour, _ *lti.Registration, _ *lti.Services) { n.leads["/members"] = forbidden },
		"columns elsewhere":        func(_ *neighbour, _ *lti.Registration, s *lti.Services) { s.LineItemsURL = forbidden },
		"columns redirect":         func(n *neighbour, _ *lti.Registration, _ *lti.Services) { n.leads["/items"] = forbidden },
		"next page elsewhere":      func(n *neighbour, _ *lti.Registration, _ *lti.Services) { n.next = forbidden },
		"web services redirect": func(n *neighbour, _ *lti.Registration, _ *lti.Services) {
			n.leads["/webservice/rest/server.php"] = forbidden
		},
	} {
		t.Run(name, func(t *testing.T) {
			n := newNeighbour(t)
			reg := lti.Registration{Issuer: n.URL, ClientID: "1", Name: "x", AuthURL: n.URL + "/auth", TokenURL: n.URL + "/token", KeysURL: n.URL + "/keys"}
			services := lti.Services{MembershipsURL: n.URL + "/members", LineItemsURL: n.URL + "/items"}
			lead(n, &reg, &services)
			id := d.saved(t, reg)
			d.services(t, id, services)
			page := "/admin/platforms/" + string(id)
			form := url.Values{"csrf": {admin.csrf(t, page)}, "url": {n.URL}, "token": {"web-service-token"}}
			code, text := d.launchesBy(t, n.URL)
			if code != http.StatusBadRequest {
				t.Errorf("launch: %d %s", code, text)
			}
			for path, want := range map[string]int{"/connection": http.StatusOK, "/service": http.StatusSeeOther} {
				if w := admin.post(t, page+path, form); w.Code != want {
					t.Errorf("%s: %d %s", path, w.Code, said(w))
				}
			}
			if seen := canary.visits(); len(seen) != 0 {
				t.Errorf("requests went out: %q", seen)
			}
		})
	}
}
