package lti_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/lti"
)

func TestLinkHeaders(t *testing.T) { // cases 64, 66 and 74
	tests := map[string]struct {
		headers []string // HOST is replaced by the platform's host
		want    string   // of the second request; empty: no second request
	}{
		"64 no header":              {nil, ""},
		"64 plain":                  {[]string{`<HOST/members?p=2>; rel="next"`}, "/members?p=2"},
		"64 without quotes":         {[]string{`<HOST/members?p=2>;rel=next`}, "/members?p=2"},
		"64 upper case":             {[]string{`<HOST/members?p=2>; REL="NEXT"`}, "/members?p=2"},
		"64 other parameters first": {[]string{`<HOST/members?p=2>; title="a, b; <c>; rel=x"; hreflang=en ; rel = "next"`}, "/members?p=2"},
		"64 a quote in a title":     {[]string{`<HOST/x>; title="say \"<y>; rel=next\"", <HOST/members?p=2>; rel="next"`}, "/members?p=2"},
		"64 a parameter without =":  {[]string{`<HOST/members?p=2>; crossorigin; rel="next"`}, "/members?p=2"},
		"64 several relations":      {[]string{`<HOST/members?p=2>; rel="last next"`}, "/members?p=2"},
		"64 several links":          {[]string{`<HOST/members?p=0>; rel="prev", <HOST/members?p=2>; rel="next", <HOST/members?p=9>; rel="last"`}, "/members?p=2"},
		"64 several headers":        {[]string{`<HOST/members?p=0>; rel="prev"`, `<HOST/members?p=2>; rel="next"`}, "/members?p=2"},
		"64 a comma in the address": {[]string{`<HOST/members?p=1,2>; rel="next"`}, "/members?p=1,2"},
		"64 relative":               {[]string{`<?p=2>; rel="next"`}, "/members?p=2"},
		"64 relative path":          {[]string{`</more>; rel="next"`}, "/more"},
		"64 fragment":               {[]string{`<HOST/members?p=2#top>; rel="next"`}, "/members?p=2"},
		"64 two rel: the first":     {[]string{`<HOST/members?p=2>; rel="prev"; rel="next"`}, ""},
		"64 another relation":       {[]string{`<HOST/members?p=2>; rel="nextish"`}, ""},
		"64 rel in a title":         {[]string{`<HOST/members?p=2>; title="rel=next"`}, ""},
		"64 no brackets":            {[]string{`HOST/members?p=2; rel="next"`}, ""},
		"64 empty address":          {[]string{`<>; rel="next"`}, ""},
		"64 no end":                 {[]string{`<HOST/members?p=2`}, ""},
		"64 no closing quote":       {[]string{`<HOST/members?p=2>; rel="next`}, "/members?p=2"},
		"66 differences":            {[]string{`<HOST/members?since=1>; rel="differences"`}, ""},
		"74 typographic quotes":     {[]string{`<HOST/members?a=1&amp;p=0>; rel=“first”, <HOST/members?a=1&amp;p=2>; rel=“next”`}, "/members?a=1&p=2"},
		"74 quotes that do not fit": {[]string{`<HOST/members?p=2>; rel=”next“`}, "/members?p=2"},
		"74 quote closed plainly":   {[]string{`<HOST/members?p=2>; rel=“next"`}, "/members?p=2"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newService(t, nil)
			s.handle = func(w http.ResponseWriter, _ *http.Request) {
				if len(s.requests) == 1 {
					for _, h := range test.headers {
						w.Header().Add("Link", strings.ReplaceAll(h, "HOST", s.URL))
					}
				}
				_, _ = w.Write([]byte(onePerson))
			}
			_, err := s.roster()
			wantReason(t, err, "")
			got := ""
			if len(s.requests) > 1 {
				got = s.requests[1].URL
			}
			if got != test.want {
				t.Errorf("next page = %q, want %q", got, test.want)
			}
		})
	}
}

