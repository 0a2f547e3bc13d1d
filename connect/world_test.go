package connect_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/campus"
	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// begin is the time that the clock of every test shows at first.
var begin = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// world is an installation with an empty database.
type world struct {
	*testing.T
	url          string // of the tool, which serves its keys there
	store        *store.Store
	clock        *storetest.Clock
	keys         *ownKeys
	tool         *lti.Tool
	invitations  connect.Invitations
	registration connect.Registration
	signIn       connect.SignIn
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{T: t, clock: storetest.NewClock(begin), keys: &ownKeys{}}
	w.store = storetest.OpenAt(t, "sqlite:"+t.TempDir()+"/test.db", w.clock)
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		keys, err := w.tool.PublicKeys(r.Context())
		if err != nil {
			t.Error(err)
		}
		_, _ = out.Write(keys) // a reader that has left fails the test itself
	}))
	t.Cleanup(server.Close)
	w.url = server.URL
	var err error
	w.tool, err = lti.New(lti.Config{
		BaseURL: w.url, LoginPath: "/login", LaunchPath: "/launch", KeysPath: "/keys", Registrations: w.store, Keys: w.keys,
		StateKey: bytes.Repeat([]byte("k"), 32), Client: http.DefaultClient, Now: w.clock.Now, Rand: rand.Reader, AllowHTTP: true,
	})
	w.must(err)
	w.invitations = connect.NewInvitations(w.store, w.url, rand.Reader)
	w.registration = connect.NewRegistration(w.store, w.invitations, w.tool, connect.Client(w.tool.LaunchURL(), w.url+"/icon.svg"))
	w.signIn = connect.NewSignIn(w.store, w.url, rand.Reader)
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) tx(f func(tx *store.Tx) error) {
	w.Helper()
	w.must(w.store.Tx(w.Context(), f))
}

// invite returns the token of a new invitation.
func (w *world) invite() string {
	w.Helper()
	invitation, err := w.invitations.New(w.Context(), badges.ByOperator)
	w.must(err)
	return invitation.Token
}

// platforms returns the connected platforms.
func (w *world) platforms() []store.Platform {
	w.Helper()
	list, err := w.store.Platforms(w.Context())
	w.must(err)
	return list
}

// registered checks the registrations of the connected platforms, in the order of their
// names.
func (w *world) registered(want ...lti.Registration) {
	w.Helper()
	var got []lti.Registration
	for _, p := range w.platforms() {
		got = append(got, p.Registration)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		w.Errorf("registrations (-want +got):\n%s", diff)
	}
}

// typedIn returns a registration at address, as an administrator types it in.
func typedIn(address string) lti.Registration {
	return lti.Registration{Issuer: address, ClientID: "c1", AuthURL: address + "/auth", TokenURL: address + "/token", KeysURL: address + "/keys"}
}

// connected saves a platform that was typed in.
func (w *world) connected(address string) badges.PlatformID {
	w.Helper()
	id, err := w.registration.AddByHand(w.Context(), typedIn(address), "")
	w.must(err)
	return id
}

// acts returns the actors and actions in the audit log about a platform, the oldest
// first. If platform is empty, they are about the installation.
func (w *world) acts(platform badges.PlatformID) []string {
	w.Helper()
	entries, err := w.store.AuditLog(w.Context(), badges.CourseKey{Platform: platform}, 100)
	w.must(err)
	slices.SortStableFunc(entries, func(a, b badges.AuditEntry) int { return a.At.Compare(b.At) })
	var acts []string
	for _, e := range entries {
		acts = append(acts, e.Actor+" "+string(e.Action))
	}
	return acts
}

// refused reports whether err has the kind and the catalogue key.
func refused(err error, kind fault.Kind, key string) bool {
	e, ok := errors.AsType[*fault.Error](err)
	return ok && e.Kind == kind && e.Key() == key
}

// ownKeys are the tool's own keys. If broken is not nil, they cannot be read.
type ownKeys struct{ broken error }

// ownKey is made once, because that is slower than the tests.
var ownKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

func (k *ownKeys) SigningKeys(context.Context) ([]lti.SigningKey, error) {
	if k.broken != nil {
		return nil, k.broken
	}
	private, err := ownKey()
	return []lti.SigningKey{{ID: "own", Private: private}}, err
}

// school is a campus at which the tool is registered.
type school struct {
	*campus.Campus
	url      string
	client   string
	platform badges.PlatformID
}

// newSchool connects a campus.
func newSchool(w *world) school {
	w.Helper()
	server := httptest.NewUnstartedServer(nil)
	w.Cleanup(server.Close)
	s := school{url: "http://" + server.Listener.Addr().String()}
	var err error
	s.Campus, err = campus.New(campus.Config{
		BaseURL: s.url, Now: w.clock.Now, Rand: rand.Reader, Client: http.DefaultClient, Log: slog.New(slog.DiscardHandler),
	})
	w.must(err)
	w.Cleanup(func() { _ = s.Close() }) // its mail server never started
	server.Config.Handler = s.Handler()
	server.Start()
	configuration, token, err := s.RegistrationInvite()
	w.must(err)
	s.platform, err = w.registration.Register(w.Context(), connect.Confirmed{Invitation: w.invite(), Configuration: configuration, Token: token})
	w.must(err)
	s.client = s.ClientIDs()[0]
	w.must(s.Activate(s.client))
	return s
}

// open saves a launch from the first course of the campus, with the services that the
// campus offers.
func (s school) open(w *world) {
	w.Helper()
	claims, err := s.LaunchClaims(s.client, 3, "nonce")
	w.must(err)
	claim := func(name, member string) string {
		values, _ := claims["https://purl.imsglobal.org/spec/"+name].(map[string]any)
		text, ok := values[member].(string)
		if !ok {
			w.Fatalf("the launch has no %s in %s", member, name)
		}
		return text
	}
	s.arrive(w, lti.Services{
		MembershipsURL: claim("lti-nrps/claim/namesroleservice", "context_memberships_url"),
		LineItemsURL:   claim("lti-ags/claim/endpoint", "lineitems"), GradeScopes: []string{lti.ScopeLineItem},
	})
}

// arrive saves a launch from the first course.
func (s school) arrive(w *world, services lti.Services) {
	w.Helper()
	w.tx(func(tx *store.Tx) error {
		return tx.Arrive(w.Context(), store.Arrival{
			Course: badges.Course{CourseKey: badges.CourseKey{Platform: s.platform, Context: "2"}, Title: "Data"}, Services: services,
			Member: badges.Member{User: "3", Active: true, Teaches: true},
		})
	})
}

// launched saves a launch that succeeded. By the platform's clock it was signed that
// long ago.
func (w *world) launched(platform badges.PlatformID, login string, ago time.Duration) {
	w.Helper()
	w.tx(func(tx *store.Tx) error {
		return tx.UseLogin(w.Context(), login, lti.Launch{
			Registration: lti.Registration{ID: lti.RegistrationID(platform)}, Message: lti.ResourceLinkRequest, IssuedAt: w.clock.Now().Add(-ago),
		})
	})
}

// tokenOf returns the token in an address.
func tokenOf(t *testing.T, address, before string) string {
	t.Helper()
	token, ok := strings.CutPrefix(address, before)
	if !ok || len(token) != 43 {
		t.Fatalf("address %q, want %s and 43 characters", address, before)
	}
	return token
}
