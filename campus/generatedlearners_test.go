package campus_test

import (
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/insigne-badges/insigne/campus"
	"github.com/insigne-badges/insigne/internal/testlength"
)

// crowded returns a campus with generated learners.
func crowded(t *testing.T, learners int) *site {
	t.Helper()
	return newSiteWith(t, func(cfg *campus.Config) { cfg.Learners = learners })
}

// The people and their results are the same each time. Some completed the course and
// some did not. The people with names do not change.
func TestGeneratedLearners(t *testing.T) {
	none, some, again := newSite(t), crowded(t, 1000), crowded(t, 1000)
	people := some.Learners()
	if diff := cmp.Diff(none.Learners(), people[:12], cmpopts.IgnoreUnexported(campus.Person{})); diff != "" {
		t.Errorf("people with names (-alone +in the crowd):\n%s", diff)
	}
	if diff := cmp.Diff(people, again.Learners(), cmpopts.IgnoreUnexported(campus.Person{})); diff != "" {
		t.Errorf("another crowd (-first +second):\n%s", diff)
	}
	seen, langs, suspended := map[string]bool{}, map[string]int{}, 0
	for _, p := range people[12:] {
		langs[p.Lang]++
		if p.Suspended() {
			suspended++
		}
		if _, err := mail.ParseAddress(p.Email); err != nil || seen[p.Email] || !strings.HasSuffix(p.Email, "@example.org") {
			t.Errorf("%s has the address %s: %v", p.Name(), p.Email, err)
		}
		seen[p.Email] = true
	}
	if len(seen) != 1000 || langs["fr"] < 400 || langs["en"] < 400 || suspended == 0 || suspended > 40 {
		t.Errorf("%d people, languages %v, %d suspended", len(seen), langs, suspended)
	}
	report := func(s *site) any {
		return s.call(t, "core_reportbuilder_retrieve_report", "reportid", "1", "perpage", "5000").(map[string]any)["data"].(map[string]any)["rows"]
	}
	rows := member[[]any](t, report(some), "columns")
	completed := map[any]int{}
	for _, row := range rows {
		completed[row[6]]++
	}
	if len(rows) != 1015 || completed["Yes"] < 500 || completed["No"] < 100 || completed[""] < 50 {
		t.Errorf("%d rows, completed: %v", len(rows), completed)
	}
	if got, want := fmt.Sprint(report(again)), fmt.Sprint(report(some)); strings.ReplaceAll(got, again.url, some.url) != want {
		t.Error("the crowd did something else the second time")
	}
}

// Each group has a hundred learners and can be read by itself.
func TestGroupsOfGeneratedLearners(t *testing.T) {
	s := crowded(t, 250)
	names := member[string](t, s.call(t, "core_group_get_course_groups", "courseid", "2"), "name")
	if diff := cmp.Diff([]string{"Groupe A", "Groupe B", "TD 01", "TD 02", "TD 03"}, names); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
	if got := s.gradesOf(t, "groupid", "5"); len(got) < 45 || len(got) > 50 || slices.Min(got) < 1201 {
		t.Errorf("the last group has reports of %v", got)
	}
}

// The site shows a hundred people per page, and saving the gradebook returns to the
// same page.
func TestManyPages(t *testing.T) {
	s := crowded(t, 1000)
	person := regexp.MustCompile(`id="as-learner-(\d+)"`)
	seen := map[string]bool{}
	path := "/?lang=en"
	for pages := 1; path != ""; pages++ {
		body := s.get(t, path).body
		for _, found := range person.FindAllStringSubmatch(body, -1) {
			seen[found[1]] = true
		}
		if len(person.FindAllString(body, -1)) > 100 || pages > 11 {
			t.Fatalf("page %d is too long", pages)
		}
		path = ""
		if next := regexp.MustCompile(`id="page-on" rel="next" href="(\?[^"]+)"`).FindStringSubmatch(body); next != nil {
			path = "/" + strings.ReplaceAll(next[1], "&amp;", "&")
		}
	}
	if len(seen) != 1012 {
		t.Errorf("the pages show %d people", len(seen))
	}
	if body := s.get(t, "/gradebook?page=11").body; !strings.Contains(body, `name="grade-2000-3"`) || strings.Contains(body, `name="grade-6-3"`) {
		t.Error("the last page of the gradebook is another one")
	}
	got := s.post(t, "/gradebook?course=2&page=11", url.Values{"grade-was-2000-3": {"0"}, "grade-2000-3": {"12.5"}})
	if got.header.Get("Location") != "/gradebook?course=2&page=11" {
		t.Errorf("saved: %d, on to %s", got.status, got.header.Get("Location"))
	}
	if body := s.get(t, "/gradebook?page=11").body; !strings.Contains(body, `name="grade-2000-3" value="12.5"`) {
		t.Error("the grade was not saved")
	}
}

// TestTenThousand reads all data of ten thousand learners. Reading one learner is as
// fast as in a small course, and the time for a page depends only on its rows.
func TestTenThousand(t *testing.T) {
	size := testlength.Choose(1000, 10_000, 10_000)
	begun := time.Now()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	s := crowded(t, size)
	runtime.GC()
	runtime.ReadMemStats(&after)
	each := (int64(after.HeapAlloc) - int64(before.HeapAlloc)) / int64(size)
	t.Logf("made in %v, %d bytes a learner", time.Since(begun).Round(time.Millisecond), each)
	if each > 2000 && size >= 10_000 { // of fewer, the memory of other tests would count
		t.Errorf("%d bytes a learner", each)
	}
	timed := func(what string, read func()) {
		begun := time.Now()
		read()
		t.Logf("%s: %v", what, time.Since(begun).Round(time.Microsecond*100))
	}
	timed("one completion in ten", func() {
		for i := range size / 10 {
			s.call(t, "core_completion_get_course_completion_status", "courseid", "2", "userid", number(int64(1001+i*10)))
		}
	})
	timed("roster in pages of 100", func() {
		for from := 0; from < size; from += 100 {
			s.roster(t, "options[0][name]", "limitfrom", "options[0][value]", fmt.Sprint(from), "options[1][name]", "limitnumber", "options[1][value]", "100")
		}
	})
	timed("all grades", func() {
		if got := s.gradesOf(t); len(got) < size*95/100 {
			t.Errorf("grades of %d", len(got))
		}
	})
	timed("the report", func() {
		if rows := len(s.call(t, "core_reportbuilder_retrieve_report", "reportid", "1", "perpage", "20000").(map[string]any)["data"].(map[string]any)["rows"].([]any)); rows != size+15 {
			t.Errorf("report of %d", rows)
		}
	})
}
