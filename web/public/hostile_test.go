package public_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/picture"
	"github.com/insigne-badges/insigne/web/public"
	"github.com/insigne-badges/insigne/web/webtest"
)

// TestHostileRequests sends requests to every document that no honest program sends. No
// answer is an internal error, and no Host header gets into a document.
func TestHostileRequests(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.MakeAward(t, webtest.Claimed)
	award, issuer := pageOf(a.ID), "/issuers/"+string(s.World.Badge.Current.Issuer)
	paths := []string{
		award, award + ".json", award + ".jws", award + "/credential", award + ".jwt", award + ".png", award + ".svg",
		award + ".pdf?paper=" + strings.Repeat("%00", 100) + "&lang=%ff",
		"/badges/" + string(a.Version), "/badges/" + string(a.Version) + "/fr", "/badges/" + string(a.Version) + "/zzz",
		issuer, issuer + "/did.json", issuer + "/revocations.json", issuer + "/keys/" + strings.Repeat("A", 43),
		"/status/" + string(unknownID), "/v/" + strings.Repeat("-", 36), "/badges/" + strings.Repeat("0", 36), "/pictures/" + strings.Repeat("0", 64) + ".png",
	}
	headers := map[string][2]string{
		"huge Accept":         {"Accept", strings.Repeat("a/b;q=0.1,", 20000)},
		"Accept of nothing":   {"Accept", strings.Repeat(",", 50000)},
		"broken Accept":       {"Accept", "text/;q=NaN, */json;q=1e400, \xff\x00/\x01"},
		"10,000 tags":         {"If-None-Match", strings.Repeat(`W/"0123456789abcdef", `, 10000) + `"x"`},
		"broken tags":         {"If-None-Match", `"`},
		"a range":             {"Range", "bytes=0-9"},
		"many ranges":         {"Range", "bytes=" + strings.Repeat("0-0,", 5000) + "1-1"},
		"overlapping ranges":  {"Range", "bytes=" + strings.Repeat("0-,", 5000) + "0-"},
		"a range that is off": {"Range", "bytes=99999999-"},
		"a broken range":      {"Range", "bytes=-0,--,x"},
		"a foreign language":  {"Accept-Language", strings.Repeat("zz-\x00,", 2000)},
	}
	for _, path := range paths {
		for name, header := range headers {
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				r := httptest.NewRequest(method, path, nil)
				r.Header.Set(header[0], header[1])
				r.Host = "evil.example"
				got := s.Anybody().Do(r)
				if got.Status >= 500 || strings.Contains(got.Body, "evil.example") {
					t.Errorf("%s %s with %s: %d %.200s", method, path, name, got.Status, got.Body)
				}
				if len(got.Body) > 2<<20 {
					t.Errorf("%s %s with %s: %d bytes", method, path, name, len(got.Body))
				}
			}
		}
	}
}

// TestHostsOfDocuments sends Host headers of many kinds to a former host. The documents of
// an award keep the address that its claim froze.
func TestHostsOfDocuments(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.MakeAward(t, webtest.Claimed)
	former := strings.TrimPrefix(webtest.FormerBaseURL, "https://")
	for _, host := range []string{
		former, strings.ToUpper(former), former + ":443", former + ".", former + ":80", former + "@evil.example", "evil.example#" + former,
		"", "\x00", "[::1", former + "\r\nX: y", strings.Repeat("a.", 5000),
	} {
		for _, path := range []string{pageOf(a.ID) + ".json", "/badges/" + string(a.Version)} {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			r.Host = host
			got := s.Anybody().Do(r)
			id, _ := decode(t, got)["id"].(string)
			if got.Status != http.StatusOK || id != webtest.BaseURL+path && id != webtest.FormerBaseURL+path && id != s.Links.Page(a.ID) {
				t.Errorf("%s at %q: %d, id %q", path, host, got.Status, id)
			}
		}
	}
}

// TestCertificatesInTurn asks for many certificates while the first are being made. Few
// wait, the others are told to come back, and other documents are served all the time.
func TestCertificatesInTurn(t *testing.T) {
	t.Parallel()
	const waiting = 32
	s := newSite(t)
	a := s.MakeAward(t, webtest.Claimed)
	slow := &slowPictures{Reader: s.Store, release: make(chan struct{})}
	h := handler(s, webtest.Keys{})
	h.Store = slow
	busy := webtest.NewSite(t)
	busy.Mount(h)
	working := max(1, runtime.GOMAXPROCS(0)/2)
	asked := working + waiting + 20
	answers := make(chan webtest.Answer, asked)
	var all sync.WaitGroup
	for range asked {
		all.Go(func() { answers <- busy.Anybody().Get(pageOf(a.ID) + ".pdf") })
	}
	for range asked - working - waiting {
		refused := <-answers
		if refused.Status != http.StatusTooManyRequests || refused.Header.Get("Retry-After") == "" {
			t.Fatalf("answer %d, %v", refused.Status, refused.Header)
		}
	}
	if got := busy.Anybody().Get(pageOf(a.ID) + ".json"); got.Status != http.StatusOK {
		t.Errorf("the document is answered with %d meanwhile", got.Status)
	}
	close(slow.release)
	all.Wait()
	close(answers)
	served := 0
	for got := range answers {
		switch {
		case got.Status == http.StatusOK && strings.HasPrefix(got.Body, "%PDF-"):
			served++
		case got.Status != http.StatusTooManyRequests: // on a slow machine some wait too long
			t.Errorf("answer %d after waiting", got.Status)
		}
	}
	if served < working {
		t.Errorf("%d certificates were served", served)
	}
	if most := slow.most.Load(); most > int32(working) {
		t.Errorf("%d certificates were made at a time, want %d", most, working)
	}
}

// slowPictures are pictures that come when they are released.
type slowPictures struct {
	public.Reader

	release   chan struct{}
	now, most atomic.Int32
}

func (s *slowPictures) Picture(ctx context.Context, hash badges.PictureHash) (picture.Picture, error) {
	n := s.now.Add(1)
	defer s.now.Add(-1)
	for most := s.most.Load(); n > most && !s.most.CompareAndSwap(most, n); most = s.most.Load() {
	}
	select {
	case <-s.release:
	case <-time.After(4 * time.Second):
	}
	return s.Reader.Picture(ctx, hash)
}
