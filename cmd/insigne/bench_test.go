package main

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/campus"
)

// BenchmarkLaunch measures what one launch costs the service, from the login
// initiation to the rendered first page, over HTTP, on SQLite with durable
// commits. The service runs in a process of its own, so that cpu-ms/launch is
// its alone: the platform's signing and the client do not count.
//
//	go test ./cmd/insigne -run '^$' -bench Launch -count 6
func BenchmarkLaunch(b *testing.B) {
	for _, bm := range []struct {
		name    string
		user    int64
		clients int
	}{{"teacher", 3, 1}, {"learner", 6, 1}, {"learner-8-clients", 6, 8}} {
		b.Run(bm.name, func(b *testing.B) {
			l := newLauncher(b)
			for range 20 { // caches are filled and the course is noted
				l.launch(b, bm.user)
			}
			b.ResetTimer()
			before, start := l.cpu(b), time.Now()
			var left atomic.Int64
			left.Store(int64(b.N))
			done := make(chan struct{})
			for i := range bm.clients {
				go func() {
					defer func() { done <- struct{}{} }()
					for left.Add(-1) >= 0 {
						l.launch(b, bm.user+int64(i))
					}
				}()
			}
			for range bm.clients {
				<-done
			}
			b.ReportMetric(float64((l.cpu(b)-before).Microseconds())/1000/float64(b.N), "cpu-ms/launch")
			b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "launches/s")
		})
	}
}

// launcher is a platform and the browsers of its people.
type launcher struct {
	*demo
	pid    int
	id     string
	client http.Client
}

func newLauncher(b *testing.B) *launcher {
	b.Helper()
	d := newLoggedDemo(b, campus.Faults{}, slog.New(slog.DiscardHandler))
	serveCampus(b, d)
	if _, err := d.register(b.Context()); err != nil {
		b.Fatal(err)
	}
	if err := d.web.Close(); err != nil {
		b.Fatal(err)
	}
	l := &launcher{demo: d, id: visitor{demo: d}.client(b), client: http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: 16},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	l.pid, _ = d.serve(b)
	eventually(b, "the service", func() bool {
		resp, err := l.client.Get(d.url + "/readyz")
		return err == nil && resp.Body.Close() == nil && resp.StatusCode == http.StatusOK
	})
	return l
}

// launch goes from the login initiation to the first page.
func (l *launcher) launch(b *testing.B, user int64) {
	initiation := url.Values{
		"iss": {l.campusURL}, "client_id": {l.id}, "login_hint": {fmt.Sprint(user)}, "target_link_uri": {l.url + "/lti/launch"},
	}
	login := l.do(b, http.MethodGet, l.url+"/lti/login?"+initiation.Encode(), nil, nil, http.StatusFound) //nolint:bodyclose // do closes it
	to, err := url.Parse(login.Header.Get("Location"))
	if err != nil {
		b.Error(err)
		return
	}
	token, err := l.campus.MintLaunch(l.id, user, to.Query().Get("nonce"), nil)
	if err != nil {
		b.Error(err)
		return
	}
	form := url.Values{"id_token": {token}, "state": {to.Query().Get("state")}}
	launched := l.do(b, http.MethodPost, l.url+"/lti/launch", form, login.Cookies(), http.StatusSeeOther)  //nolint:bodyclose // as above
	l.do(b, http.MethodGet, l.url+launched.Header.Get("Location"), nil, launched.Cookies(), http.StatusOK) //nolint:bodyclose // as above
}

func (l *launcher) do(b *testing.B, method, address string, form url.Values, cookies []*http.Cookie, want int) *http.Response {
	req, err := http.NewRequestWithContext(b.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		b.Error(err)
		return &http.Response{}
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, c := range cookies {
		req.AddCookie(c)
	}
	resp, err := l.client.Do(req)
	if err != nil {
		b.Error(err)
		return &http.Response{}
	}
	defer func() { _ = resp.Body.Close() }()
	if body, err := io.ReadAll(resp.Body); err != nil || resp.StatusCode != want {
		b.Errorf("%s %s answers %d, %v: %.200s", method, address, resp.StatusCode, err, body)
	}
	return resp
}

// ticksPerSecond is what Linux counts processor time in.
const ticksPerSecond = 100

// cpu is the processor time the service has used so far.
func (l *launcher) cpu(b *testing.B) time.Duration {
	b.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", l.pid))
	if err != nil {
		b.Skip("processor time is read from /proc")
	}
	_, after, _ := strings.Cut(string(stat), ") ") // the name before may hold anything
	fields := strings.Fields(after)
	user, err := strconv.ParseInt(fields[11], 10, 64)
	if err != nil {
		b.Fatal(err)
	}
	system, err := strconv.ParseInt(fields[12], 10, 64)
	if err != nil {
		b.Fatal(err)
	}
	return time.Duration(user+system) * time.Second / ticksPerSecond
}
