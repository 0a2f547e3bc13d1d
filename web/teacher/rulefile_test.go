package teacher_test

import (
	"bytes"
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
)

// TestRuleFile downloads a rule and imports it into the form of another badge, in a
// course whose activities have other ids. Nothing is stored until the form is sent.
func TestRuleFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := w.teacher.Get(at(w.teacher, w.on("Exploration", both).ID, "/rule.json"))
	if got.Status != http.StatusOK || got.Header.Get("Content-Type") != "application/json" || got.Header.Get("Content-Disposition") != "attachment; filename=insigne-rule.json" {
		t.Errorf("status %d, %v", got.Status, got.Header)
	}
	rule, err := badges.ParseRule([]byte(got.Body))
	if diff := cmp.Diff(both, rule); diff != "" || err != nil {
		t.Errorf("the file has another rule: %v (-want +got):\n%s", err, diff)
	}

	w.lms.outline.Activities[0].ID, w.lms.outline.Activities[1].ID = "37", "38"
	before := w.everything()
	path := w.teacher.Who.Path("/badges/new")
	form := with(w.typed(), url.Values{"import": {"1"}, "name": {"Not yet"}})
	imported := upload(t, w.teacher, path, form, file{"rule_file", []byte(got.Body)})
	expect(t, imported, http.StatusOK, "Not yet")
	expectNot(t, imported, "is no longer in this course")
	filled := sent(t, imported, "badge-form")
	want := url.Values{"name": {"Not yet"}, "condition": {"activity_grade:37", "activity_completed:38"}, "percent": {"80", ""}}
	for name := range want {
		if diff := cmp.Diff(want[name], filled[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if diff := cmp.Diff(before, w.everything()); diff != "" {
		t.Errorf("something was stored (-before +after):\n%s", diff)
	}
}

// TestRuleFileRefused refuses files without a rule.
func TestRuleFileRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tests := []struct {
		name  string
		files []file
		says  string
	}{
		{"no file", nil, "Choose the file of a rule first."},
		{"no JSON", []file{{"rule_file", []byte("a rule")}}, "The rule could not be read."},
		{"empty", []file{{"rule_file", nil}}, "The rule could not be read."},
		{"two rules", []file{{"rule_file", []byte(`{"kind":"course_completed"}{"kind":"course_completed"}`)}}, "The rule could not be read."},
		{"an unknown field", []file{{"rule_file", []byte(`{"kind":"course_completed","magic":true}`)}}, "The rule could not be read."},
		{"no condition", []file{{"rule_file", []byte(`{"kind":"all"}`)}}, "Pick at least one condition."},
		{"a huge file", []file{{"rule_file", bytes.Repeat([]byte(" "), 300<<10)}}, "The rule could not be read."},
	}
	before := w.everything()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := upload(t, w.teacher, w.teacher.Who.Path("/badges/new"), with(w.typed(), url.Values{"import": {"1"}}), tt.files...)
			expect(t, got, http.StatusUnprocessableEntity, tt.says)
			if form := sent(t, got, "badge-form"); form.Get("description") != "Reads data." {
				t.Errorf("the description was lost: %q", form.Get("description"))
			}
		})
	}
	if diff := cmp.Diff(before, w.everything()); diff != "" {
		t.Errorf("something was stored (-before +after):\n%s", diff)
	}
}
