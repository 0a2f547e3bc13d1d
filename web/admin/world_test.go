package admin_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"database/sql"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/evidence"
	"github.com/insigne-badges/insigne/internal/keyring"
	"github.com/insigne-badges/insigne/internal/secret"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/notify"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
	"github.com/insigne-badges/insigne/web/admin"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/webtest"
)

// site is an installation with a platform.
type site struct {
	*webtest.Site

	handler *admin.Handler
	ring    *keyring.Ring
	orgKeys *keyring.Issuers
}

func newSite(t *testing.T) *site { return newSiteWithMail(t, "") }

// newSiteWithMail returns a site with a mail server; smtpURL may be empty.
func newSiteWithMail(t *testing.T, smtpURL string) *site {
	t.Helper()
	s := &site{Site: webtest.NewSite(t)}
	key, err := secret.New([]byte(strings.Repeat("k", secret.MinLength)), rand.Reader)
	must(t, err)
	s.ring = &keyring.Ring{Policy: keyring.ForLTI(), Rows: s.Store, Secret: key, Now: s.Clock.Now}
	s.orgKeys = keyring.NewIssuers(s.Store, key, s.Clock.Now)
	tool, err := lti.New(lti.Config{
		BaseURL: webtest.BaseURL, LoginPath: page.LoginPath, LaunchPath: page.LaunchPath, KeysPath: page.KeysPath, Registrations: s.Store,
		Keys: ownKey{}, StateKey: bytes.Repeat([]byte("k"), 32), Client: http.DefaultClient, Now: s.Clock.Now, Rand: rand.Reader, AllowHTTP: true,
	})
	must(t, err)
	mailer, err := notify.NewMailer(notify.Config{
		SMTPURL: smtpURL, From: "noreply@badges.lutece.example", Host: "badges.lutece.example", Templates: s.Gates.Templates, Sender: s.Store, Now: s.Clock.Now,
	})
	must(t, err)
	sites := evidence.NewSites(s.Store, moodle.Config{
		HTTP: http.DefaultClient, Now: s.Clock.Now, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	invitations := connect.NewInvitations(s.Store, webtest.BaseURL, rand.Reader)
	client := connect.Client(tool.LaunchURL(), webtest.BaseURL+"/icon.svg")
	s.handler = &admin.Handler{
		Gates: s.Gates, Store: s.Store, Keyring: s.ring, Issuers: s.orgKeys, DID: s.Links.DID, Mailer: mailer, BaseURL: webtest.BaseURL, Invitations: invitations,
		Registration: connect.NewRegistration(s.Store, invitations, tool, client), Deployments: connect.NewDeployments(s.Store),
		Services: connect.NewServices(s.Store, sites), Connection: connect.NewConnection(s.Store, tool, client.Scopes),
		Diagnosis: connect.NewDiagnosis(s.Store, s.Clock.Now), SignIn: connect.NewSignIn(s.Store, webtest.BaseURL, rand.Reader),
		PictureURL: s.Links.Picture,
	}
	s.Mount(s.handler)
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// ownKey signs messages of the tool. It is made once, because that is slower than the
// tests.
type ownKey struct{}

var newKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

func (ownKey) SigningKeys(context.Context) ([]lti.SigningKey, error) {
	key, err := newKey()
	return []lti.SigningKey{{ID: "own", Private: key}}, err
}

// path returns the path of the platform's page, or of a form on it.
func (s *site) path(form string) string {
	return "/admin/platforms/" + string(s.World.Course.Platform) + form
}

func (s *site) tx(t *testing.T, f func(ctx context.Context, tx *store.Tx) error) {
	t.Helper()
	storetest.Tx(t, s.Store, f)
}

// another saves another platform with the address.
func (s *site) another(t *testing.T, address string) (id badges.PlatformID) {
	t.Helper()
	s.tx(t, func(ctx context.Context, tx *store.Tx) (err error) {
		id, err = tx.SavePlatform(ctx, lti.Registration{Issuer: address, ClientID: "other", TokenURL: address + "/token", Name: "Other"}, "1", badges.ByAdmin)
		return err
	})
	return id
}

// platform returns the stored platform.
func (s *site) platform(t *testing.T) store.Platform {
	t.Helper()
	p, err := s.Store.Platform(t.Context(), s.World.Course.Platform)
	must(t, err)
	return p
}

func (s *site) platforms(t *testing.T) []store.Platform {
	t.Helper()
	list, err := s.Store.Platforms(t.Context())
	must(t, err)
	return list
}

func (s *site) issuers(t *testing.T, platform badges.PlatformID) []badges.Issuer {
	t.Helper()
	list, err := s.Store.Issuers(t.Context(), platform)
	must(t, err)
	return list
}

// acts returns the actions in the audit log about a platform, the oldest first. If
// platform is empty, they are about the installation.
func (s *site) acts(t *testing.T, platform badges.PlatformID) (acts []string) {
	t.Helper()
	entries, err := s.Store.AuditLog(t.Context(), badges.CourseKey{Platform: platform}, 100)
	must(t, err)
	slices.SortStableFunc(entries, func(a, b badges.AuditEntry) int { return a.At.Compare(b.At) })
	for _, e := range entries {
		acts = append(acts, e.Actor+" "+string(e.Action))
	}
	return acts
}

// column returns the values of a column as the database has them.
func (s *site) column(t *testing.T, query string) (values []string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+strings.TrimPrefix(s.Address, "sqlite:")+"?_pragma=query_only(1)&_pragma=busy_timeout(10000)")
	must(t, err)
	defer func() { _ = db.Close() }() // we only read
	rows, err := db.QueryContext(t.Context(), query)
	must(t, err)
	defer func() { _ = rows.Close() }() // rows.Err below reports errors
	for rows.Next() {
		var value []byte
		must(t, rows.Scan(&value))
		values = append(values, string(value))
	}
	must(t, rows.Err())
	return values
}

// leadsTo checks that a form was accepted and redirects to path.
func leadsTo(t *testing.T, a webtest.Answer, path string) {
	t.Helper()
	if a.Status != http.StatusSeeOther || a.Header.Get("Location") != path {
		t.Errorf("status %d, to %q, want %q: %s", a.Status, a.Header.Get("Location"), path, a.Text())
	}
}

// shows checks the status of an answer and its text.
func shows(t *testing.T, a webtest.Answer, status int, texts ...string) {
	t.Helper()
	if a.Status != status || !a.Shows(texts...) {
		t.Errorf("status %d, want %d and %q: %s", a.Status, status, texts, a.Text())
	}
}

// failingNotice is a notice that could not be sent, and waits.
func (s *site) failingNotice(t *testing.T) badges.SendNotice {
	t.Helper()
	of := badges.SendNotice{Assertion: s.GiveAward(t, badges.UserID(uuid.NewString()), badges.Pending).ID, Channel: badges.ByMail, About: badges.OfAward}
	s.tx(t, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.AddNotices(ctx, []badges.AssertionID{of.Assertion}, of.About, false); err != nil {
			return err
		}
		return tx.NoticeFailed(ctx, of, "mail.recipient_refused")
	})
	return of
}
