package teacher_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
)

// grades is the grade service of an LMS for one course.
type grades struct {
	*httptest.Server

	items map[string]map[string]any // by path
	fails bool
}

func newGrades(t *testing.T) *grades {
	g := &grades{items: map[string]map[string]any{}}
	g.Server = httptest.NewServer(g)
	t.Cleanup(g.Close)
	return g
}

// ServeHTTP grants every token and stores line items.
func (g *grades) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	item := g.items[r.URL.Path]
	var answer any = item
	switch {
	case r.URL.Path == "/token":
		_ = r.ParseForm() // a request without a scope gets none
		answer = map[string]any{"access_token": "t", "token_type": "Bearer", "expires_in": 3600, "scope": r.PostForm.Get("scope")}
	case g.fails:
		w.WriteHeader(http.StatusForbidden)
		return
	case r.URL.Path == "/items" && r.Method == http.MethodPost:
		item = map[string]any{}
		_ = json.NewDecoder(r.Body).Decode(&item) // a broken item has no label, which fails the test
		path := fmt.Sprint("/items/", len(g.items)+1)
		item["id"] = g.URL + path
		g.items[path], answer = item, item
	case r.URL.Path == "/items":
		list := []map[string]any{}
		for _, one := range g.items {
			list = append(list, one)
		}
		answer = list
	case item == nil:
		w.WriteHeader(http.StatusNotFound)
		return
	case r.Method == http.MethodDelete:
		delete(g.items, r.URL.Path)
	}
	_ = json.NewEncoder(w).Encode(answer) // an answer that does not arrive fails the test
}

// signer signs messages of the tool.
type signer struct{ private *rsa.PrivateKey }

// SigningKeys implements lti.Keys.
func (s signer) SigningKeys(context.Context) ([]lti.SigningKey, error) {
	return []lti.SigningKey{{ID: "key", Private: s.private}}, nil
}

// connect makes the LMS of the world's course offer a grade service.
func (w *world) connect(g *grades) {
	w.t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		w.t.Fatal(err)
	}
	w.handler.Columns.Tool, err = lti.New(lti.Config{
		BaseURL: "https://tool.example", LoginPath: "/login", LaunchPath: "/launch", KeysPath: "/keys",
		Registrations: w.Store, Keys: signer{private}, StateKey: bytes.Repeat([]byte("k"), 32),
		Client: http.DefaultClient, Now: w.Clock.Now, Rand: rand.Reader, AllowHTTP: true,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.handler.Columns.PublicURL = w.Links.Page
	w.tx(func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.SavePlatform(ctx, lti.Registration{Issuer: "https://lms.example.org", ClientID: "client", TokenURL: g.URL + "/token"}, "1", badges.ByPlatform)
		if err != nil {
			return err
		}
		return tx.Arrive(ctx, store.Arrival{
			Course:   badges.Course{CourseKey: w.World.Course, Title: "Course"},
			Services: lti.Services{LineItemsURL: g.URL + "/items", GradeScopes: []string{lti.ScopeLineItem, lti.ScopeScore}}, Member: people()[0],
		})
	})
}

// column returns the line item of a badge's column; empty if it has no column.
func (w *world) column(b badges.Badge) string {
	w.t.Helper()
	c, err := w.Store.Column(w.t.Context(), w.World.Course, b.ID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		w.t.Fatal(err)
	}
	return c.LineItem
}

// TestColumn adds the column of a badge to the LMS's gradebook and removes it.
func TestColumn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, lms := w.on("Exploration", both), newGrades(t)
	w.connect(lms)
	open, path := at(w.teacher, b.ID, ""), at(w.teacher, b.ID, "/column")
	expect(t, w.teacher.Get(open), http.StatusOK, "The course’s gradebook can have a column for this badge", "Add the column")
	// There is no column to remove.
	expect(t, w.teacher.Post(path, url.Values{"column": {"off"}}), http.StatusNotFound, "There is nothing at this address.")

	lms.fails = true
	got := w.teacher.Post(path, url.Values{"column": {"on"}})
	expect(t, got, http.StatusBadGateway, "The LMS does not grant Insigne this service.")
	if column := w.column(b); column != "" {
		t.Errorf("column %q after a failure", column)
	}
	lms.fails = false
	expectGoes(t, w.teacher.Post(path, url.Values{"column": {"on"}}), open)
	if column := w.column(b); column != lms.URL+"/items/1" || lms.items["/items/1"]["label"] != "Exploration" {
		t.Errorf("column %q, the LMS has %v", column, lms.items)
	}
	expect(t, w.teacher.Get(open), http.StatusOK, "The gradebook has a column for this badge.", "Remove the column and its grades")
	// A second press adds no second column.
	expectGoes(t, w.teacher.Post(path, url.Values{"column": {"on"}}), open)
	if len(lms.items) != 1 {
		t.Errorf("the LMS has %d columns, want 1", len(lms.items))
	}
	french := w.teacher
	french.Language = "fr"
	expect(t, french.Get(open), http.StatusOK, "Le carnet de notes a une colonne pour ce badge.")

	expectGoes(t, w.teacher.Post(path, url.Values{"column": {"off"}}), open)
	if column := w.column(b); column != "" || len(lms.items) != 0 {
		t.Errorf("column %q, the LMS has %v", column, lms.items)
	}
}

// TestNoColumn offers no column if the LMS accepts none.
func TestNoColumn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, lms := w.on("Exploration", both), newGrades(t)
	w.connect(lms)
	w.tx(func(ctx context.Context, tx *store.Tx) error {
		return tx.Arrive(ctx, store.Arrival{Course: badges.Course{CourseKey: w.World.Course, Title: "Course"}, Member: people()[0]})
	})
	expectNot(t, w.teacher.Get(at(w.teacher, b.ID, "")), "Gradebook")
	got := w.teacher.Post(at(w.teacher, b.ID, "/column"), url.Values{"column": {"on"}})
	expect(t, got, http.StatusBadGateway, "The LMS offers no such service here.")
	if column := w.column(b); column != "" || len(lms.items) != 0 || strings.Contains(w.Log.String(), "internal error") {
		t.Errorf("column %q, the LMS has %v", column, lms.items)
	}
}

// TestPlacedColumn gives up a column that came with an activity. It stays in the LMS,
// but Insigne sends no scores to it any more.
func TestPlacedColumn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, lms := w.on("Exploration", both), newGrades(t)
	w.connect(lms)
	lms.items["/items/7"] = map[string]any{"id": lms.URL + "/items/7", "label": "Exploration"}
	w.tx(func(ctx context.Context, tx *store.Tx) error {
		return tx.AddColumn(ctx, w.World.Course, b.ID, store.Column{LineItem: lms.URL + "/items/7", Placed: true})
	})
	open := at(w.teacher, b.ID, "")
	expect(t, w.teacher.Get(open), http.StatusOK, "It came with the activity placed in the course, and goes with it.", "Stop filling the column: its grades stay")
	expectGoes(t, w.teacher.Post(open+"/column", url.Values{"column": {"off"}}), open)
	if column := w.column(b); column != "" || len(lms.items) != 1 {
		t.Errorf("column %q, the LMS has %v", column, lms.items)
	}
}