// Attack: a platform, or somebody who can change its answers, tries to send the token
// to another host.
func TestNextPageOnAnotherOrigin(t *testing.T) { // case 64
	canary := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a request left for another origin") }))
	t.Cleanup(canary.Close)
	for name, next := range map[string]string{
		"SSRF another port":       canary.URL + "/members",
		"SSRF without scheme":     strings.TrimPrefix(canary.URL, "http:") + "/members",
		"SSRF user in address":    "http://user@HOST/members?p=2",
		"SSRF user, other host":   strings.Replace(canary.URL, "//", "//HOST@", 1),
		"SSRF another scheme":     "https://HOST/members",
		"SSRF metadata":           "http://169.254.169.254/latest/meta-data",
		"SSRF file":               "file:///etc/passwd",
		"SSRF no address":         "http://[::1",
		"SSRF backslash":          `http:\\` + strings.TrimPrefix(canary.URL, "http://"),
		"SSRF broken escape":      "http://HOST/%zz",
		"SSRF written as in HTML": canary.URL + "/members?a=1&amp;p=2",
	} {
		t.Run(name, func(t *testing.T) {
			s := newService(t, nil)
			s.handle = func(w http.ResponseWriter, r *http.Request) {
				if len(s.requests) == 1 {
					w.Header()["Link"] = []string{"<" + strings.ReplaceAll(next, "HOST", r.Host) + `>; rel="next"`}
				}
				_, _ = w.Write([]byte(onePerson))
			}
			members, err := s.roster()
			wantReason(t, err, lti.ServiceAnswer)
			if len(s.requests) != 1 || members != nil {
				t.Errorf("%d requests, members %v: want one and none", len(s.requests), members)
			}
		})
	}
}

// paged answers every page with a link to the next.
func paged(body func(page int) string, next func(page int) string) func(*service) http.HandlerFunc {
	return func(s *service) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			page := len(s.requests)
			if link := next(page); link != "" {
				w.Header().Set("Link", "<"+link+`>; rel="next"`)
			}
			_, _ = w.Write([]byte(body(page)))
		}
	}
}

func TestPagesEnd(t *testing.T) { // cases 64 and 74
	one := func(int) string { return onePerson }
	for name, test := range map[string]struct {
		handle   func(*service) http.HandlerFunc
		want     lti.Reason
		requests int
		members  int
	}{
		"64 three pages": {paged(one, func(p int) string {
			if p == 3 {
				return ""
			}
			return fmt.Sprintf("?p=%d", p)
		}), "", 3, 3},
		"74 an empty page past the end": {paged(func(p int) string {
			if p == 3 {
				return `{"members":[]}`
			}
			return onePerson
		}, func(p int) string { return fmt.Sprintf("?p=%d", p) }), "", 3, 2},
		"64 a page that is its own next":   {paged(one, func(int) string { return "/members" }), lti.ServiceAnswer, 1, 0},
		"64 a loop":                        {paged(one, func(p int) string { return fmt.Sprintf("?p=%d", p%3) }), lti.ServiceAnswer, 4, 0},
		"64 a loop hidden by fragments":    {paged(one, func(p int) string { return fmt.Sprintf("/members#%d", p) }), lti.ServiceAnswer, 1, 0},
		"64 pages without end":             {paged(one, func(p int) string { return fmt.Sprintf("?p=%d", p) }), lti.ServiceAnswer, 1000, 0},
		"64 members without end":           {paged(func(int) string { return `{"members":[0` + strings.Repeat(",0", 29_999) + `]}` }, func(p int) string { return fmt.Sprintf("?p=%d", p) }), lti.ServiceAnswer, 4, 0},
		"64 pages of 8 MiB without end":    {paged(func(int) string { return onePerson + strings.Repeat(" ", 8<<20-len(onePerson)) }, func(p int) string { return fmt.Sprintf("?p=%d", p) }), lti.ServiceAnswer, 9, 0},
		"64 the second page is not a list": {paged(func(p int) string { return []string{"", onePerson, "{}"}[p] }, func(p int) string { return fmt.Sprintf("?p=%d", p) }), lti.ServiceAnswer, 2, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := newService(t, nil)
			s.handle = test.handle(s)
			members, err := s.roster()
			wantReason(t, err, test.want)
			if len(s.requests) != test.requests || len(members) != test.members {
				t.Errorf("%d requests and %d members, want %d and %d", len(s.requests), len(members), test.requests, test.members)
			}
		})
	}
}

// With half a roster, the members in the other half would become inactive.
func TestHalfARosterIsAnError(t *testing.T) { // case 67
	s := newService(t, nil)
	s.handle = func(w http.ResponseWriter, r *http.Request) {
		if len(s.requests) == 2 {
			http.Error(w, "busy", http.StatusTooManyRequests)
			return
		}
		w.Header().Set("Link", `<?p=2>; rel="next"`)
		_, _ = w.Write([]byte(onePerson))
	}
	members, err := s.roster()
	wantReason(t, err, lti.ServiceBusy)
	if members != nil {
		t.Errorf("members = %v, want none", members)
	}
}
