package e2e_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/app"
	"github.com/insigne-badges/insigne/campus"
	"github.com/insigne-badges/insigne/web"
)

// seededDemo is a demo whose background work never begins: nothing changes but
// by what a test does.
func seededDemo(t *testing.T) *demo {
	t.Helper()
	d := newDemo(t, campus.Faults{})
	serveCampus(t, d)
	must(t, d.Seed(t.Context()))
	d.serveWeb(t)
	return d
}

// serveWeb lets the campus reach Insigne's keys.
func (d *demo) serveWeb(t *testing.T) {
	t.Helper()
	server := &http.Server{Handler: d.App.Handler(), ReadHeaderTimeout: time.Second}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = server.Serve(d.Web) }() // ends by being closed
	t.Cleanup(func() { _ = server.Close(); <-ended })
}

// work does the background work until the test ends.
func (d *demo) work(t *testing.T) {
	t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- d.App.Work(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("the background work ended with %v", err)
		}
	})
}

// workEnds waits until background work has nothing left to do: no notice or
// reminder is due, and no job is left in the queue.
func (d *demo) workEnds(t *testing.T) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+strings.TrimPrefix(d.Config.DatabaseURL, "sqlite:")+"?mode=ro&_pragma=busy_timeout(10000)")
	must(t, err)
	defer func() { must(t, db.Close()) }()
	const unfinished = "select id from river_job where state in ('available', 'pending', 'retryable', 'running', 'scheduled')"
	eventually(t, "the end of the background work", func() bool {
		reminders, err := d.App.Store().RemindersDue(t.Context())
		must(t, err)
		notices, err := d.App.Store().UnqueuedNotices(t.Context())
		must(t, err)
		return !reminders && !notices && len(texts(t, db, unfinished)) == 0
	})
}

// another connects a second LMS to the same installation. Its courses, people
// and addresses are those of the first: only the platform differs.
func (d *demo) another(t *testing.T) *demo {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	t.Cleanup(server.Close)
	address := "http://" + server.Listener.Addr().String()
	c, err := campus.New(campus.Config{BaseURL: address, Now: time.Now, Rand: rand.Reader, Client: http.DefaultClient, Log: d.Config.Log})
	must(t, err)
	t.Cleanup(func() { _ = c.Close() }) // its mail server never served
	server.Config.Handler = c.Handler()
	server.Start()
	other := newHarness(&app.Demo{Config: d.Config, App: d.App, Campus: c, CampusURL: address})
	_, err = other.Register(t.Context())
	must(t, err)
	return other
}

var tableName = regexp.MustCompile(`^\w+$`)

// rows is every row of the database, as text.
func (d *demo) rows(t *testing.T) []string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+strings.TrimPrefix(d.Config.DatabaseURL, "sqlite:")+"?mode=ro")
	must(t, err)
	defer func() { must(t, db.Close()) }()
	var rows []string
	for _, name := range texts(t, db, "select name from sqlite_master where type = 'table' order by name") {
		if !tableName.MatchString(name) {
			t.Fatalf("table %q", name)
		}
		for _, row := range texts(t, db, "select * from "+name) {
			rows = append(rows, name+" "+row)
		}
	}
	slices.Sort(rows)
	return rows
}

// texts reads each row as one text.
func texts(t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	found, err := db.QueryContext(t.Context(), query)
	must(t, err)
	defer func() { must(t, found.Close()) }()
	columns, err := found.Columns()
	must(t, err)
	var list []string
	for found.Next() {
		values, into := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		must(t, found.Scan(into...))
		row := make([]string, len(columns))
		for i, v := range values {
			row[i] = v.String
		}
		list = append(list, strings.Join(row, "|"))
	}
	must(t, found.Err())
	return list
}

// without are the rows of a that b lacks.
func without(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(row string) bool {
		_, found := slices.BinarySearch(b, row)
		return found
	})
}

func (d *demo) routes(t *testing.T) []web.Route {
	t.Helper()
	routes, err := d.App.Routes()
	if err != nil || len(routes) < 50 {
		t.Fatalf("%d routes, %v", len(routes), err)
	}
	return routes
}

var pathVariable = regexp.MustCompile(`\{(\w+)(?::(?:[^{}]|\{[^{}]*\})*)?\}`)

// filled is a route's path with its variables replaced. A variable nobody
// thought of fails the test: it has to be given a value that matters.
func filled(t *testing.T, path string, values map[string]string) string {
	t.Helper()
	return pathVariable.ReplaceAllStringFunc(path, func(variable string) string {
		name := pathVariable.FindStringSubmatch(variable)[1]
		value, ok := values[name]
		if !ok {
			t.Fatalf("say what {%s} of %s stands for", name, path)
		}
		return url.PathEscape(value)
	})
}

// ask sends a request without a form, or with one.
func (v visitor) ask(t *testing.T, method, path string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return v.do(t, r)
}

var csrfMeta = regexp.MustCompile(`<meta name="csrf" content="([^"]+)">`)

// token is what every form of a session carries.
func (v visitor) token(t *testing.T, page string) string {
	t.Helper()
	w := v.get(t, page)
	found := csrfMeta.FindStringSubmatch(w.Body.String())
	if found == nil {
		t.Fatalf("%s carries no token: %d %s", page, w.Code, said(w))
	}
	return found[1]
}

// launched posts the answer of the LMS to a login, its claims changed.
func (v visitor) launched(t *testing.T, user int64, query string, change func(claims map[string]any)) *httptest.ResponseRecorder {
	t.Helper()
	nonce, state := v.login(t, user)
	token, err := v.Campus.MintLaunch(v.client(t), user, nonce, change)
	must(t, err)
	return v.post(t, "/lti/launch"+query, url.Values{"id_token": {token}, "state": {state}})
}

// plain is a text as said returns it: French spaces are spaces.
func plain(text string) string { return strings.Join(strings.Fields(text), " ") }

func (r rowChange) String() string {
	return fmt.Sprintf("gone:\n  %s\nnew:\n  %s", strings.Join(r.gone, "\n  "), strings.Join(r.added, "\n  "))
}

// rowChange is what differs between two moments.
type rowChange struct{ gone, added []string }

func changed(before, after []string) rowChange {
	return rowChange{without(before, after), without(after, before)}
}

func (r rowChange) nothing() bool { return len(r.gone)+len(r.added) == 0 }
