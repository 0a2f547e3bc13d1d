package e2e_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/campus"
)

// BenchmarkLaunch measures the cost of one launch for the service, from the login
// initiation to the first page, over HTTP, on SQLite with durable commits. The service
// runs in a process of its own, so that cpu-ms/launch counts only the service. The
// timer stops while the platform signs, because a real platform has its own machine and
// signing needs as much processor time as the service.
//
//	go test ./e2e -run '^$' -bench Launch -count 6
func BenchmarkLaunch(b *testing.B) {
	for _, bm := range []struct {
		name    string
		user    int64
		clients int
	}{{"teacher", 3, 1}, {"learner", 6, 1}, {"learner-8-clients", 6, 8}} {
		b.Run(bm.name, func(b *testing.B) {
			l := newLauncher(b)
			l.launch(b, bm.user, bm.clients, 20) // fills the caches and saves the course
			b.ResetTimer()
			before := l.cpu(b)
			for left := b.N; left > 0; left -= launchBatch {
				l.launch(b, bm.user, bm.clients, min(left, launchBatch))
			}
			b.ReportMetric(float64((l.cpu(b)-before).Microseconds())/1000/float64(b.N), "cpu-ms/launch")
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "launches/s")
		})
	}
}

// launchBatch is the largest number of launches at the same time, as at the start of a
// lecture.
const launchBatch = 500

// launcher has a platform and the browsers of its people.
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
	if _, err := d.Register(b.Context()); err != nil {
		b.Fatal(err)
	}
	if err := d.Web.Close(); err != nil {
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

// underWay is a launch after its login and before its end.
type underWay struct {
	user  int64
	login *http.Response
	form  url.Values // id token and state
}

// launch does n launches from the login initiation to the first page. Each of the
// clients is a person.
func (l *launcher) launch(b *testing.B, user int64, clients, n int) {
	launches := make([]underWay, n)
	each := func(step func(*underWay)) {
		var done sync.WaitGroup
		for c := range clients {
			done.Go(func() {
				for i := c; i < n; i += clients {
					step(&launches[i])
				}
			})
		}
		done.Wait()
	}
	for i := range launches {
		launches[i].user = user + int64(i%clients)
	}
	each(func(u *underWay) { l.begin(b, u) })
	b.StopTimer()
	each(func(u *underWay) { l.sign(b, u) })
	b.StartTimer()
	each(func(u *underWay) { l.finish(b, u) })
}

func (l *launcher) begin(b *testing.B, u *underWay) {
	initiation := url.Values{
		"iss": {l.CampusURL}, "client_id": {l.id}, "login_hint": {fmt.Sprint(u.user)}, "target_link_uri": {l.url + "/lti/launch"},
	}
	u.login = l.do(b, http.MethodGet, l.url+"/lti/login?"+initiation.Encode(), nil, nil, http.StatusFound) //nolint:bodyclose // do closes it
}

func (l *launcher) sign(b *testing.B, u *underWay) {
	to, err := url.Parse(u.login.Header.Get("Location"))
	if err != nil {
		b.Error(err)
		return
	}
	token, err := l.Campus.MintLaunch(l.id, u.user, to.Query().Get("nonce"), nil)
	if err != nil {
		b.Error(err)
	}
	u.form = url.Values{"id_token": {token}, "state": {to.Query().Get("state")}}
}

func (l *launcher) finish(b *testing.B, u *underWay) {
	launched := l.do(b, http.MethodPost, l.url+"/lti/launch", u.form, u.login.Cookies(), http.StatusSeeOther) //nolint:bodyclose // do closes it
	l.do(b, http.MethodGet, l.url+launched.Header.Get("Location"), nil, launched.Cookies(), http.StatusOK)    //nolint:bodyclose // as above
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

// ticksPerSecond is the unit in which Linux counts processor time.
const ticksPerSecond = 100

// cpu returns the processor time that the service has used so far.
func (l *launcher) cpu(b *testing.B) time.Duration {
	b.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", l.pid))
	if err != nil {
		b.Skip("processor time is read from /proc")
	}
	_, after, _ := strings.Cut(string(stat), ") ") // the name in parentheses may contain any characters
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
