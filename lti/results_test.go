package lti_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/lti"
)

func TestRecordedResults(t *testing.T) { // case 77
	half := func(user string, score float64) lti.Result {
		return lti.Result{User: user, Score: number(score), Maximum: 100}
	}
	of7 := half("7", 75)
	of7.Comment = "Vous avez gagné « Élève d'or » <b>bold</b> https://example.org/b/1"
	of8 := half("8", 90)
	of8.Comment = "Votre badge : https://example.org/b/2 <b>gras</b>"
	for name, test := range map[string]struct {
		item, user string
		want       []lti.Result
	}{
		"ags-results": {"19", "", []lti.Result{
			of7, half("8", 80), half("9", 100),
			{User: "10"},
			{User: "14"},
			{User: "15"},
			{User: "16"},
			{User: "17"},
			{User: "6"},
			half("12", 75), half("13", 75), half("11", 75),
		}},
		"ags-results-one-user": {"19", "7", []lti.Result{of7}},
		"ags-results-empty":    {"19", "", []lti.Result{}},
		"ags-results-zero":     {"22", "", []lti.Result{half("9", 0), of8}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := newRecorded(t, name).grades().Results(t.Context(), recordedItem(test.item), test.user)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Moodle fails if results are requested in pages, so the tool requests them at once.
func TestRecordedResultPages(t *testing.T) { // case 77
	m := newRecorded(t, "ags-results-paged")
	_, err := m.grades().Results(t.Context(), recordedItem("19")+"&limit=1", "")
	wantReason(t, err, lti.ServiceNotFound)
}

func TestResultAnswers(t *testing.T) { // case 77
	for name, test := range map[string]struct {
		body string
		want lti.Reason
		list []lti.Result
	}{
		"77 no score":                  {`[{"userId":"6"}]`, "", []lti.Result{{User: "6"}}},
		"77 score null":                {`[{"userId":"6","resultScore":null,"resultMaximum":null}]`, "", []lti.Result{{User: "6"}}},
		"77 score empty":               {`[{"userId":"6","resultScore":"","resultMaximum":100}]`, "", []lti.Result{{User: "6"}}},
		"77 numbers as text":           {`[{"userId":6,"resultScore":"0.5","resultMaximum":"2"}]`, "", []lti.Result{{User: "6", Score: number(0.5), Maximum: 2}}},
		"77 no maximum means one":      {`[{"userId":"6","resultScore":0.83}]`, "", []lti.Result{{User: "6", Score: number(0.83), Maximum: 1}}},
		"77 maximum of zero":           {`[{"userId":"6","resultScore":0,"resultMaximum":0}]`, "", []lti.Result{{User: "6"}}},
		"77 nobody":                    {`[{"resultScore":1},{"userId":"` + strings.Repeat("x", 256) + `"},null]`, "", []lti.Result{}},
		"77 somebody else":             {`[{"userId":"7","resultScore":1},{"userId":"6"}]`, "", []lti.Result{{User: "6"}}},
		"77 score no number":           {`[{"userId":"6","resultScore":"ten"}]`, lti.ServiceAnswer, nil},
		"77 score NaN":                 {`[{"userId":"6","resultScore":"NaN"}]`, lti.ServiceAnswer, nil},
		"77 score of somebody else…":   {`[{"userId":"6","resultScore":[1]}]`, lti.ServiceAnswer, nil},
		"77 an object":                 {`{"results":[]}`, lti.ServiceAnswer, nil},
		"77 null":                      {`null`, lti.ServiceAnswer, nil},
		"77 fields nobody knows":       {`[{"id":7,"userId":"6","scoringUserId":"3","x":{}}]`, "", []lti.Result{{User: "6"}}},
		"77 a comment that is no text": {`[{"userId":"6","comment":{"a":1}}]`, "", []lti.Result{{User: "6"}}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newService(t, status(200, test.body))
			got, err := s.grades().Results(t.Context(), s.URL+"/items/1", "6")
			wantReason(t, err, test.want)
			if diff := cmp.Diff(test.list, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestResultPages(t *testing.T) { // case 77
	s := newService(t, nil)
	s.handle = paged(
		func(p int) string { return []string{"", `[{"userId":"6"}]`, `[{"userId":"7"}]`, `[]`}[p] },
		func(p int) string { return []string{"", "?p=2", "?p=3", "?p=4"}[p] })(s)
	got, err := s.grades().Results(t.Context(), s.URL+"/items/1", "")
	if err != nil || len(got) != 2 || len(s.requests) != 3 {
		t.Errorf("%d results after %d requests (%v), want 2 after 3", len(got), len(s.requests), err)
	}
}
