package web_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/web/page"
)

// body is a form of a certain size. It counts how many bytes are read.
type body struct {
	io.Reader

	read int64
}

func newBody(size int64) *body {
	return &body{Reader: io.MultiReader(strings.NewReader("name="), io.LimitReader(letters{}, size-int64(len("name="))))}
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	b.read += int64(n)
	return n, err
}

// letters is an endless text.
type letters struct{}

func (letters) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

// TestBodyLimit checks how much of a request is read. A request that is too large is
// refused, and its body is read and discarded up to a limit, so that a browser can show
// the answer.
func TestBodyLimit(t *testing.T) {
	const drained = 64 << 20
	s := newSite(t)
	for _, tt := range []struct {
		name   string
		size   int64
		status int
		says   string
		read   int64
	}{
		{"as large as a request may be", page.MaxBody, http.StatusBadRequest, "The platform left out something", page.MaxBody},
		{"one byte more", page.MaxBody + 1, http.StatusUnprocessableEntity, "What was sent is too large", page.MaxBody + 1},
		{"much more", 4 * page.MaxBody, http.StatusUnprocessableEntity, "What was sent is too large", 4 * page.MaxBody},
		{"without an end", 1 << 40, http.StatusUnprocessableEntity, "What was sent is too large", page.MaxBody + 1 + drained},
	} {
		b := newBody(tt.size)
		r := httptest.NewRequest(http.MethodPost, page.LoginPath, b)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		a := s.Anybody().Do(r)
		if a.Status != tt.status || !a.Shows(tt.says) {
			t.Errorf("%s: status %d, %s", tt.name, a.Status, a.Text())
		}
		if b.read < tt.read-1 || b.read > tt.read {
			t.Errorf("%s: read %d bytes, want %d", tt.name, b.read, tt.read)
		}
	}
}

// TestUnreadableForm refuses text that databases refuse, and a broken form that could
// be read only in part.
func TestUnreadableForm(t *testing.T) {
	s := newSite(t)
	teacher := s.Open(t, page.Session{User: "3", Teacher: true})
	for _, text := range []string{"\x00", "\xff"} {
		a := teacher.Post(teacher.Who.Path("/badges/new"), url.Values{"name": {text}})
		if a.Status != http.StatusUnprocessableEntity || !a.Shows("The form could not be read.") {
			t.Errorf("%q: status %d, %s", text, a.Status, a.Text())
		}
	}
	for _, form := range []string{"name=Badge&description=%zz", "name=Badge;description=D"} {
		r := httptest.NewRequest(http.MethodPost, teacher.Who.Path("/badges/new"), strings.NewReader(form))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-CSRF-Token", teacher.CSRF) // as htmx does
		if a := teacher.Do(r); a.Status != http.StatusUnprocessableEntity || !a.Shows("The form could not be read.") {
			t.Errorf("%s: status %d, %s", form, a.Status, a.Text())
		}
	}
}

// TestTooLargeOverTheWire sends a form that is too large over a real connection. The
// client gets the answer, and the connection is not cut.
func TestTooLargeOverTheWire(t *testing.T) {
	s := newSite(t)
	server := httptest.NewServer(s.server.Handler())
	t.Cleanup(server.Close)
	client := http.Client{Timeout: time.Minute}
	answer, err := client.Post(server.URL+page.LoginPath, "application/x-www-form-urlencoded", newBody(2*page.MaxBody))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }() // we only read it
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(string(text), "What was sent is too large") {
		t.Errorf("%s, %v: %s", answer.Status, err, text)
	}
}
