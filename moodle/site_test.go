package moodle_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/moodle"
)

// canary is the token of all tests. It may appear only in requests.
const canary = "canary0123456789abcdef0123456789"

// site is a fake Moodle that replays recordings, by function.
type site struct {
	*httptest.Server
	t       *testing.T
	mu      sync.Mutex
	answers map[string]answer
	calls   []url.Values
}

// answer returns the status and body for a call.
type answer func(form url.Values) (int, []byte)

func newSite(t *testing.T, answers map[string]answer) *site {
	t.Helper()
	s := &site{t: t, answers: answers}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

func (s *site) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Errorf("read form: %v", err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if err := r.ParseForm(); err != nil {
		s.t.Errorf("parse form: %v", err)
	}
	inOrder(s.t, string(body))
	s.mu.Lock()
	s.calls = append(s.calls, r.PostForm)
	reply, ok := s.answers[r.PostForm.Get("wsfunction")]
	s.mu.Unlock()
	switch {
	case r.URL.Path != "/webservice/rest/server.php", r.Method != http.MethodPost, r.URL.RawQuery != "":
		s.t.Errorf("asked %s %s", r.Method, r.URL)
	case r.PostForm.Get("wstoken") != canary, r.PostForm.Get("moodlewsrestformat") != "json":
		s.t.Errorf("form %v lacks token or format", r.PostForm)
	}
	if !ok {
		reply = recorded(s.t, "ws-error-function-not-in-service")
	}
	status, body := reply(r.PostForm)
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

var firstIndex = regexp.MustCompile(`^(\w+)\[(\d+)\]`)

// inOrder fails the test unless the elements of lists are in the order of their
// numbers: Moodle uses the order of arrival and ignores the numbers.
func inOrder(t *testing.T, body string) {
	last := map[string]int{}
	for pair := range strings.SplitSeq(body, "&") {
		name, _, _ := strings.Cut(pair, "=")
		name, _ = url.QueryUnescape(name)
		m := firstIndex.FindStringSubmatch(name)
		if m == nil {
			continue
		}
		at, _ := strconv.Atoi(m[2])
		if at < last[m[1]] {
			t.Errorf("%s comes after element %d", name, last[m[1]])
		}
		last[m[1]] = at
	}
}

// count returns how often the function was called.
func (s *site) count(function string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, form := range s.calls {
		if form.Get("wsfunction") == function {
			n++
		}
	}
	return n
}

func (s *site) client() *moodle.Client {
	s.t.Helper()
	return newClient(s.t, moodle.Config{BaseURL: s.URL, HTTP: s.Client(), Timeout: 10 * time.Second})
}

func newClient(t *testing.T, cfg moodle.Config) *moodle.Client {
	t.Helper()
	cfg.Token = canary
	if cfg.Sleep == nil {
		cfg.Sleep = noPause
	}
	c, err := moodle.New(cfg)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return c
}

// noPause skips the pause before the second try of a call.
func noPause(ctx context.Context, _ time.Duration) error { return ctx.Err() }

type exchange struct {
	Response struct {
		Status  int               `json:"status"`
		Headers map[string]string `json:"headers"`
		JSON    json.RawMessage   `json:"json"`
		Raw     string            `json:"raw_body"`
	} `json:"response"`
}

func (e exchange) body() []byte {
	if e.Response.JSON != nil {
		return e.Response.JSON
	}
	return []byte(e.Response.Raw)
}

func read(t testing.TB, name string, into any) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// recorded replays a recording with one exchange.
func recorded(t testing.TB, name string) answer {
	t.Helper()
	var e exchange
	read(t, name, &e)
	return func(url.Values) (int, []byte) { return e.Response.Status, e.body() }
}

// recordedCase replays one exchange of a recording with several.
func recordedCase(t testing.TB, name, key string) answer {
	t.Helper()
	var r struct {
		Cases map[string]exchange `json:"cases"`
	}
	read(t, name, &r)
	e, ok := r.Cases[key]
	if !ok {
		t.Fatalf("%s has no case %s", name, key)
	}
	return func(url.Values) (int, []byte) { return e.Response.Status, e.body() }
}

func text(body string) answer {
	return func(url.Values) (int, []byte) { return http.StatusOK, []byte(body) }
}

// byUser chooses the answer by the requested learner.
func byUser(t testing.TB, names map[string]string) answer {
	t.Helper()
	answers := map[string]answer{}
	for user, name := range names {
		answers[user] = recorded(t, name)
	}
	return func(form url.Values) (int, []byte) {
		if a, ok := answers[form.Get("userid")]; ok {
			return a(form)
		}
		return http.StatusOK, []byte(`{"exception":"dml_missing_record_exception","errorcode":"invaliduser","message":"Invalid user"}`)
	}
}

// option returns an option of core_enrol_get_enrolled_users.
func option(form url.Values, name string) string {
	for i := range 9 {
		at := "options[" + strconv.Itoa(i) + "]"
		if form.Get(at+"[name]") == name {
			return form.Get(at + "[value]")
		}
	}
	return ""
}

// enrolled serves the recorded roster in pages, as Moodle does.
func enrolled(t testing.TB) answer {
	t.Helper()
	var all, suspended []map[string]any
	var e exchange
	read(t, "ws-enrolled-users", &e)
	if err := json.Unmarshal(e.body(), &all); err != nil {
		t.Fatal(err)
	}
	read(t, "ws-enrolled-users-suspended", &e)
	if err := json.Unmarshal(e.body(), &suspended); err != nil {
		t.Fatal(err)
	}
	return paged(all, func(u map[string]any) bool { return u["id"] != suspended[0]["id"] })
}

func paged(all []map[string]any, active func(map[string]any) bool) answer {
	return func(form url.Values) (int, []byte) {
		list := []map[string]any{}
		for _, u := range all {
			if option(form, "onlyactive") != "1" || active(u) {
				list = append(list, u)
			}
		}
		from, _ := strconv.Atoi(option(form, "limitfrom"))
		limit, _ := strconv.Atoi(option(form, "limitnumber"))
		from = min(from, len(list))
		raw, _ := json.Marshal(list[from:min(from+limit, len(list))])
		return http.StatusOK, raw
	}
}

// course has all answers about the recorded course.
func course(t testing.TB) map[string]answer {
	t.Helper()
	one := recorded(t, "ws-grade-items-one")
	all := recorded(t, "ws-grade-items-all")
	return map[string]answer{
		"core_webservice_get_site_info":    recorded(t, "ws-site-info"),
		"core_enrol_get_enrolled_users":    enrolled(t),
		"core_user_get_users_by_field":     recorded(t, "ws-users-by-id"),
		"core_course_get_contents":         recorded(t, "ws-course-contents"),
		"core_course_get_courses_by_field": recorded(t, "ws-courses-by-field"),
		"gradereport_user_get_grade_items": func(form url.Values) (int, []byte) {
			if form.Get("userid") == "0" {
				return all(form)
			}
			return one(form)
		},
		"core_completion_get_course_completion_status": byUser(t, map[string]string{
			"6": "ws-course-completion-complete", "10": "ws-course-completion-incomplete",
			"11": "ws-course-completion-untouched", "12": "ws-course-completion-suspended-enrolment",
			"3": "ws-course-completion-teacher", "13": "ws-course-completion-suspended-account",
		}),
		"core_completion_get_activities_completion_status": byUser(t, map[string]string{
			"6": "ws-activities-completion-complete", "10": "ws-activities-completion-failed",
			"11": "ws-activities-completion-untouched", "17": "ws-activities-completion-overridden",
		}),
	}
}
