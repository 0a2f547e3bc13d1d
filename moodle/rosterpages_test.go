package moodle_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/moodle"
)

// servedRoster is a roster as Moodle serves it: sorted by id, cut into pages by rows,
// and only then without the users who may not be seen.
type servedRoster struct {
	ids     []int
	hidden  func(id int) bool
	changes map[int]func(*servedRoster) // by the number of pages already served
	served  int
}

func people(from, to int) []int {
	ids := []int{}
	for id := from; id <= to; id++ {
		ids = append(ids, id)
	}
	return ids
}

func (r *servedRoster) leave(ids ...int) {
	r.ids = slices.DeleteFunc(slices.Clone(r.ids), func(id int) bool { return slices.Contains(ids, id) })
}

func (r *servedRoster) join(ids ...int) {
	r.ids = append(slices.Clone(r.ids), ids...)
	slices.Sort(r.ids)
}

func (r *servedRoster) serve(form url.Values) (int, []byte) {
	if change := r.changes[r.served]; change != nil {
		change(r)
	}
	r.served++
	from, _ := strconv.Atoi(option(form, "limitfrom"))
	limit, _ := strconv.Atoi(option(form, "limitnumber"))
	page := []map[string]any{}
	from = min(from, len(r.ids))
	for _, id := range r.ids[from:min(from+limit, len(r.ids))] {
		if r.hidden == nil || !r.hidden(id) {
			page = append(page, map[string]any{"id": id, "fullname": "L &amp; " + strconv.Itoa(id)})
		}
	}
	raw, _ := json.Marshal(page)
	return http.StatusOK, raw
}

// Users who are enrolled during the whole reading are found, whatever else changes.
func TestRosterPages(t *testing.T) {
	between := func(from, to int) func(int) bool {
		return func(id int) bool { return id >= from && id <= to }
	}
	tests := map[string]struct {
		servedRoster servedRoster
		pages        int // pages of the first of the two lists; 0 means any number
	}{
		"nobody":               {servedRoster{}, 1},
		"one page":             {servedRoster{ids: people(1, 40)}, 2},
		"a page and one":       {servedRoster{ids: people(1, 501)}, 3},
		"three pages":          {servedRoster{ids: people(1, 1200)}, 4},
		"ids with gaps":        {servedRoster{ids: append(people(3, 400), people(90_000, 91_000)...)}, 4},
		"a page cut short":     {servedRoster{ids: people(1, 1200), hidden: between(4, 499)}, 0},
		"hidden all over":      {servedRoster{ids: people(1, 3000), hidden: func(id int) bool { return id%7 != 0 }}, 0},
		"nearly a page hidden": {servedRoster{ids: people(1, 1500), hidden: between(501, 995)}, 0},
		"two runs hidden":      {servedRoster{ids: people(1, 1500), hidden: func(id int) bool { return id > 2 && id < 401 || id > 402 && id < 900 }}, 0},
		"one leaves from a page already read": {servedRoster{ids: people(1, 1200), changes: map[int]func(*servedRoster){
			1: func(r *servedRoster) { r.leave(7) },
		}}, 0},
		"many leave from pages already read": {servedRoster{ids: people(1, 2500), changes: map[int]func(*servedRoster){
			2: func(r *servedRoster) { r.leave(people(100, 700)...) },
		}}, 0},
		"the last one read leaves": {servedRoster{ids: people(1, 1200), changes: map[int]func(*servedRoster){
			1: func(r *servedRoster) { r.leave(500) },
		}}, 0},
		"the last of all leaves": {servedRoster{ids: people(1, 40), changes: map[int]func(*servedRoster){
			1: func(r *servedRoster) { r.leave(40) },
		}}, 0},
		"the whole first page leaves": {servedRoster{ids: people(1, 1200), changes: map[int]func(*servedRoster){
			1: func(r *servedRoster) { r.leave(people(1, 500)...) },
		}}, 0},
		"somebody leaves before each page": {servedRoster{ids: people(1, 2500), changes: map[int]func(*servedRoster){
			1: func(r *servedRoster) { r.leave(1) }, 2: func(r *servedRoster) { r.leave(2) }, 3: func(r *servedRoster) { r.leave(3) }, 4: func(r *servedRoster) { r.leave(4) },
		}}, 0},
		"some join on pages already read": {servedRoster{ids: people(1000, 2200), changes: map[int]func(*servedRoster){
			1: func(r *servedRoster) { r.join(people(1, 30)...) },
		}}, 0},
		"hidden, and some leave": {servedRoster{ids: people(1, 1200), hidden: between(4, 300), changes: map[int]func(*servedRoster){
			1: func(r *servedRoster) { r.leave(people(310, 330)...) },
		}}, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r, first := tt.servedRoster, 0
			s := newSite(t, map[string]answer{
				"core_enrol_get_enrolled_users": func(form url.Values) (int, []byte) {
					if option(form, "onlyactive") != "1" {
						first++
					}
					return r.serve(form)
				},
				"core_user_get_users_by_field": text(`[]`),
			})
			list, err := s.client().Roster(t.Context(), "2")
			if err != nil {
				t.Fatal(err)
			}
			got := map[moodle.UserID]int{}
			for _, p := range list {
				if got[p.ID]++; got[p.ID] > 1 {
					t.Errorf("%s is doubled", p.ID)
				}
			}
			for _, id := range r.ids {
				if user := moodle.UserID(strconv.Itoa(id)); got[user] == 0 && (r.hidden == nil || !r.hidden(id)) {
					t.Fatalf("%s is lost, of %d", user, len(r.ids))
				}
			}
			if tt.pages != 0 && first != tt.pages {
				t.Errorf("%d calls, want %d", first, tt.pages)
			}
			for _, p := range list {
				if n, _ := strconv.Atoi(string(p.ID)); p.Name != "L & "+string(p.ID) || p.Suspended && slices.Contains(r.ids, n) {
					t.Fatalf("%+v", p)
				}
			}
		})
	}
}

