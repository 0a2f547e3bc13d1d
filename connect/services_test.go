package connect_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/campus"
	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/evidence"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/store"
)

func (w *world) services() connect.Services {
	return connect.NewServices(w.store, evidence.NewSites(w.store, moodle.Config{HTTP: http.DefaultClient, Now: w.clock.Now}))
}

// kept returns the stored check of a platform; nil if there is none.
func (w *world) kept(platform badges.PlatformID) *connect.ServiceCheck {
	w.Helper()
	p, err := w.store.Platform(w.Context(), platform)
	w.must(err)
	check, err := connect.ReadServiceCheck(p.Check)
	w.must(err)
	return check
}

func (s school) service() badges.Service {
	return badges.Service{URL: s.url, Token: badges.Secret(s.Token())}
}

// TestEnteredService checks what an administrator can type in.
func TestEnteredService(t *testing.T) {
	present := badges.Service{URL: "https://old.example", Token: "old"}
	for name, tt := range map[string]struct {
		present        badges.Service
		address, token string
		want           badges.Service
		problem        string
	}{
		"both":                  {present, " https://lms.example/moodle/ ", " new ", badges.Service{URL: "https://lms.example/moodle", Token: "new"}, ""},
		"the token stays":       {present, "https://lms.example", "", badges.Service{URL: "https://lms.example", Token: "old"}, ""},
		"no token yet":          {badges.Service{}, "https://lms.example", " ", badges.Service{URL: "https://lms.example"}, "admin.token_missing"},
		"no address":            {present, "", "new", badges.Service{Token: "new"}, "admin.service_url_invalid"},
		"no host":               {present, "https:///moodle", "new", badges.Service{URL: "https:///moodle", Token: "new"}, "admin.service_url_invalid"},
		"a script":              {present, "javascript:alert(1)", "", badges.Service{URL: "javascript:alert(1)", Token: "old"}, "admin.service_url_invalid"},
		"a user in the address": {present, "https://a:b@lms.example", "", badges.Service{URL: "https://a:b@lms.example", Token: "old"}, "admin.service_url_invalid"},
	} {
		got, err := connect.EnteredService(tt.present, tt.address, tt.token)
		if got != tt.want {
			t.Errorf("%s: %q with token %q", name, got.URL, string(got.Token))
		}
		if tt.problem == "" && err != nil || tt.problem != "" && !refused(err, fault.Invalid, tt.problem) {
			t.Errorf("%s: %v, want %q", name, err, tt.problem)
		}
	}
}

// TestSaveService stores the web services of a platform and checks them at once, on a
// course if there is one.
func TestSaveService(t *testing.T) {
	w := newWorld(t)
	s := newSchool(w)
	if check := w.kept(s.platform); check != nil {
		t.Errorf("before the first check: %+v", check)
	}
	w.must(w.services().Save(t.Context(), s.platform, s.service()))
	check := w.kept(s.platform)
	if check == nil || !check.NoCourse() || check.Site == "" || check.Release == "" || check.Course != "" || len(check.Found) > 0 {
		t.Errorf("without a course: %+v", check)
	}
	s.open(w)
	w.must(w.services().Check(t.Context(), s.platform))
	check = w.kept(s.platform)
	if check == nil || check.NoCourse() || check.Course != "Data" || len(check.Found) > 0 {
		t.Errorf("on a course: %+v", check)
	}
	if got, err := w.store.Service(t.Context(), s.platform); err != nil || got != s.service() {
		t.Errorf("stored: %+v, %v", got.URL, err)
	}
	if acts := w.acts(s.platform); !slices.Contains(acts, "admin service_changed") {
		t.Errorf("audit log: %v", acts)
	}
}

