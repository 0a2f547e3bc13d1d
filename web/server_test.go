package web_test

import (
	"bytes"
	"crypto/rand"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/badges/gradebook"
	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/evidence"
	"github.com/insigne-badges/insigne/internal/keyring"
	"github.com/insigne-badges/insigne/internal/secret"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/notify"
	"github.com/insigne-badges/insigne/web"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/webtest"
)

// site is an installation with all audiences.
type site struct {
	*webtest.Site

	config web.Config
	server *web.Server
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{Site: webtest.NewSite(t)}
	key, err := secret.New([]byte(strings.Repeat("k", secret.MinLength)), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ring := &keyring.Ring{Policy: keyring.ForLTI(), Rows: s.Store, Secret: key, Now: s.Clock.Now}
	tool, err := lti.New(lti.Config{
		BaseURL: webtest.BaseURL, LoginPath: page.LoginPath, LaunchPath: page.LaunchPath, KeysPath: page.KeysPath, Registrations: s.Store,
		Keys: noKeys{}, StateKey: bytes.Repeat([]byte("k"), 32), Client: http.DefaultClient, Now: s.Clock.Now, Rand: rand.Reader,
	})
	if err != nil {
		t.Fatal(err)
	}
	mailer, err := notify.NewMailer(notify.Config{Templates: s.Gates.Templates, Sender: s.Store, Now: s.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	sites := evidence.NewSites(s.Store, moodle.Config{HTTP: http.DefaultClient})
	invitations := connect.NewInvitations(s.Store, webtest.BaseURL, rand.Reader)
	s.config = web.Config{
		BaseURL: webtest.BaseURL, Links: s.Links, Store: s.Store, Keyring: ring, Keys: webtest.Keys{}, Issuers: keyring.NewIssuers(s.Store, key, s.Clock.Now), Tool: tool, Templates: s.Gates.Templates, Secret: key,
		Pictures: s.Library, Evidence: evidence.NewReader(sites, tool, s.Store), Awards: award.New(webtest.BaseURL, rand.Reader), Mailer: mailer,
		Columns:     &gradebook.Columns{Store: s.Store, Tool: tool, PublicURL: s.Links.Page, Now: s.Clock.Now},
		Invitations: invitations, Registration: connect.NewRegistration(s.Store, invitations, tool, connect.Client(tool.LaunchURL(), "")),
		Deployments: connect.NewDeployments(s.Store), Services: connect.NewServices(s.Store, sites), Connection: connect.NewConnection(s.Store, tool, nil),
		Diagnosis: connect.NewDiagnosis(s.Store, s.Clock.Now), SignIn: connect.NewSignIn(s.Store, webtest.BaseURL, rand.Reader),
		Now: s.Clock.Now, Rand: rand.Reader, Log: s.Gates.Log,
	}
	if s.server, err = web.New(s.config); err != nil {
		t.Fatal(err)
	}
	s.Serve(s.server.Handler())
	return s
}

// TestBaseURL refuses addresses that cannot be the start of a link.
func TestBaseURL(t *testing.T) {
	cfg := newSite(t).config
	for _, address := range []string{"", "badges.lutece.example", "https://", "https://badges.lutece.example/", "https://badges lutece"} {
		cfg.BaseURL = address
		if _, err := web.New(cfg); err == nil || !strings.Contains(err.Error(), "want scheme://host without a slash at the end") {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// listed is a row of the table in doc.go.
type listed struct{ Method, Path, Gate string }

var tableRow = regexp.MustCompile(`(?m)^//\t((?:GET|POST| )+) (/\S*) +(anybody|embedded|member|teacher|admin) +\S`)

// table returns the rows of the table in doc.go, one for each method.
func table(t *testing.T) (rows []listed) {
	t.Helper()
	source, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range tableRow.FindAllStringSubmatch(string(source), -1) {
		for _, method := range strings.Fields(row[1]) {
			rows = append(rows, listed{method, row[2], row[3]})
		}
	}
	return rows
}
