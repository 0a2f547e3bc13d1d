package lti_test

import (
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/lti"
)

// oddMoodle answers all requests for services with the same page and header. All inputs
// share one, so that one token is enough.
type oddMoodle struct {
	t        testing.TB
	link     string
	body     string
	requests int
}

func (m *oddMoodle) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Scheme+"://"+req.URL.Host != moodle || req.URL.User != nil {
		m.t.Errorf("a request left for %q", req.URL)
	}
	if strings.HasSuffix(req.URL.Path, "/token.php") {
		return reply(req, http.StatusOK, `{"access_token":"t","expires_in":3600}`), nil
	}
	m.requests++
	resp := reply(req, http.StatusOK, m.body)
	resp.Header["Link"] = []string{m.link}
	return resp, nil
}

// FuzzLinkHeader makes the platform send any Link header. All requests stay on its
// origin, and they end.
func FuzzLinkHeader(f *testing.F) {
	f.Add(onTheWire(readExchanged(f, "ags-lineitems-paged").Response.Headers["link"]))
	f.Add(readExchanged(f, "nrps-page-1").Response.Headers["link"])
	f.Add(`<a>;rel="next\"`)
	f.Add(`<http://127.0.0.1:8045/mod?p=1>;;rel=“next”,<//evil>;rel=next`)
	f.Add(`<\\evil>; rel=next`)
	m := &oddMoodle{body: onePerson}
	tool, registration := toolAtMoodle(f, m)
	f.Fuzz(func(t *testing.T, link string) {
		m.t, m.link, m.requests = t, link, 0
		members, err := tool.Roster(t.Context(), registration, recordedMembers)
		refused(t, err)
		// A relative link can mean another page each time, so the reading may follow it
		// for some time.
		if m.requests > 1000 || len(members) > m.requests {
			t.Errorf("%d requests, %d members", m.requests, len(members))
		}
	})
}

// FuzzRosterPage makes the platform answer with any text.
func FuzzRosterPage(f *testing.F) {
	for _, name := range []string{"nrps-full", "nrps-rlid", "nrps-bad-token"} {
		f.Add(string(readExchanged(f, name).Response.JSON))
	}
	f.Add(`{"members":[{"user_id":1,"roles":"x","status":[],"name":"&amp;#0;"},null,7]}`)
	f.Add(`{"members":{}}`)
	m := &oddMoodle{}
	tool, registration := toolAtMoodle(f, m)
	f.Fuzz(func(t *testing.T, body string) {
		m.t, m.body = t, body
		members, err := tool.Roster(t.Context(), registration, recordedMembers)
		refused(t, err)
		for _, m := range members {
			if m.User == "" || len(m.User) > 255 || strings.ContainsRune(m.User+m.Name+m.Email+strings.Join(m.Roles, ""), 0) {
				t.Errorf("member %+v", m)
			}
		}
	})
}

// FuzzResultsPage makes the platform answer with any text.
func FuzzResultsPage(f *testing.F) {
	for _, name := range []string{"ags-results", "ags-results-zero", "ags-lineitems"} {
		f.Add(string(readExchanged(f, name).Response.JSON))
	}
	f.Add(`[{"userId":1,"resultScore":"1e3","resultMaximum":"-1"},null]`)
	f.Add(`[{"userId":"6","resultScore":1e400}]`)
	m := &oddMoodle{}
	tool, registration := toolAtMoodle(f, m)
	grades := tool.Grades(registration, lti.Services{LineItemsURL: recordedItems})
	f.Fuzz(func(t *testing.T, body string) {
		m.t, m.body = t, body
		results, err := grades.Results(t.Context(), recordedItem("19"), "")
		refused(t, err)
		for _, r := range results {
			finite := r.Score == nil || (!math.IsNaN(*r.Score) && !math.IsInf(*r.Score, 0) && r.Maximum > 0 && !math.IsInf(r.Maximum, 0))
			if r.User == "" || !finite || (r.Score == nil && r.Maximum != 0) {
				t.Errorf("result %+v", r)
			}
		}
		_, err = grades.LineItems(t.Context(), lti.LineItemFilter{})
		refused(t, err)
	})
}
