package moodle_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/moodle"
)

const (
	fnReports       = "core_reportbuilder_list_reports"
	fnReport        = "core_reportbuilder_retrieve_report"
	fnReportFilters = "core_reportbuilder_set_filters"
)

func TestReports(t *testing.T) {
	s := newSite(t, map[string]answer{fnReports: recorded(t, "ws-report-list")})
	got, err := s.client().Reports(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	const source = `core_course\reportbuilder\datasource\participants`
	want := []moodle.CustomReport{
		{ID: "2", Name: "Insigne: completion slim", Source: source},
		{ID: "3", Name: "Insigne: completion with progress", Source: source},
		{ID: "1", Name: "Insigne: course completion", Source: source},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, r := range got {
		if !r.OnParticipants() {
			t.Errorf("report %s is not on participants", r.ID)
		}
	}
}

func TestManyReports(t *testing.T) {
	pages := func(count int) answer {
		return func(form url.Values) (int, []byte) {
			page, _ := strconv.Atoi(form.Get("page"))
			size, _ := strconv.Atoi(form.Get("perpage"))
			list := []string{}
			for i := page * size; i < min(count, (page+1)*size); i++ {
				list = append(list, `{"id":`+strconv.Itoa(i+1)+`,"name":"R &amp; D","source":"core_user\\x"}`)
			}
			return http.StatusOK, []byte(`{"reports":[` + strings.Join(list, ",") + `],"warnings":[]}`)
		}
	}
	tests := map[string]struct {
		reply answer
		count int
		want  moodle.Reason
	}{
		"none":        {pages(0), 0, ""},
		"three pages": {pages(230), 230, ""},
		"full pages":  {pages(200), 200, ""},
		"no end":      {func(url.Values) (int, []byte) { return pages(100)(url.Values{"perpage": {"100"}}) }, 0, moodle.TooLarge},
		"no list":     {text(`{}`), 0, moodle.Unexpected},
		"no id":       {text(`{"reports":[{"name":"x"}]}`), 0, moodle.Unexpected},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := newSite(t, map[string]answer{fnReports: tt.reply}).client().Reports(t.Context())
			if len(got) != tt.count || moodle.ReasonOf(err) != tt.want {
				t.Errorf("%d reports, %v; want %d and %q", len(got), err, tt.count, tt.want)
			}
			for _, r := range got {
				if r.OnParticipants() || r.Name != "R & D" {
					t.Fatalf("%+v", r)
				}
			}
		})
	}
}
