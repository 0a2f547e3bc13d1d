package public_test

import (
	"cmp"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges/certificate"
	"github.com/insigne-badges/insigne/web/webtest"
)

// mayBeStored reports whether a cache may answer with an old copy without asking us
// (RFC 9111, section 4.2).
func mayBeStored(header http.Header) bool {
	control := header.Get("Cache-Control")
	if strings.Contains(control, "no-store") || strings.Contains(control, "no-cache") {
		return false
	}
	age := regexp.MustCompile(`max-age=(\d+)`).FindStringSubmatch(control)
	if age == nil {
		return true // a cache may guess
	}
	seconds, err := strconv.Atoi(age[1])
	return err != nil || seconds > 0
}

// readable returns what a file contains as text: the payload of a signed one, the
// credential in a certificate.
func readable(t *testing.T, a webtest.Answer) string {
	t.Helper()
	switch a.Header.Get("Content-Type") {
	case "text/plain":
		return payload(t, a.Body)
	case "application/pdf":
		inside, err := certificate.Read([]byte(a.Body))
		if err != nil {
			t.Fatal(err)
		}
		return string(inside.Credential)
	default:
		return a.Body
	}
}

// TestConsentEndsAtOnce withdraws the consent to show the name and the facts. From then
// on no address of the award has them, also for a reader that has an old copy and asks
// whether it still counts.
func TestConsentEndsAtOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.World.Assertion("6")
	s.Award(t, a)
	s.Claim(t, a.ID, true, true)
	type form struct{ suffix, accept string }
	forms := []form{
		{"", ""}, {"", "application/json"}, {"", "application/ld+json"}, {"", "application/vc+ld+json"}, {".json", ""}, {".png", ""}, {".svg", ""}, {".pdf", ""}, {".jwt", ""}, {"/credential", ""},
	}
	fetch := func(f form, etag string) webtest.Answer {
		r := httptest.NewRequest(http.MethodGet, pageOf(a.ID)+f.suffix, nil)
		r.Header.Set("Accept", cmp.Or(f.accept, "text/html"))
		if etag != "" {
			r.Header.Set("If-None-Match", etag)
		}
		return s.Anybody().Do(r)
	}
	before := map[form]webtest.Answer{}
	for _, f := range forms {
		got := fetch(f, "")
		before[f] = got
		if got.Status != http.StatusOK || mayBeStored(got.Header) {
			t.Errorf("%+v: %d, Cache-Control %q: a copy may be used later", f, got.Status, got.Header.Get("Cache-Control"))
		}
		if !strings.Contains(readable(t, got), "Completion recorded") {
			t.Errorf("%+v does not show the facts: %s", f, got.Body)
		}
	}
	if !before[form{}].Shows("Awarded to Zoë") {
		t.Errorf("the page does not show the name: %s", before[form{}].Text())
	}
	s.Claim(t, a.ID, false, false)
	for _, f := range forms {
		got := fetch(f, before[f].Header.Get("ETag"))
		if got.Status != http.StatusOK || got.Body == before[f].Body {
			t.Errorf("%+v: %d: the old copy still counts", f, got.Status)
		}
		for _, text := range []string{"Zoë", `Zo\u00eb`, "Completion recorded"} {
			if strings.Contains(readable(t, got), text) {
				t.Errorf("%+v still shows %q", f, text)
			}
		}
	}
}