// If a user is enrolled between the two lists, with an id below those read last, all
// participants are read again.
func TestUserJoinsBetweenRosters(t *testing.T) {
	r := servedRoster{ids: people(10, 20), changes: map[int]func(*servedRoster){2: func(r *servedRoster) { r.join(5) }}}
	s := newSite(t, map[string]answer{"core_enrol_get_enrolled_users": r.serve, "core_user_get_users_by_field": text(`[]`)})
	list, err := s.client().Roster(t.Context(), "2")
	if err != nil || len(list) != 12 || list[0].ID != "5" {
		t.Errorf("%d participants, %v; want 12 that begin with the new one", len(list), err)
	}
}

func TestOddRosters(t *testing.T) {
	endless := 0
	tests := map[string]struct {
		reply answer
		count int
		want  moodle.Reason
	}{
		"the limit is ignored":   {text(`[{"id":1},{"id":2}]`), 2, ""},
		"a user without an id":   {text(`[{"fullname":"x"}]`), 0, moodle.Unexpected},
		"not in the order asked": {text(`[{"id":2},{"id":1}]`), 0, moodle.Unexpected},
		"no list":                {text(`{"users":[]}`), 0, moodle.Unexpected},
		"cut off":                {text(`[{"id":1},`), 0, moodle.NotJSON},
		"more after the end":     {text(`[{"id":1}]<br>`), 0, moodle.NotJSON},
		"without end": {func(url.Values) (int, []byte) {
			endless += 2
			return http.StatusOK, []byte(`[{"id":` + strconv.Itoa(endless-1) + `},{"id":` + strconv.Itoa(endless) + `}]`)
		}, 0, moodle.TooLarge},
		"never the same": {func(url.Values) (int, []byte) {
			endless++
			return http.StatusOK, []byte(`[{"id":` + strconv.Itoa(endless*1000) + `}]`)
		}, 0, moodle.TooLarge},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, map[string]answer{"core_enrol_get_enrolled_users": tt.reply, "core_user_get_users_by_field": text(`[]`)})
			list, err := s.client().Roster(t.Context(), "2")
			if moodle.ReasonOf(err) != tt.want || len(list) != tt.count {
				t.Errorf("%d participants, %v; want %d and %q", len(list), err, tt.count, tt.want)
			}
		})
	}
}

// The result does not depend on whether the recorded page has whole profiles or few
// fields.
func TestRecordedRosterPage(t *testing.T) {
	s := newSite(t, map[string]answer{
		"core_enrol_get_enrolled_users": recorded(t, "ws-enrolled-users-page"), "core_user_get_users_by_field": text(`[]`),
	})
	list, err := s.client().Roster(t.Context(), "2")
	if err != nil {
		t.Fatal(err)
	}
	got := map[moodle.UserID][]moodle.GroupID{}
	for _, p := range list {
		got[p.ID] = p.Groups
	}
	want := map[moodle.UserID][]moodle.GroupID{"3": nil, "4": nil, "6": {"1", "3"}, "7": {"1"}, "8": {"1"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
}
