package lti_test

import (
	"io"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/lti"
)

func TestRecordedLineItems(t *testing.T) { // cases 72 and 74
	link := lti.LineItem{ID: recordedItem("16"), Label: "Badges (embedded)", ScoreMaximum: 100, ResourceLinkID: "1"}
	first := lti.LineItem{ID: recordedItem("17"), Label: "Badge 1: Élève d'or & co", ScoreMaximum: 40, ResourceID: "res-1", Tag: "tag-1", ResourceLinkID: "5"}
	second := lti.LineItem{ID: recordedItem("18"), Label: "Badge 2: Élève d'or & co", ScoreMaximum: 40, ResourceID: "res-2", Tag: "tag-2", ResourceLinkID: "7"}
	for name, test := range map[string]struct {
		recording string
		filter    lti.LineItemFilter
		want      []lti.LineItem
	}{
		"72 all":              {"ags-lineitems", lti.LineItemFilter{}, []lti.LineItem{link, first, second}},
		"72 by link":          {"ags-lineitems-by-link", lti.LineItemFilter{ResourceLinkID: "1"}, []lti.LineItem{link}},
		"72 by resource":      {"ags-lineitems-by-resource", lti.LineItemFilter{ResourceID: "res-1"}, []lti.LineItem{first}},
		"72 by tag":           {"ags-lineitems-by-tag", lti.LineItemFilter{Tag: "tag-1"}, []lti.LineItem{first}},
		"72 of a course none": {"ags-other-course", lti.LineItemFilter{}, []lti.LineItem{}},
	} {
		t.Run(name, func(t *testing.T) {
			m := newRecorded(t, test.recording)
			list := recordedItems
			if test.recording == "ags-other-course" {
				list = strings.Replace(list, "/2/", "/4/", 1)
			}
			got, err := m.tool.Grades(m.registration, lti.Services{LineItemsURL: list}).LineItems(t.Context(), test.filter)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRecordedLineItemPages(t *testing.T) { // case 74
	m := newRecorded(t, "ags-lineitems-paged")
	next := m.exchanges[0]
	next.Request.URL = recordedItems + "&limit=1&from=1"
	next.Response.Headers = nil
	m.exchanges = append(m.exchanges, next)
	got, err := m.tool.Grades(m.registration, lti.Services{LineItemsURL: recordedItems + "&limit=1"}).LineItems(t.Context(), lti.LineItemFilter{})
	if err != nil || len(got) != 2 || len(m.requests) != 2 {
		t.Errorf("%d line items after %d requests (%v), want 2 after 2", len(got), len(m.requests), err)
	}
}

// Moodle answers 400 to any media type but its own. The recording shows what would
// happen.
func TestRecordedMediaTypes(t *testing.T) { // case 78
	for _, name := range []string{"ags-lineitems-accept-any", "ags-lineitems-accept-json"} {
		e := readExchanged(t, name)
		m := newRecorded(t)
		e.Request.Headers = nil // otherwise the replay finds the difference first
		m.exchanges = []exchanged{e}
		_, err := m.grades().LineItems(t.Context(), lti.LineItemFilter{})
		wantReason(t, err, lti.ServiceAnswer)
		if err == nil || !strings.Contains(err.Error(), "status 400") {
			t.Errorf("%s: error = %v, want what Moodle said", name, err)
		}
	}
}

func TestRecordedLineItem(t *testing.T) { // case 72
	ctx := t.Context()
	m := newRecorded(t, "ags-lineitem-create")
	got, err := m.grades().CreateLineItem(ctx, lti.LineItem{Label: "Badge : Élève d'or & co", ScoreMaximum: 60, ResourceID: "badge-7", Tag: "insigne"})
	want := lti.LineItem{ID: recordedItem("19"), Label: "Badge : Élève d'or & co", ScoreMaximum: 60, ResourceID: "badge-7", Tag: "insigne"}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error("72 create", err, diff)
	}
	m = newRecorded(t, "ags-lineitem-create-linked")
	got, err = m.grades().CreateLineItem(ctx, lti.LineItem{Label: "Linked second", ScoreMaximum: 10, ResourceLinkID: "1"})
	if err != nil || got.ID != recordedItem("20") || got.ResourceLinkID != "1" {
		t.Errorf("72 create for a link: %+v, %v", got, err)
	}
	m = newRecorded(t, "ags-lineitem-get", "ags-lineitem-put", "ags-lineitem-delete")
	got, err = m.grades().LineItem(ctx, want.ID)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error("72 read", err, diff)
	}
	want.Label, want.ScoreMaximum, want.Tag = "Badge renamed", 100, "insigne2"
	got, err = m.grades().UpdateLineItem(ctx, want)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error("72 update", err, diff)
	}
	if err := m.grades().DeleteLineItem(ctx, want.ID); err != nil {
		t.Error("72 delete", err)
	}
}

func TestRecordedLineItemErrors(t *testing.T) { // case 72
	create := func(item lti.LineItem) func(*recorded) error {
		return func(m *recorded) error {
			_, err := m.grades().CreateLineItem(m.t.Context(), item)
			return err
		}
	}
	get := func(id string) func(*recorded) error {
		return func(m *recorded) error {
			_, err := m.grades().LineItem(m.t.Context(), recordedItem(id))
			return err
		}
	}
	for name, test := range map[string]struct {
		call func(*recorded) error
		want lti.Reason
	}{
		"ags-lineitem-create-foreign-link":   {create(lti.LineItem{Label: "f", ScoreMaximum: 60, ResourceLinkID: "9999"}), lti.ServiceForbidden},
		"ags-lineitem-create-readonly-scope": {create(lti.LineItem{Label: "ro", ScoreMaximum: 60}), lti.ServiceForbidden},
		"ags-lineitem-deleted":               {get("19"), lti.ServiceNotFound},
		"ags-foreign-grade-item":             {get("15"), lti.ServiceNotFound},
	} {
		t.Run(name, func(t *testing.T) { wantReason(t, test.call(newRecorded(t, name)), test.want) })
	}
}

func TestLineItemAnswers(t *testing.T) {
	for name, test := range map[string]struct {
		body string // of a list; HOST is replaced by the platform's host
		want lti.Reason
		item lti.LineItem
	}{
		"72 text for a number":    {`[{"id":"HOST/1","label":"a","scoreMaximum":" 40.5 "}]`, "", lti.LineItem{Label: "a", ScoreMaximum: 40.5}},
		"72 numbers for ids":      {`[{"id":"HOST/1","label":"a","scoreMaximum":1,"resourceId":7,"resourceLinkId":8,"tag":null}]`, "", lti.LineItem{Label: "a", ScoreMaximum: 1, ResourceID: "7", ResourceLinkID: "8"}},
		"72 no maximum":           {`[{"id":"HOST/1","label":"a"}]`, "", lti.LineItem{Label: "a"}},
		"72 maximum no number":    {`[{"id":"HOST/1","label":"a","scoreMaximum":"ten"}]`, lti.ServiceAnswer, lti.LineItem{}},
		"72 maximum infinite":     {`[{"id":"HOST/1","label":"a","scoreMaximum":"Infinity"}]`, lti.ServiceAnswer, lti.LineItem{}},
		"72 maximum too large":    {`[{"id":"HOST/1","label":"a","scoreMaximum":1e999}]`, lti.ServiceAnswer, lti.LineItem{}},
		"72 no id":                {`[{"label":"a","scoreMaximum":1}]`, lti.ServiceAnswer, lti.LineItem{}},
		"72 an object":            {`{}`, lti.ServiceAnswer, lti.LineItem{}},
		"72 null":                 {`null`, lti.ServiceAnswer, lti.LineItem{}},
		"72 a list of words":      {`["a"]`, lti.ServiceAnswer, lti.LineItem{}},
		"SSRF id of another host": {`[{"id":"https://evil.example/1","label":"a","scoreMaximum":1}]`, lti.ServiceAddress, lti.LineItem{}},
		"SSRF id no address":      {`[{"id":"1","label":"a","scoreMaximum":1}]`, lti.ServiceAddress, lti.LineItem{}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newService(t, nil)
			s.handle = status(200, strings.ReplaceAll(test.body, "HOST", s.URL))
			got, err := s.grades().LineItems(t.Context(), lti.LineItemFilter{})
			wantReason(t, err, test.want)
			var want []lti.LineItem
			if test.want == "" {
				test.item.ID = s.URL + "/1"
				want = []lti.LineItem{test.item}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Some platforms ignore the filters, or forget them on the next page.
func TestLineItemsAreFilteredHere(t *testing.T) { // case 72
	s := newService(t, nil)
	s.handle = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", []string{"", "<?p=2>; rel=next", ""}[len(s.requests)])
		_, _ = w.Write([]byte(`[{"id":"` + s.URL + `/1","label":"a","tag":"x","resourceId":"r"},{"id":"` + s.URL + `/2","label":"b","tag":"y"}]`))
	}
	got, err := s.grades().LineItems(t.Context(), lti.LineItemFilter{ResourceID: "r", Tag: "x"})
	if err != nil || len(got) != 2 || got[0].Tag != "x" || got[1].Tag != "x" {
		t.Errorf("line items %+v, %v", got, err)
	}
	if want := "/items?type_id=2&resource_id=r&tag=x"; s.requests[0].URL != want {
		t.Errorf("asked %q, want %q", s.requests[0].URL, want)
	}
}

// The list and its line items can be on another origin than the token endpoint.
func TestServicesApartFromTokens(t *testing.T) { // case 72
	s := newService(t, nil)
	s.handle = status(200, `{"id":"`+s.URL+`/items/1","label":"a","scoreMaximum":1}`)
	other := newTokenEndpoint(t, newFixture(t))
	reg := s.registration()
	reg.ID, reg.TokenURL = "apart", other.URL+"/token"
	at := s.URL + "/items/1"
	_, err := s.tool.Grades(reg, lti.Services{}).LineItem(t.Context(), at)
	wantReason(t, err, lti.ServiceAddress)
	_, err = s.tool.Grades(reg, lti.Services{LineItemsURL: s.URL + "/items"}).LineItem(t.Context(), at)
	wantReason(t, err, lti.ServiceForbidden) // this token endpoint grants only the roster
	if len(other.forms) != 1 || len(s.requests) != 0 {
		t.Errorf("%d tokens and %d requests, want 1 and none", len(other.forms), len(s.requests))
	}
}

// A line item without a link says where its review leads. Without a review, nothing
// about it is sent (LTI Submission Review 1.0).
func TestLineItemReview(t *testing.T) {
	for name, tt := range map[string]struct {
		item lti.LineItem
		want string
	}{
		"none":      {lti.LineItem{Label: "a", ScoreMaximum: 1}, `{"label":"a","scoreMaximum":1}`},
		"elsewhere": {lti.LineItem{Label: "a", ScoreMaximum: 1, Review: &lti.SubmissionReview{Statuses: []lti.ActivityProgress{lti.ActivityCompleted}, URL: launchURL}}, `{"label":"a","scoreMaximum":1,"submissionReview":{"reviewableStatus":["Completed"],"url":"` + launchURL + `"}}`},
		"its link": {
			lti.LineItem{Label: "a", ScoreMaximum: 1, ResourceLinkID: "5", Review: &lti.SubmissionReview{Statuses: []lti.ActivityProgress{lti.ActivityCompleted, lti.ActivitySubmitted}}},
			`{"label":"a","resourceLinkId":"5","scoreMaximum":1,"submissionReview":{"reviewableStatus":["Completed","Submitted"]}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			var s *service
			s = newService(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusCreated)
				_, _ = io.WriteString(w, `{"id":"`+s.URL+`/items/1","label":"a"}`)
			})
			if _, err := s.grades().CreateLineItem(t.Context(), tt.item); err != nil {
				t.Fatal(err)
			}
			if got := s.requests[len(s.requests)-1].Body; got != tt.want {
				t.Errorf("sent %s, want %s", got, tt.want)
			}
		})
	}
}

// If the platform refuses the review, the line item is created without it.
func TestLineItemReviewRefused(t *testing.T) {
	item := lti.LineItem{Label: "a", ScoreMaximum: 1, Review: &lti.SubmissionReview{Statuses: []lti.ActivityProgress{lti.ActivityCompleted}, URL: launchURL}}
	for name, tt := range map[string]struct {
		refuses func(body string) int // returns a status; 0: accepts
		sent    int
		reason  lti.Reason
	}{
		"the review": {func(body string) int {
			if strings.Contains(body, "submissionReview") {
				return http.StatusBadRequest
			}
			return 0
		}, 2, ""},
		"everything":  {func(string) int { return http.StatusBadRequest }, 2, lti.ServiceAnswer},
		"for a while": {func(string) int { return http.StatusServiceUnavailable }, 1, lti.ServiceFailed},
	} {
		t.Run(name, func(t *testing.T) {
			sent := 0
			var s *service
			s = newService(t, func(w http.ResponseWriter, _ *http.Request) {
				sent++
				if status := tt.refuses(s.requests[len(s.requests)-1].Body); status != 0 {
					w.WriteHeader(status)
					return
				}
				w.WriteHeader(http.StatusCreated)
				_, _ = io.WriteString(w, `{"id":"`+s.URL+`/items/1","label":"a"}`)
			})
			if _, err := s.grades().CreateLineItem(t.Context(), item); lti.ReasonOf(err) != tt.reason || sent != tt.sent {
				t.Errorf("%v after %d requests, want %q after %d", err, sent, tt.reason, tt.sent)
			}
		})
	}
}

func TestLineItemsChecked(t *testing.T) { // case 72
	s := newService(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	for name, item := range map[string]lti.LineItem{
		"72 no label":         {ScoreMaximum: 1},
		"72 label of blanks":  {Label: " \t", ScoreMaximum: 1},
		"72 no maximum":       {Label: "a"},
		"72 negative maximum": {Label: "a", ScoreMaximum: -1},
		"72 maximum NaN":      {Label: "a", ScoreMaximum: math.NaN()},
		"72 maximum infinite": {Label: "a", ScoreMaximum: math.Inf(1)},
		"review of no link":   {Label: "a", ScoreMaximum: 1, Review: &lti.SubmissionReview{Statuses: []lti.ActivityProgress{lti.ActivityCompleted}}},
		"review of no status": {Label: "a", ScoreMaximum: 1, Review: &lti.SubmissionReview{URL: launchURL}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := s.grades().CreateLineItem(t.Context(), item)
			wantReason(t, err, lti.LineItemInvalid)
			item.ID = s.URL + "/items/1"
			_, err = s.grades().UpdateLineItem(t.Context(), item)
			wantReason(t, err, lti.LineItemInvalid)
		})
	}
}
