package lti_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/lti"
)

func TestScopesAskedFor(t *testing.T) { // case 79
	all := []string{lti.ScopeLineItem, lti.ScopeLineItemReadOnly, lti.ScopeResult, lti.ScopeScore}
	list := func(ctx context.Context, g lti.Grades, _ string) error {
		_, err := g.LineItems(ctx, lti.LineItemFilter{})
		return err
	}
	remove := func(ctx context.Context, g lti.Grades, at string) error { return g.DeleteLineItem(ctx, at) }
	score := func(ctx context.Context, g lti.Grades, at string) error {
		return g.PostScore(ctx, at, graded(time.Unix(1, 0)))
	}
	results := func(ctx context.Context, g lti.Grades, at string) error {
		_, err := g.Results(ctx, at, "")
		return err
	}
	tests := map[string]struct {
		granted []string
		call    func(context.Context, lti.Grades, string) error
		want    string // empty: the call is refused
	}{
		"79 read, all granted":              {all, list, lti.ScopeLineItemReadOnly},
		"79 read, only writing granted":     {[]string{lti.ScopeLineItem}, list, lti.ScopeLineItem},
		"79 read, scopes unknown":           {nil, list, lti.ScopeLineItemReadOnly},
		"79 read, other granted":            {[]string{lti.ScopeScore}, list, ""},
		"79 delete":                         {all, remove, lti.ScopeLineItem},
		"79 delete, only reading granted":   {[]string{lti.ScopeLineItemReadOnly}, remove, ""},
		"79 score":                          {all, score, lti.ScopeScore},
		"79 score, not granted":             {all[:3], score, ""},
		"79 results":                        {all, results, lti.ScopeResult},
		"79 results, not granted":           {[]string{lti.ScopeScore}, results, ""},
		"79 results, scopes unknown before": {nil, results, lti.ScopeResult},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newService(t, status(200, "[]"))
			err := test.call(t.Context(), s.grades(test.granted...), s.URL+"/items/1")
			var want []string
			if test.want != "" {
				want = []string{test.want}
				wantReason(t, err, "")
			} else {
				wantReason(t, err, lti.ServiceForbidden)
			}
			if diff := cmp.Diff(want, s.asked); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The token, and not the request, decides which scopes are granted.
func TestScopesGranted(t *testing.T) { // case 79
	s := newService(t, status(200, onePerson))
	s.granted = lti.ScopeScore + " " + lti.ScopeResult
	_, err := s.roster()
	wantReason(t, err, lti.ServiceForbidden)
	if len(s.requests) != 0 {
		t.Errorf("%d requests with a token that does not open the roster", len(s.requests))
	}
	s = newService(t, status(200, onePerson))
	s.silent = true
	if _, err := s.roster(); err != nil || s.asked[0] != lti.ScopeMemberships {
		t.Errorf("error = %v with scopes %q", err, s.asked)
	}
}

func TestOneMediaType(t *testing.T) { // cases 63 and 78
	s := newService(t, func(w http.ResponseWriter, r *http.Request) {
		body := `{"id":"http://` + r.Host + `/items/1","members":[]}`
		if r.Method == http.MethodGet && (strings.HasPrefix(r.URL.Path, "/items") && !strings.HasSuffix(r.URL.Path, "/1")) {
			body = "[]"
		}
		_, _ = w.Write([]byte(body))
	})
	ctx, g, item := t.Context(), s.grades(), s.URL+"/items/1?type_id=2"
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
	}
	must(s.roster())
	must(g.LineItems(ctx, lti.LineItemFilter{}))
	must(g.CreateLineItem(ctx, lti.LineItem{Label: "a", ScoreMaximum: 1}))
	must(g.LineItem(ctx, item))
	must(g.UpdateLineItem(ctx, lti.LineItem{ID: item, Label: "a", ScoreMaximum: 1}))
	must(nil, g.DeleteLineItem(ctx, item))
	must(nil, g.PostScore(ctx, item, graded(s.clock.Now())))
	must(g.Results(ctx, item, "6"))
	type sent struct{ Method, URL, Accept, ContentType string }
	const v2 = "application/vnd.ims.lis.v2."
	want := []sent{
		{"GET", "/members", "application/vnd.ims.lti-nrps.v2.membershipcontainer+json", ""},
		{"GET", "/items?type_id=2", v2 + "lineitemcontainer+json", ""},
		{"POST", "/items?type_id=2", v2 + "lineitem+json", v2 + "lineitem+json"},
		{"GET", "/items/1?type_id=2", v2 + "lineitem+json", ""},
		{"PUT", "/items/1?type_id=2", v2 + "lineitem+json", v2 + "lineitem+json"},
		{"DELETE", "/items/1?type_id=2", v2 + "lineitem+json", ""},
		{"POST", "/items/1/scores?type_id=2", "application/vnd.ims.lis.v1.score+json", "application/vnd.ims.lis.v1.score+json"},
		{"GET", "/items/1/results?type_id=2&user_id=6", v2 + "resultcontainer+json", ""},
	}
	var got []sent
	for _, r := range s.requests {
		got = append(got, sent{r.Method, r.URL, r.Accept, r.ContentType})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
