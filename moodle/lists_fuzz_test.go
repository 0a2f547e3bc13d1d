package moodle_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/moodle"
)

// sane fails the test if an error has no reason or contains the token.
func sane(t *testing.T, err error) {
	t.Helper()
	if err != nil && moodle.ReasonOf(err) == "" {
		t.Errorf("error without a reason: %v", err)
	}
	if err != nil && strings.Contains(err.Error(), canary) {
		t.Errorf("the token is shown: %v", err)
	}
}

// Whatever the site sends, streamed grades are only those of the requested course,
// learner and activities, once each. They equal those that Grades returns.
func FuzzGradesFor(f *testing.F) {
	for _, name := range []string{"ws-grade-items-one", "ws-grade-items-group", "ws-grade-items-no-grade", "ws-error-no-such-user"} {
		_, body := recorded(f, name)(nil)
		f.Add(string(body))
	}
	f.Add(`{"x":[{"y":{}}],"usergrades":[{"gradeitems":[{"cmid":3,"graderaw":1,"gradeisoverridden":1}],"userid":6,"courseid":2}]}`)
	f.Add(`{"usergrades":[{"userid":6,"gradeitems":[]},{"userid":6,"gradeitems":[]}],"usergrades":[]}`)
	f.Fuzz(func(t *testing.T, body string) {
		c := fake(t, func(*http.Request) (*http.Response, error) { return respond(200, body), nil })
		got, err := collect(t, c, "2", moodle.GradeQuery{Activities: []moodle.ActivityID{"3"}})
		sane(t, err)
		for user, book := range got {
			if n, numberErr := strconv.Atoi(string(user)); numberErr != nil || n <= 0 {
				t.Errorf("learner %q", user)
			}
			for activity := range book.Activities {
				if activity != "3" {
					t.Errorf("activity %q is not wanted", activity)
				}
			}
		}
		all, allErr := c.Grades(t.Context(), "2")
		if sane(t, allErr); (err == nil) != (allErr == nil) || err == nil && len(all) != len(got) {
			t.Errorf("streamed %d (%v), gathered %d (%v)", len(got), err, len(all), allErr)
		}
		one, err := collect(t, c, "2", moodle.GradeQuery{User: "6"})
		if sane(t, err); err == nil && len(one) > 1 {
			t.Errorf("asked about one learner, %d came", len(one))
		}
	})
}

// Users who are enrolled during the whole reading are found, whoever joins or leaves
// between pages and whoever is hidden. Each pair of bytes says who leaves or joins
// before a page.
func FuzzRosterPages(f *testing.F) {
	f.Add(uint16(1200), uint8(0), []byte{0, 0, 1, 1, 200, 3, 9, 100})
	f.Add(uint16(40), uint8(1), []byte{0, 0, 255, 0})
	f.Add(uint16(1001), uint8(20), []byte{0, 0, 50, 50, 51, 50, 52, 50})
	f.Fuzz(func(t *testing.T, count uint16, hide uint8, moves []byte) {
		r := servedRoster{ids: people(1, int(count%2000)), changes: map[int]func(*servedRoster){}}
		r.hidden = func(id int) bool { return id/4%(int(hide)/4+1) != 0 }
		for i := 0; i < len(r.ids); i++ {
			r.ids[i] *= 4 // leaves room for users who join
		}
		for i := 0; i+1 < min(len(moves), 40); i += 2 {
			place, many := int(moves[i])*8, int(moves[i+1])
			r.changes[i/2] = func(r *servedRoster) {
				if many < 128 {
					r.leave(people(4*place, 4*(place+many*4))...)
					return
				}
				for id := 4*place + 1; id < 4*place+2*(many-128); id += 4 {
					if !slices.Contains(r.ids, id) {
						r.join(id)
					}
				}
			}
		}
		stay := slices.Clone(r.ids)
		s := fake(t, func(req *http.Request) (*http.Response, error) {
			form := formOf(t, req)
			if form.Get("wsfunction") != "core_enrol_get_enrolled_users" {
				return respond(200, "[]"), nil
			}
			_, body := r.serve(form)
			stay = slices.DeleteFunc(stay, func(id int) bool { _, there := slices.BinarySearch(r.ids, id); return !there })
			return respond(200, string(body)), nil
		})
		list, err := s.Roster(t.Context(), "2")
		if err != nil {
			t.Fatal(err)
		}
		found := map[moodle.UserID]moodle.Participant{}
		for _, p := range list {
			found[p.ID] = p
		}
		if len(found) != len(list) {
			t.Errorf("%d participants, %d of them different", len(list), len(found))
		}
		for _, id := range stay {
			if p, ok := found[moodle.UserID(strconv.Itoa(id))]; (!ok || p.Suspended) && !r.hidden(id) {
				t.Fatalf("%d is lost or seems suspended: %+v", id, p)
			}
		}
	})
}

