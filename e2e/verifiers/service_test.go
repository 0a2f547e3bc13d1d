package verifiers_test

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/app"
	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/internal/secret"
	"github.com/insigne-badges/insigne/jobs"
	"github.com/insigne-badges/insigne/picture"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// recipient is the address of every learner, which some judges compare.
const recipient = "zoe@example.org"

// sinceClaim is how long ago the badges were claimed. A badge for a month has expired.
const sinceClaim = 40 * 24 * time.Hour

// service is an Insigne behind TLS on this machine.
type service struct {
	authority
	host   string // in the base URL: localhost or 127.0.0.1
	app    *app.App
	serves atomic.Pointer[app.App] // app, for the servers
	config app.Config
	clock  *storetest.Clock
	client *http.Client
	world  storetest.World
	short  badges.Badge // valid for a month
}

// newService starts a service with two badges, at the time when they are claimed.
func newService(t *testing.T) *service {
	t.Helper()
	return newServiceAt(t, "localhost", sinceClaim)
}

// newServiceAt starts a service with a host in its base URL. Its clock is behind by ago.
func newServiceAt(t *testing.T, host string, ago time.Duration) *service {
	t.Helper()
	key, err := secret.New([]byte(strings.Repeat("k", secret.MinLength)), rand.Reader)
	must(t, err)
	s := &service{host: host, authority: newAuthority(t), clock: storetest.NewClock(time.Now().Add(-ago).UTC().Truncate(time.Second))}
	cookies, err := cookiejar.New(nil) // of the console
	must(t, err)
	s.client = &http.Client{
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{RootCAs: s.pool, MinVersion: tls.VersionTLS12}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Jar:           cookies,
		Timeout:       time.Minute,
	}
	t.Cleanup(s.client.CloseIdleConnections)
	s.config = app.Config{
		DatabaseURL: "sqlite:" + storetest.SQLiteFile(t), Secret: key, AllowedNetworks: app.Loopback(),
		Now: s.clock.Now, Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
	s.start(t)
	s.makeBadges(t)
	return s
}

// start opens the service at a new address, which becomes its base URL.
func (s *service) start(t *testing.T) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	s.config.BaseURL = fmt.Sprintf("https://%s:%d", s.host, listener.Addr().(*net.TCPAddr).Port)
	s.app, err = app.New(t.Context(), s.config, jobs.DefaultPace())
	must(t, err)
	s.serves.Store(s.app)
	server := &http.Server{
		Handler:   http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.serves.Load().Handler().ServeHTTP(w, r) }),
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{s.leaf}, MinVersion: tls.VersionTLS12}, ReadHeaderTimeout: 10 * time.Second,
	}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = server.ServeTLS(listener, "", "") }() // ends when it is closed
	running := s.app
	t.Cleanup(func() {
		_ = server.Close()
		<-ended
		if running == s.app { // else the service moved, which closed it
			must(t, s.app.Close())
		}
	})
}

// move restarts the service at another address. The former one leads to it too.
func (s *service) move(t *testing.T) {
	t.Helper()
	must(t, s.app.Close())
	s.config.FormerBaseURLs = append(s.config.FormerBaseURLs, s.config.BaseURL)
	s.start(t)
}

// makeBadges gives the badge of a world a picture and the words that a document needs,
// and makes another one that is valid for a month.
func (s *service) makeBadges(t *testing.T) {
	t.Helper()
	st := s.app.Store()
	s.world = storetest.NewWorld(t, st, "verifiers")
	storetest.Tx(t, st, func(ctx context.Context, tx *store.Tx) error {
		drawn := readyPicture(t)
		if err := tx.SavePicture(ctx, drawn); err != nil {
			return err
		}
		content := s.world.Badge.Current.Content
		content.Name, content.Description, content.Language = "Analyse de données & société", "Sait lire un jeu de données.", "fr"
		content.Picture = badges.PictureHash(drawn.Hash)
		var err error
		if s.world.Badge, err = tx.EditBadge(ctx, s.world.Course, s.world.Badge.ID, content, "3"); err != nil {
			return err
		}
		content.ValidMonths = 1
		if s.short, err = tx.CreateBadge(ctx, s.world.Course, content, "3"); err != nil {
			return err
		}
		return tx.SwitchBadge(ctx, s.world.Course, s.short.ID, badges.On, "3")
	})
	s.makeKeys(t)
}

// makeKeys runs the background work until the issuer of the badges has keys.
func (s *service) makeKeys(t *testing.T) {
	t.Helper()
	s.workUntil(t, func(ctx context.Context) error {
		_, err := s.app.IssuerKeys().IssuerKeys(ctx, s.world.Issuer)
		return err
	})
}

