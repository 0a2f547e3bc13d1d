package gradebook_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"database/sql"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/gradebook"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/picture"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// world is a course of an LMS with a switched-on badge and the next step of it.
type world struct {
	*testing.T

	lms     *lms
	file    string // of the database
	store   *store.Store
	clock   *storetest.Clock
	columns *gradebook.Columns
	course  badges.CourseKey
	badge   badges.Badge
	higher  badges.Badge
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{T: t, lms: newLMS(t), file: storetest.SQLiteFile(t), clock: storetest.NewClock(time.Now())}
	w.store = storetest.OpenAt(t, "sqlite:"+w.file, w.clock)
	tool, err := lti.New(lti.Config{
		BaseURL: "https://tool.example", LoginPath: "/login", LaunchPath: "/launch", KeysPath: "/keys",
		Registrations: w.store, Keys: toolKey(), StateKey: bytes.Repeat([]byte("k"), 32),
		Client: http.DefaultClient, Now: w.clock.Now, Rand: rand.Reader, AllowHTTP: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.columns = &gradebook.Columns{
		Store: w.store, Tool: tool, Now: w.clock.Now,
		PublicURL: func(id badges.AssertionID) string { return "https://public.example/" + string(id) },
	}
	w.tx(w.seed)
	w.reset()
	return w
}

// reset removes all columns and lets the LMS answer everything, for the next
// row of a test. Making another world would take much longer.
func (w *world) reset() {
	w.Helper()
	w.lms.refuseAll(0)
	w.lms.lose()
	w.offer(lti.ScopeLineItem, lti.ScopeScore)
	w.tx(func(tx *store.Tx) error {
		err := tx.RemoveColumn(w.Context(), w.course, w.badge.ID)
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		return err
	})
}

func (w *world) seed(tx *store.Tx) error {
	ctx := w.Context()
	platform, err := tx.SavePlatform(ctx, lti.Registration{Issuer: w.lms.URL, ClientID: "c", TokenURL: w.lms.URL + "/token"}, "1", badges.ByPlatform)
	if err != nil {
		return err
	}
	w.course = badges.CourseKey{Platform: platform, Context: "2"}
	if err := tx.SeeCourse(ctx, badges.Course{CourseKey: w.course, Title: "Course"}); err != nil {
		return err
	}
	if err := tx.SavePicture(ctx, picture.Picture{Hash: "p", PNG: []byte("png")}); err != nil {
		return err
	}
	issuer, err := tx.SaveIssuer(ctx, badges.Issuer{Platform: platform, Name: "U", URL: "https://u.example", Email: "u@u.example"})
	if err != nil {
		return err
	}
	content := badges.Content{
		Name: "Badge", Description: "D", Language: "en", Picture: "p", Issuer: issuer, Rule: badges.Rule{Kind: badges.CourseCompleted}, ValidMonths: 1,
	}
	if w.badge, err = tx.CreateBadge(ctx, w.course, content, "3"); err != nil {
		return err
	}
	if w.higher, err = tx.CreateBadge(ctx, w.course, content, "3"); err != nil {
		return err
	}
	if err := tx.SetStep(ctx, w.course, w.higher.ID, w.badge.ID, "3"); err != nil {
		return err
	}
	if err := tx.SwitchBadge(ctx, w.course, w.badge.ID, badges.On, "3"); err != nil {
		return err
	}
	return tx.SwitchBadge(ctx, w.course, w.higher.ID, badges.On, "3")
}

func (w *world) tx(f func(*store.Tx) error) {
	w.Helper()
	if err := w.store.Tx(w.Context(), f); err != nil {
		w.Fatal(err)
	}
}

// services returns the services that the LMS offers with some scopes.
func (w *world) services(scopes ...string) lti.Services {
	return lti.Services{LineItemsURL: w.lms.URL + "/items", GradeScopes: scopes}
}

func (w *world) offer(scopes ...string) {
	w.Helper()
	w.tx(func(tx *store.Tx) error {
		return tx.Arrive(w.Context(), store.Arrival{
			Course: badges.Course{CourseKey: w.course, Title: "Course"}, Services: w.services(scopes...), Member: badges.Member{User: "3", Teaches: true},
		})
	})
}

// column returns the badge's column in the store; empty if there is none.
func (w *world) column() store.Column {
	w.Helper()
	c, err := w.store.Column(w.Context(), w.course, w.badge.ID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		w.Fatal(err)
	}
	return c
}

func (w *world) add() {
	w.Helper()
	if err := w.columns.Add(w.Context(), w.badge); err != nil {
		w.Fatal(err)
	}
}

func (w *world) remove() {
	w.Helper()
	if err := w.columns.Remove(w.Context(), w.course, w.badge.ID); err != nil {
		w.Fatal(err)
	}
}

// queued returns the learners whose scores wait in the queue.
func (w *world) queued() []string {
	w.Helper()
	db, err := sql.Open("sqlite", "file:"+w.file+"?_pragma=busy_timeout(10000)")
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = db.Close() }() // the connection was only read from
	rows, err := db.QueryContext(w.Context(), `select a.user_id from river_job j join assertions a on a.id = json_extract(j.args, '$.assertion') where j.kind = 'send_score'`)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = rows.Close() }() // Err below returns the error
	users := []string{}
	for rows.Next() {
		var user string
		if err := rows.Scan(&user); err != nil {
			w.Fatal(err)
		}
		users = append(users, user)
	}
	if err := rows.Err(); err != nil {
		w.Fatal(err)
	}
	slices.Sort(users)
	return users
}

// oneKey signs for the tool.
type oneKey struct{ private *rsa.PrivateKey }

// toolKey returns the same key each time: one takes long to make.
var toolKey = sync.OnceValue(func() oneKey {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return oneKey{private}
})

func (k oneKey) SigningKeys(context.Context) ([]lti.SigningKey, error) {
	return []lti.SigningKey{{ID: "key", Private: k.private}}, nil
}