func formOf(t *testing.T, req *http.Request) url.Values {
	t.Helper()
	if err := req.ParseForm(); err != nil {
		t.Fatal(err)
	}
	return req.PostForm
}

// reportOf is a client of a site that answers every page of a report with the body.
func reportOf(t *testing.T, body string) *moodle.Client {
	t.Helper()
	calls := 0
	return fake(t, func(req *http.Request) (*http.Response, error) {
		if calls++; calls > 100 {
			t.Fatal("the client does not stop asking")
		}
		if formOf(t, req).Get("wsfunction") == fnReportFilters {
			return respond(200, "true"), nil
		}
		return respond(200, body), nil
	})
}

// saneRows fails the test if rows contain values that no report can produce.
func saneRows(t *testing.T, rows moodle.CompletionRows, err error) {
	t.Helper()
	if sane(t, err); err != nil && rows != nil {
		t.Error("rows together with an error")
	}
	for user, row := range rows {
		switch n, err := strconv.Atoi(string(user)); {
		case err != nil, n <= 0:
			t.Errorf("user %q", user)
		case !row.Completed && !row.At.IsZero(), !row.At.Equal(row.At.Truncate(time.Minute)):
			t.Errorf("user %s: %+v", user, row)
		}
	}
}

func FuzzReportAnswer(f *testing.F) {
	for _, name := range []string{
		"ws-report-completion-one-course", "ws-report-completion-since", "ws-report-completion-since-empty",
		"ws-report-completion", "ws-report-missing",
	} {
		_, body := recorded(f, name)(nil)
		f.Add(string(body))
	}
	f.Fuzz(func(t *testing.T, body string) {
		rows, err := reportOf(t, body).CompletionReport(t.Context(), "1", "2", time.Time{})
		saneRows(t, rows, err)
		rows, err = reportOf(t, body).CompletionReport(t.Context(), "1", "2", completedAt)
		saneRows(t, rows, err)
		_, err = reportOf(t, body).Reports(t.Context())
		sane(t, err)
		_, err = reportOf(t, body).Groups(t.Context(), "2")
		sane(t, err)
	})
}

// The input is the cells of one row. Only links to the right pages name a learner.
func FuzzReportRow(f *testing.F) {
	const site = `<a href="http://127.0.0.1:8045`
	f.Add(site+`/course/view.php?id=2">C</a>`, site+`/user/profile.php?id=6">Zoë</a>`, "Monday, 23 November 2026, 9:35 AM", "Yes")
	f.Add(site+`/course/view.php?id=2">C</a>`, site+`/user/view.php?course=2&amp;id=6">Zoë</a>`, "", "No")
	f.Add(site+`/course/view.php?id=2">C</a>`, "", "", "")
	f.Add(`<a href="%zz">`, `<a href='/user/profile.php?id=6'>`, "Tuesday, 23 November 2026, 13:35 PM", "Oui")
	f.Fuzz(func(t *testing.T, course, user, at, done string) {
		body, err := json.Marshal(map[string]any{"data": map[string]any{
			"headers":       []string{"Course full name with link", "Full name with link", "Time completed", "Completed"},
			"rows":          []any{map[string]any{"columns": []string{course, user, at, done}}},
			"totalrowcount": 1,
		}})
		if err != nil {
			t.Fatal(err)
		}
		rows, err := reportOf(t, string(body)).CompletionReport(t.Context(), "1", "2", time.Time{})
		saneRows(t, rows, err)
		for id := range rows {
			if !strings.Contains(course, "2") || !strings.Contains(user, strings.TrimLeft(string(id), "+")) && !strings.Contains(user, "&#") && !strings.Contains(user, "%") {
				t.Errorf("user %s came of %q in %q", id, user, course)
			}
		}
	})
}
