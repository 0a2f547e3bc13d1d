package lti_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/lti"
)

func TestRoster(t *testing.T) {
	roles := func(r ...string) lti.Roles { return append(lti.Roles{}, r...) }
	long := strings.Repeat("x", 256)
	tests := map[string]struct {
		members string
		want    []lti.Member
	}{
		"64 nobody":                     {`[]`, []lti.Member{}},
		"67 Active":                     {`[{"user_id":"1","status":"Active","roles":[]}]`, []lti.Member{{User: "1", Roles: roles(), Active: true}}},
		"67 no status":                  {`[{"user_id":"1","roles":[]}]`, []lti.Member{{User: "1", Roles: roles(), Active: true}}},
		"67 status null":                {`[{"user_id":"1","status":null,"roles":[]}]`, []lti.Member{{User: "1", Roles: roles(), Active: true}}},
		"67 Inactive":                   {`[{"user_id":"1","status":"Inactive","roles":[]}]`, []lti.Member{{User: "1", Roles: roles()}}},
		"67 Deleted":                    {`[{"user_id":"1","status":"Deleted","roles":[]}]`, []lti.Member{{User: "1", Roles: roles()}}},
		"67 a word nobody knows":        {`[{"user_id":"1","status":"Paused","roles":[]}]`, []lti.Member{{User: "1", Roles: roles()}}},
		"68 no name":                    {`[{"user_id":"1","roles":[]}]`, []lti.Member{{User: "1", Roles: roles(), Active: true}}},
		"68 names null":                 {`[{"user_id":"1","name":null,"given_name":null,"roles":[]}]`, []lti.Member{{User: "1", Roles: roles(), Active: true}}},
		"68 only a given name":          {`[{"user_id":"1","given_name":"Zoë","roles":[]}]`, []lti.Member{{User: "1", Name: "Zoë", GivenName: "Zoë", Roles: roles(), Active: true}}},
		"68 given and family name":      {`[{"user_id":"1","given_name":"Zoë","family_name":"Å","roles":[]}]`, []lti.Member{{User: "1", Name: "Zoë Å", GivenName: "Zoë", FamilyName: "Å", Roles: roles(), Active: true}}},
		"68 escaped once, read once":    {`[{"user_id":"1","name":"A &amp;lt; B &amp; &#39;C&#39;","roles":[]}]`, []lti.Member{{User: "1", Name: "A &lt; B & 'C'", Roles: roles(), Active: true}}},
		"68 a name that is a number":    {`[{"user_id":"1","name":{"a":1},"family_name":7,"roles":[]}]`, []lti.Member{{User: "1", Name: "7", FamilyName: "7", Roles: roles(), Active: true}}},
		"69 short role":                 {`[{"user_id":"1","roles":["Learner"]}]`, []lti.Member{{User: "1", Roles: roles("Learner"), Active: true}}},
		"69 full role":                  {`[{"user_id":"1","roles":["` + learner + `"]}]`, []lti.Member{{User: "1", Roles: roles(learner), Active: true}}},
		"69 one role, no list":          {`[{"user_id":"1","roles":"Learner"}]`, []lti.Member{{User: "1", Roles: roles("Learner"), Active: true}}},
		"69 empty role and odd ones":    {`[{"user_id":"1","roles":["",null,{},"Learner"]}]`, []lti.Member{{User: "1", Roles: roles("Learner"), Active: true}}},
		"69 no roles":                   {`[{"user_id":"1"}]`, []lti.Member{{User: "1", Active: true}}},
		"64 fields nobody knows":        {`[{"user_id":"1","roles":[],"picture":"x","group_enrollments":[{}],"lti11_legacy_user_id":"y"}]`, []lti.Member{{User: "1", Roles: roles(), Active: true}}},
		"64 user is a number":           {`[{"user_id":12345678901234567890,"roles":[]}]`, []lti.Member{{User: "12345678901234567890", Roles: roles(), Active: true}}},
		"64 no user, and what is no id": {`[{"roles":[]},{"user_id":""},{"user_id":null},{"user_id":["1"]},{"user_id":"` + long + `"},{"user_id":"a\u0000"},null,7,"x",[]]`, []lti.Member{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newService(t, status(200, `{"id":"x","context":{"id":"2"},"members":`+test.members+`}`))
			got, err := s.roster()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNoRoster(t *testing.T) { // case 71
	for name, body := range map[string]string{
		"list": `[]`, "null": `null`, "no members": `{"id":"x"}`, "members null": `{"members":null}`, "members an object": `{"members":{}}`,
		"version 1": `{"pageOf":{"membershipSubject":{"membership":[]}}}`, "two values": `{"members":[]}{}`, "cut off": `{"members":[`,
		"deep": `{"members":` + strings.Repeat("[", 20_000),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := newService(t, status(200, body)).roster()
			wantReason(t, err, lti.ServiceAnswer)
		})
	}
}

// TestDifferences reads the roster of a course and twice the changes after it (case
// 66).
func TestDifferences(t *testing.T) {
	s := newService(t, nil)
	s.handle = func(w http.ResponseWriter, r *http.Request) {
		pages := map[string][2]string{
			"":        {`{"members":[{"user_id":"1","roles":[]}]}`, `<?p=2>; rel="next", <?since=0>; rel="differences"`},
			"p=2":     {`{"members":[{"user_id":"2","roles":[]}]}`, `<?since=1>; rel="differences"`},
			"since=1": {`{"members":[{"user_id":"2","status":"Deleted","roles":[]},{"user_id":"3","roles":[]}]}`, `</members?since=2>; rel="differences"`},
			"since=2": {`{"members":[]}`, `<https://evil.example/members>; rel="differences"`},
		}
		page := pages[r.URL.RawQuery]
		w.Header().Set("Link", page[1])
		_, _ = w.Write([]byte(page[0]))
	}
	member := func(user string, active bool) lti.Member {
		return lti.Member{User: user, Active: active, Roles: lti.Roles{}}
	}
	address := s.URL + "/members"
	for _, want := range []struct {
		members []lti.Member
		next    string
	}{
		{[]lti.Member{member("1", true), member("2", true)}, s.URL + "/members?since=1"},
		{[]lti.Member{member("2", false), member("3", true)}, s.URL + "/members?since=2"},
		{[]lti.Member{}, ""}, // no address to which the token must not be sent
	} {
		members, next, err := s.tool.RosterWithDifferences(t.Context(), s.registration(), address)
		if diff := cmp.Diff(want.members, members); err != nil || diff != "" || next != want.next {
			t.Fatalf("%s: then %q, want %q, %v: %s", address, next, want.next, err, diff)
		}
		address = next
	}
}

func TestRosterOfLink(t *testing.T) { // case 65
	for address, want := range map[string]string{
		"/members":     "/members?rlid=a+%26%3F",
		"/members?c=2": "/members?c=2&rlid=a+%26%3F",
		"/m?c=%2f#top": "/m?c=%2f&rlid=a+%26%3F",
	} {
		s := newService(t, status(200, onePerson))
		if _, err := s.tool.RosterOfLink(t.Context(), s.registration(), s.URL+address, "a &?"); err != nil {
			t.Error(err)
		}
		if got := s.requests[0].URL; got != want {
			t.Errorf("%s: asked %q, want %q", address, got, want)
		}
	}
}

func TestRecordedRoster(t *testing.T) { // cases 63 to 69
	m := newRecorded(t, "nrps-full", "nrps-page-1", "nrps-page-2", "nrps-page-3")
	full, err := m.tool.Roster(t.Context(), m.registration, recordedMembers)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := m.tool.Roster(t.Context(), m.registration, recordedMembers+"?limit=5")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(full, pages); diff != "" || len(full) != 13 {
		t.Errorf("%d members; read page by page: %s", len(full), diff)
	}
	byUser := map[string]lti.Member{}
	for _, member := range full {
		byUser[member.User] = member
		if !member.Active || member.Name == "" || member.Email == "" {
			t.Errorf("member %+v", member)
		}
	}
	want := lti.Member{
		User: "10", Name: "Bjørn Nordmann & Søn", GivenName: "Bjørn", FamilyName: "Nordmann & Søn", Email: "s05@example.org",
		Roles: lti.Roles{"Learner"}, Active: true,
	}
	if diff := cmp.Diff(want, byUser["10"]); diff != "" {
		t.Error(diff)
	}
	if !byUser["3"].Roles.Instructor() || byUser["3"].Roles.Learner() || !byUser["6"].Roles.Learner() {
		t.Errorf("roles %v of the teacher, %v of a learner", byUser["3"].Roles, byUser["6"].Roles)
	}
}

// Moodle's second page lists all members, so the caller must use Roles.
func TestRecordedRosterByRole(t *testing.T) { // case 69
	m := newRecorded(t, "nrps-page-role")
	_, err := m.tool.Roster(t.Context(), m.registration, recordedMembers+"?role=Learner&limit=3")
	wantReason(t, err, lti.ServiceNotFound) // the next page was not recorded
	if got, want := m.requests[1].URL.RawQuery, "limit=3&from=3"; got != want {
		t.Errorf("next page asks %q, want what Moodle linked to: %q", got, want)
	}
}

func TestRecordedRosterOfLink(t *testing.T) { // case 65
	m := newRecorded(t, "nrps-rlid", "nrps-rlid-unknown")
	members, err := m.tool.RosterOfLink(t.Context(), m.registration, recordedMembers, "1")
	if err != nil || len(members) != 13 {
		t.Errorf("%d members, %v", len(members), err)
	}
	_, err = m.tool.RosterOfLink(t.Context(), m.registration, recordedMembers, "999999")
	wantReason(t, err, lti.ServiceNotFound)
}

func TestRecordedRosterErrors(t *testing.T) { // case 71
	for name, test := range map[string]struct {
		address  string
		want     lti.Reason
		requests int
	}{
		"nrps-bad-token":         {recordedMembers, lti.ServiceForbidden, 2},
		"nrps-token-other-scope": {recordedMembers, lti.ServiceForbidden, 2},
		"nrps-missing-course":    {strings.Replace(recordedMembers, "/2/", "/99999/", 1), lti.ServiceNotFound, 1},
	} {
		t.Run(name, func(t *testing.T) {
			m := newRecorded(t, name)
			_, err := m.tool.Roster(t.Context(), m.registration, test.address)
			wantReason(t, err, test.want)
			if len(m.requests) != test.requests || m.requests[0].Method != http.MethodGet {
				t.Errorf("%d requests, want %d", len(m.requests), test.requests)
			}
		})
	}
}