// workUntil runs the background work until check finds no error.
func (s *service) workUntil(t *testing.T, check func(context.Context) error) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.app.Work(ctx) }()
	deadline := time.Now().Add(time.Minute)
	missing := check(ctx)
	for missing != nil && time.Now().Before(deadline) {
		time.Sleep(20 * time.Millisecond)
		missing = check(ctx)
	}
	stop()
	must(t, <-ended)
	must(t, missing)
}

func readyPicture(t *testing.T) picture.Picture {
	t.Helper()
	library, err := picture.LoadLibrary()
	must(t, err)
	ready, err := library.Find("summit")
	must(t, err)
	drawn, err := ready.Picture()
	must(t, err)
	return drawn
}

// claimed awards a badge to a learner, who claims it with the link of the notice.
func (s *service) claimed(t *testing.T, badge badges.Badge, user badges.UserID) badges.Assertion {
	t.Helper()
	a := s.world.Assertion(user)
	a.Badge, a.Version, a.Recipient.Email = badge.ID, badge.Current.ID, recipient
	s.awardAndClaim(t, a)
	return a
}

// awardAndClaim makes an award, which its learner claims with the link of the notice, and
// shows everything.
func (s *service) awardAndClaim(t *testing.T, a badges.Assertion) {
	t.Helper()
	storetest.Tx(t, s.app.Store(), func(ctx context.Context, tx *store.Tx) error {
		_, err := s.awards().Award(ctx, tx, []badges.Assertion{a})
		return err
	})
	key, err := s.config.Secret.Key("claim")
	must(t, err)
	token, err := credential.NewClaimLinks(key).Token(a.ID)
	must(t, err)
	if status, body := s.post(t, "/claim/"+token, url.Values{"decision": {"accept"}, "show_name": {"yes"}, "show_facts": {"yes"}}); status != http.StatusSeeOther {
		t.Fatalf("claiming answers %d: %s", status, body)
	}
}

// awards returns the service's own, without what follows an award, such as notices.
func (s *service) awards() award.Awards { return award.New(s.config.BaseURL, rand.Reader) }

// revoke revokes an award as a teacher does.
func (s *service) revoke(t *testing.T, a badges.Assertion) {
	t.Helper()
	storetest.Tx(t, s.app.Store(), func(ctx context.Context, tx *store.Tx) error {
		_, err := s.awards().TakeBack(ctx, tx, a.Course, a.Badge, a.ID, "3", "Copié")
		return err
	})
}

// replace has the learner of a claim the next step, which replaces a.
func (s *service) replace(t *testing.T, a badges.Assertion) {
	t.Helper()
	s.claimed(t, s.world.NextStep(t, s.app.Store(), a.Badge), a.User)
}

// makePrivate hides an award, as its learner can.
func (s *service) makePrivate(t *testing.T, a badges.Assertion) {
	t.Helper()
	storetest.Tx(t, s.app.Store(), func(ctx context.Context, tx *store.Tx) error {
		_, err := s.awards().MakePrivate(ctx, tx, a.ID)
		return err
	})
}

// erase erases an award, as its learner can.
func (s *service) erase(t *testing.T, a badges.Assertion) {
	t.Helper()
	storetest.Tx(t, s.app.Store(), func(ctx context.Context, tx *store.Tx) error { return s.awards().Erase(ctx, tx, a.ID) })
}

// get returns a file of the service.
func (s *service) get(t *testing.T, path string) []byte {
	t.Helper()
	return s.getAs(t, path, "*/*")
}

// getAs returns a document of the service in the form that accept asks for.
func (s *service) getAs(t *testing.T, path, accept string) []byte {
	t.Helper()
	status, body := s.ask(t, path, accept)
	if status != http.StatusOK {
		t.Fatalf("%s answers %d: %s", path, status, body)
	}
	return body
}

// ask is getAs for any status.
func (s *service) ask(t *testing.T, path, accept string) (status int, body []byte) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.config.BaseURL+path, nil)
	must(t, err)
	r.Header.Set("Accept", accept)
	return s.do(t, r)
}

func (s *service) post(t *testing.T, path string, form url.Values) (status int, body []byte) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.config.BaseURL+path, strings.NewReader(form.Encode()))
	must(t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.do(t, r)
}

func (s *service) do(t *testing.T, r *http.Request) (status int, body []byte) {
	t.Helper()
	w, err := s.client.Do(r)
	must(t, err)
	defer func() { must(t, w.Body.Close()) }()
	body, err = io.ReadAll(w.Body)
	must(t, err)
	return w.StatusCode, body
}
