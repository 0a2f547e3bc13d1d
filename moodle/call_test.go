package moodle_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/moodle"
)

// Attack: the server at the address answers with a redirect. Following it would send
// the form, with the token, to another host.
func TestRedirectDoesNotCarryTheToken(t *testing.T) {
	var stolen atomic.Bool
	thief := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		stolen.Store(true)
		t.Errorf("the redirect was followed: %s", r.FormValue("wstoken"))
	}))
	defer thief.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, thief.URL, status)
		}))
		c := newClient(t, moodle.Config{BaseURL: site.URL, HTTP: site.Client()})
		_, err := c.Grades(t.Context(), "2")
		site.Close()
		if moodle.ReasonOf(err) != moodle.Moved {
			t.Errorf("status %d: %v, want Moved", status, err)
		}
	}
	if stolen.Load() {
		t.Error("the token went elsewhere")
	}
}

// After a network failure, calls that read are tried once more. A message is sent only
// once, because it may have arrived.
func TestRepeats(t *testing.T) {
	tests := map[string]struct {
		call  func(context.Context, *moodle.Client) error
		fails int
		tries int
		want  moodle.Reason
	}{
		"read, one failure":  {readGrades, 1, 2, ""},
		"read, two failures": {readGrades, 2, 2, moodle.Unreachable},
		"message": {func(ctx context.Context, c *moodle.Client) error {
			return c.SendMessage(ctx, "6", "hi")
		}, 1, 1, moodle.Unreachable},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			tries := 0
			c := fake(t, func(*http.Request) (*http.Response, error) {
				if tries++; tries <= tt.fails {
					return nil, errors.New("connection reset by peer")
				}
				return respond(200, `{"usergrades":[]}`), nil
			})
			err := tt.call(t.Context(), c)
			if moodle.ReasonOf(err) != tt.want || tries != tt.tries {
				t.Errorf("%d tries, %v; want %d, %q", tries, err, tt.tries, tt.want)
			}
		})
	}
}

func readGrades(ctx context.Context, c *moodle.Client) error {
	_, err := c.Grades(ctx, "2")
	return err
}

// A connection that breaks in the middle is not reported as invalid JSON, and the part
// that was read is dropped.
func TestIncompleteAnswerIsReadAgain(t *testing.T) {
	tries := 0
	c := fake(t, func(*http.Request) (*http.Response, error) {
		resp := respond(200, `{"usergrades":[{"userid":6,"gradeitems":[]}]}`)
		if tries++; tries == 1 {
			half := `{"usergrades":[{"userid":7,"gradeitems":[]},`
			resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(half), broken{}))
		}
		return resp, nil
	})
	grades, err := c.Grades(t.Context(), "2")
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := grades["6"]; !ok || len(grades) != 1 {
		t.Errorf("grades %v, want those of the second answer", grades)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// Attack on memory: an answer without end.
func TestHugeAnswer(t *testing.T) {
	tests := map[string]struct {
		start string
		read  func(context.Context, *moodle.Client) error
	}{
		"list":    {"[", readRoster},
		"text":    {`[{"fullname":"`, readRoster},
		"grades":  {`{"usergrades":[`, readGrades},
		"no JSON": {" ", readGrades},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var served atomic.Int64
			c := newClient(t, moodle.Config{
				BaseURL: "https://moodle.example.org", MaxBody: 1 << 20,
				HTTP: &http.Client{Transport: transport(func(*http.Request) (*http.Response, error) {
					resp := respond(200, "")
					resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(tt.start), endlessSpaces{&served}))
					return resp, nil
				})},
			})
			if err := tt.read(t.Context(), c); moodle.ReasonOf(err) != moodle.TooLarge {
				t.Errorf("%v, want TooLarge", err)
			}
			if served.Load() > 2<<20 {
				t.Errorf("%d bytes were read", served.Load())
			}
		})
	}
}

func readRoster(ctx context.Context, c *moodle.Client) error {
	_, err := c.Roster(ctx, "2")
	return err
}

type endlessSpaces struct{ served *atomic.Int64 }

func (e endlessSpaces) Read(p []byte) (int, error) {
	copy(p, bytes.Repeat([]byte(" "), len(p)))
	e.served.Add(int64(len(p)))
	return len(p), nil
}

func TestDeadlines(t *testing.T) {
	silent := transport(func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	})
	t.Run("the site is slow", func(t *testing.T) {
		c := newClient(t, moodle.Config{
			BaseURL: "https://moodle.example.org", Timeout: time.Millisecond, HTTP: &http.Client{Transport: silent},
		})
		_, err := c.Grades(t.Context(), "2")
		if moodle.ReasonOf(err) != moodle.Timeout || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v, want Timeout", err)
		}
	})
	t.Run("the caller gives up", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := fake(t, silent).Grades(ctx, "2")
		if moodle.ReasonOf(err) != moodle.Interrupted || !errors.Is(err, context.Canceled) {
			t.Errorf("%v, want Interrupted", err)
		}
	})
}

// Many learners must not become many calls at once.
func TestParallelCallsAreLimited(t *testing.T) {
	var now, most atomic.Int32
	both := make(chan struct{})
	var reached sync.Once
	c := newClient(t, moodle.Config{
		BaseURL: "https://moodle.example.org", Parallel: 2,
		HTTP: &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
			if err := r.ParseForm(); err != nil {
				return nil, err
			}
			if r.PostForm.Get("wsfunction") == "tool_mobile_call_external_functions" {
				return respond(200, `{"exception":"x","errorcode":"accessexception"}`), nil
			}
			n := now.Add(1)
			if n == 2 {
				reached.Do(func() { close(both) })
			}
			for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
			}
			<-both // the first call waits until a second is running
			defer now.Add(-1)
			return respond(200, `{"completionstatus":{"completed":true}}`), nil
		})},
	})
	var group sync.WaitGroup
	for range 2 {
		group.Go(func() {
			_, err := c.CourseCompletions(t.Context(), "2", []moodle.UserID{"1", "2", "3", "4", "5", "6", "7", "8"})
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if most.Load() != 2 {
		t.Errorf("%d calls at once, want 2", most.Load())
	}
}

// If the site fails, the reading of learners stops; they are not marked as unread.
func TestSiteFailureStops(t *testing.T) {
	failures := map[string]moodle.Reason{
		`{"exception":"x","errorcode":"invalidtoken"}`:    moodle.TokenInvalid,
		`{"exception":"x","errorcode":"sitemaintenance"}`: moodle.Maintenance,
		`{"exception":"x","errorcode":"nocriteriaset"}`:   moodle.NoCriteria,
		`<html>`: moodle.NotJSON,
	}
	users := []moodle.UserID{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19"}
	for body, want := range failures {
		s := newSite(t, map[string]answer{"core_completion_get_course_completion_status": text(body)})
		got, err := s.client().CourseCompletions(t.Context(), "2", users)
		if moodle.ReasonOf(err) != want || got.Read != nil || got.Unread != nil {
			t.Errorf("%s: %v, want %q", body, err, want)
		}
		if n := s.count("core_completion_get_course_completion_status"); n >= len(users) {
			t.Errorf("%s: asked %d times", body, n)
		}
	}
}