// TestCheckFinds checks platforms that do not answer correctly. That is never an error:
// the administrator reads it on the page.
func TestCheckFinds(t *testing.T) {
	w := newWorld(t)
	s := newSchool(w)
	s.open(w)
	page := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) { _, _ = out.Write([]byte("<html>")) }))
	t.Cleanup(page.Close)
	gone := httptest.NewServer(nil)
	gone.Close()
	for name, tt := range map[string]struct {
		faults  campus.Faults
		service badges.Service
		want    connect.Finding
		cost    connect.Cost
	}{
		"a wrong token":         {service: badges.Service{URL: s.url, Token: "wrong"}, want: connect.Finding{Problem: "token_invalid", Blocking: true}, cost: connect.CostAll},
		"a revoked token":       {faults: campus.Faults{TokenRevoked: true}, service: s.service(), want: connect.Finding{Problem: "token_invalid", Blocking: true}, cost: connect.CostAll},
		"no Moodle":             {service: badges.Service{URL: page.URL, Token: "t"}, want: connect.Finding{Problem: "not_json", Blocking: true}, cost: connect.CostAll},
		"nobody there":          {service: badges.Service{URL: gone.URL, Token: "t"}, want: connect.Finding{Problem: "unreachable", Blocking: true}, cost: connect.CostAll},
		"no address of the web": {service: badges.Service{URL: "https://", Token: "t"}, want: connect.Finding{Problem: "invalid_address", Blocking: true}, cost: connect.CostAll},
		"a function is missing": {
			faults: campus.Faults{WithoutFunction: []string{"core_group_get_course_groups"}}, service: s.service(),
			want: connect.Finding{Problem: moodle.ProblemFunctionMissing, Function: "core_group_get_course_groups"}, cost: connect.CostGroups,
		},
		"reports without filters": {
			faults: campus.Faults{ReportsUnfiltered: true}, service: s.service(),
			want: connect.Finding{Problem: "report_unfiltered", Function: "core_reportbuilder_retrieve_report", Report: "Insigne: completion slim"}, cost: connect.CostReport,
		},
		"groups may not be listed": {
			faults: campus.Faults{WithoutCapability: []string{"moodle/course:managegroups"}}, service: s.service(),
			want: connect.Finding{Problem: moodle.ProblemCapabilityMissing, Function: "core_group_get_course_groups", Missing: []string{"moodle/course:managegroups"}},
			cost: connect.CostGroups,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s.SetFaults(tt.faults)
			w.must(w.services().Save(t.Context(), s.platform, tt.service))
			check := w.kept(s.platform)
			if check == nil || len(check.Found) == 0 {
				t.Fatalf("check = %+v", check)
			}
			if diff := cmp.Diff(tt.want, check.Found[0]); diff != "" {
				t.Errorf("finding (-want +got):\n%s", diff)
			}
			if got := check.Found[0].Cost(); got != tt.cost {
				t.Errorf("cost = %q, want %q", got, tt.cost)
			}
			if got, err := w.store.Service(t.Context(), s.platform); err != nil || got != tt.service {
				t.Errorf("what was typed in is not stored: %+v, %v", got.URL, err)
			}
		})
	}
}

// TestCheckFailures checks that an error is not a finding, and that nothing is stored.
func TestCheckFailures(t *testing.T) {
	w := newWorld(t)
	platform := w.connected("https://lms.example")
	if err := w.services().Check(t.Context(), platform); !refused(err, fault.Conflict, "problem.no_service") {
		t.Errorf("before the service is set: %v", err)
	}
	if check := w.kept(platform); check != nil {
		t.Errorf("kept: %+v", check)
	}
	service := badges.Service{URL: "https://lms.example", Token: "t"}
	if err := w.services().Save(t.Context(), "unknown", service); !fault.Is(err, fault.NotFound) {
		t.Errorf("a platform that is not connected: %v", err)
	}
}

// TestReadServiceCheck reads a check that an older version stored, and refuses a broken
// one.
func TestReadServiceCheck(t *testing.T) {
	w := newWorld(t)
	platform := w.connected("https://lms.example")
	w.tx(func(tx *store.Tx) error {
		return tx.SetServiceCheck(t.Context(), platform, []byte(`{"site":"S","release":"4.5","course":"C","found":[
			{"problem":"capability_missing","function":"core_group_get_course_groups","missing":["a","b"],"blocking":true}]}`))
	})
	want := &connect.ServiceCheck{Site: "S", Release: "4.5", Course: "C", Found: []connect.Finding{
		{Problem: moodle.ProblemCapabilityMissing, Function: "core_group_get_course_groups", Missing: []string{"a", "b"}, Blocking: true},
	}}
	if diff := cmp.Diff(want, w.kept(platform)); diff != "" {
		t.Errorf("check (-want +got):\n%s", diff)
	}
	if _, err := connect.ReadServiceCheck([]byte("{")); err == nil {
		t.Error("half a check is read")
	}
}
