package lti_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/lti"
)

// services is a platform's token endpoint and services. It answers by path, in
// turn where there are several answers, and keeps what it was asked.
type services struct {
	*httptest.Server
	f *fixture

	mu      sync.Mutex
	answers map[string][]served // by method and path
	got     []received
	tokens  int
}

type served struct {
	status int
	header http.Header
	body   string
}

type received struct {
	method, url, accept, contentType, bearer, body string
}

func newServices(t *testing.T) *services {
	t.Helper()
	s := &services{f: newFixture(t), answers: map[string][]served{}}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	s.f.store.keys = []lti.SigningKey{newSigningKey(t)}
	s.f.store.registrations[0].TokenURL = s.URL + "/token"
	return s
}

func (s *services) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.URL.Path == "/token" {
		s.tokens++
		_, _ = fmt.Fprintf(w, `{"access_token":"token-%d","expires_in":3600}`, s.tokens)
		return
	}
	body, _ := io.ReadAll(r.Body)
	s.got = append(s.got, received{r.Method, r.URL.String(), r.Header.Get("Accept"), r.Header.Get("Content-Type"), r.Header.Get("Authorization"), string(body)})
	key := r.Method + " " + r.URL.Path
	queue := s.answers[key]
	if len(queue) == 0 {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	a := queue[0]
	if len(queue) > 1 {
		s.answers[key] = queue[1:]
	}
	for name, values := range a.header {
		w.Header()[name] = values
	}
	if a.status != 0 {
		w.WriteHeader(a.status)
	}
	_, _ = io.WriteString(w, a.body)
}

func (s *services) answer(methodAndPath string, answers ...served) *services {
	s.answers[methodAndPath] = answers
	return s
}

func (s *services) registration() lti.Registration { return s.f.store.registrations[0] }

func (s *services) roster(t *testing.T) ([]lti.Member, error) {
	t.Helper()
	return s.f.tool.Roster(t.Context(), s.registration(), s.URL+"/memberships", "")
}

// recordedAnswer is what a real Moodle answered, its host replaced by ours.
func (s *services) recordedAnswer(t testing.TB, name string) served {
	t.Helper()
	found, err := filepath.Glob("../*/testdata/" + name + ".json")
	if err != nil || len(found) != 1 {
		t.Fatalf("recording %s: %v, %v", name, found, err)
	}
	raw, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	var r struct {
		Response struct {
			Status  int
			Headers map[string]any
			JSON    json.RawMessage
		}
	}
	if err := json.Unmarshal([]byte(strings.ReplaceAll(string(raw), moodle, s.URL)), &r); err != nil {
		t.Fatal(err)
	}
	a := served{status: r.Response.Status, body: string(r.Response.JSON), header: http.Header{}}
	if link, ok := r.Response.Headers["link"].(string); ok {
		a.header.Set("Link", latin1(link))
	}
	return a
}

// latin1 undoes how the recorder decoded header bytes.
func latin1(s string) string {
	var raw []byte
	for _, r := range s {
		raw = append(raw, byte(r))
	}
	return string(raw)
}

func TestRoster(t *testing.T) { // cases 63, 67, 68, 69
	s := newServices(t).answer("GET /memberships", served{body: `{"id":"x","context":{"id":"2"},"members":[
		{"user_id":"6","status":"Active","roles":["Learner"],"name":"Se&aacute;n O&#039;Connor &amp; Co","email":"s@example.org"},
		{"user_id":"7","roles":["http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"],"given_name":"Ana","family_name":"B"},
		{"user_id":"8","status":"Inactive","roles":["Learner"]},{"user_id":"9","status":"Deleted","roles":[]},
		{"roles":["Learner"],"name":"nobody"}]}`})
	got, err := s.roster(t)
	if err != nil {
		t.Fatal(err)
	}
	want := []lti.Member{
		{User: "6", Name: "Seán O'Connor & Co", Email: "s@example.org", Roles: lti.Roles{"Learner"}, Active: true},
		{User: "7", Name: "Ana B", GivenName: "Ana", FamilyName: "B", Roles: lti.Roles{instructor}, Active: true},
		{User: "8", Roles: lti.Roles{"Learner"}},
		{User: "9", Roles: lti.Roles{}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !got[0].Roles.Learner() || !got[1].Roles.Instructor() {
		t.Error("short and full roles are not read alike")
	}
	if r := s.got[0]; r.accept != "application/vnd.ims.lti-nrps.v2.membershipcontainer+json" || r.bearer != "Bearer token-1" {
		t.Errorf("request = %+v", r)
	}
}

func TestRecordedRoster(t *testing.T) { // cases 63, 64, 65
	s := newServices(t)
	path := "/mod/lti/services.php/CourseSection/2/bindings/2/memberships"
	last := s.recordedAnswer(t, "nrps-full")
	s.answer("GET "+path, s.recordedAnswer(t, "nrps-page-1"), last)
	got, err := s.f.tool.Roster(t.Context(), s.registration(), s.URL+path, "1")
	if err != nil || len(got) < 10 {
		t.Fatalf("%d members, %v", len(got), err)
	}
	if len(s.got) != 2 || s.got[0].url != path+"?rlid=1" || s.got[1].url != path+"?limit=5&from=5" {
		t.Errorf("requests = %+v, want the link's roster and its next page", s.got)
	}
	if i := slices.IndexFunc(got, func(m lti.Member) bool { return strings.Contains(m.Name, "&") && strings.Contains(m.Name, ";") }); i >= 0 {
		t.Errorf("name %q is still escaped", got[i].Name)
	}
}

func TestServiceRefusals(t *testing.T) { // cases 70, 71, 76
	for _, tt := range []struct {
		name   string
		answer served
		want   lti.Reason
	}{
		{"71 forbidden", served{status: 403}, lti.ServiceForbidden},
		{"71 not found", served{status: 404}, lti.ServiceNotFound},
		{"71 too many requests", served{status: 429}, lti.ServiceBusy},
		{"71 maintenance", served{status: 503, body: "<html>"}, lti.ServiceBusy},
		{"71 broken", served{status: 500}, lti.ServiceFailed},
		{"71 redirect to nowhere", served{status: 302}, lti.ServiceFailed},
		{"71 never accepted", served{status: 401}, lti.ServiceForbidden},
		{"71 a web page", served{body: "<html>"}, lti.ServiceAnswer},
		{"71 no members", served{body: "{}"}, lti.ServiceAnswer},
		{"71 a list", served{body: "[]"}, lti.ServiceAnswer},
		{"71 too large", served{body: `{"members":[` + strings.Repeat(" ", 9<<20) + `]}`}, lti.ServiceFailed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := newServices(t).answer("GET /memberships", tt.answer).roster(t)
			wantReason(t, err, tt.want)
		})
	}
	s := newServices(t)
	tool, reg := s.f.tool, s.registration()
	for name, err := range map[string]error{
		"roster": func() error { _, err := tool.Roster(t.Context(), reg, "", "1"); return err }(),
		"items":  func() error { _, err := tool.LineItems(t.Context(), reg, "", lti.LineItemFilter{Tag: "x"}); return err }(),
		"score":  tool.PostScore(t.Context(), reg, "", lti.Score{User: "6", Given: 1, Maximum: 1, At: time.Now()}),
		"result": func() error { _, err := tool.Results(t.Context(), reg, "", "6"); return err }(),
	} { // cases 70, 80
		if got := lti.ReasonOf(err); got != lti.ServiceAbsent {
			t.Errorf("%s without an address: %v, want %s", name, err, lti.ServiceAbsent)
		}
	}
	if len(s.got) != 0 {
		t.Errorf("requests = %v, want none", s.got)
	}
}

func TestRevokedTokenIsReplacedOnce(t *testing.T) { // case 71
	s := newServices(t).answer("GET /memberships", served{status: 401}, served{body: `{"members":[]}`})
	if _, err := s.roster(t); err != nil {
		t.Fatal(err)
	}
	if len(s.got) != 2 || s.got[1].bearer != "Bearer token-2" || s.tokens != 2 {
		t.Errorf("requests = %+v with %d tokens, want a second with a new token", s.got, s.tokens)
	}
	if _, err := s.roster(t); err != nil || s.tokens != 2 {
		t.Errorf("%d tokens, %v; want the new one kept", s.tokens, err)
	}
}

func TestPaging(t *testing.T) { // cases 64, 74
	canary := newServices(t)
	page := func(user, link string) served {
		return served{body: `{"members":[{"user_id":"` + user + `"}]}`, header: http.Header{"Link": {link}}}
	}
	for _, tt := range []struct {
		name string
		link string
		want int // members; 0: refused
	}{
		{"64 absolute", `<URL/next>; rel="next"`, 2},
		{"64 relative", `</next>; rel=next`, 2},
		{"64 among others", `<URL/a>; rel="first", <URL/next>; title="x"; rel="next last", <URL/b>; rel="prev"`, 2},
		{"74 as Moodle writes it", `<URL/a>; rel=“first”, <URL/next?a=1&amp;b=2>; rel=“next”, <URL/z>; rel=“last”`, 2},
		{"64 in capitals", `<URL/next>; REL="NEXT"`, 2},
		{"64 to itself", `<URL/memberships>; rel="next"`, 1},
		{"64 only others", `<URL/next>; rel="last"`, 1},
		{"64 broken", `<URL/next; rel="next"`, 1},
		{"64 no address", `rel="next"`, 1},
		{"64 elsewhere", `<` + canary.URL + `/next>; rel="next"`, 0},
		{"64 elsewhere without a scheme", `<//evil.example/next>; rel="next"`, 0},
		{"64 a file", `<file:///etc/passwd>; rel="next"`, 0},
		{"64 unreadable", `<http://%zz>; rel="next"`, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newServices(t)
			s.answer("GET /memberships", page("1", strings.ReplaceAll(tt.link, "URL", s.URL))).answer("GET /next", page("2", ""))
			got, err := s.roster(t)
			if tt.want == 0 {
				wantReason(t, err, lti.ServiceAnswer)
			} else if err != nil || len(got) != tt.want {
				t.Errorf("%d members, %v; want %d", len(got), err, tt.want)
			}
		})
	}
	if len(canary.got) != 0 || canary.tokens != 0 {
		t.Errorf("another site got %v", canary.got)
	}
	s := newServices(t)
	s.answer("GET /memberships", page("1", "</next>; rel=next")).answer("GET /next", page("2", "</memberships>; rel=next"))
	if got, err := s.roster(t); err != nil || len(got) != 2 {
		t.Errorf("a circle: %d members, %v; want 2", len(got), err)
	}
}

func TestLineItems(t *testing.T) { // cases 72, 74, 78
	s := newServices(t)
	items, item := "/mod/lti/services.php/2/lineitems", "/mod/lti/services.php/2/lineitems/19/lineitem"
	s.answer("GET "+items, s.recordedAnswer(t, "ags-lineitems-paged"), s.recordedAnswer(t, "ags-lineitems"))
	s.answer("POST "+items, s.recordedAnswer(t, "ags-lineitem-create"))
	s.answer("GET "+item, s.recordedAnswer(t, "ags-lineitem-get")).answer("PUT "+item, s.recordedAnswer(t, "ags-lineitem-put"))
	s.answer("DELETE "+item, served{status: 204})
	tool, reg, ctx := s.f.tool, s.registration(), t.Context()
	address := s.URL + items + "?type_id=2"

	list, err := tool.LineItems(ctx, reg, address, lti.LineItemFilter{Tag: "insigne", ResourceID: "b"})
	if err != nil || len(list) < 3 || list[0].ResourceLinkID != "1" || list[0].ScoreMaximum != 100 {
		t.Errorf("line items = %+v, %v", list, err)
	}
	wanted := lti.LineItem{Label: "Badge : Élève d'or & co", ScoreMaximum: 60, ResourceID: "badge-7", Tag: "insigne"}
	made, err := tool.CreateLineItem(ctx, reg, address, wanted)
	if err != nil || !strings.HasPrefix(made.ID, s.URL+items+"/") || made.Label != wanted.Label {
		t.Errorf("created = %+v, %v", made, err)
	}
	one := s.URL + item + "?type_id=2"
	if got, err := tool.LineItem(ctx, reg, one); err != nil || got.ID != one || got.Tag != "insigne" {
		t.Errorf("line item = %+v, %v", got, err)
	}
	if got, err := tool.UpdateLineItem(ctx, reg, lti.LineItem{ID: one, Label: "Badge renamed", ScoreMaximum: 100}); err != nil || got.Label != "Badge renamed" {
		t.Errorf("updated = %+v, %v", got, err)
	}
	if err := tool.DeleteLineItem(ctx, reg, one); err != nil {
		t.Error(err)
	}
	for _, r := range s.got {
		if strings.Contains(r.accept, ",") || r.accept == "*/*" {
			t.Errorf("%s %s asks for %q, want one media type", r.method, r.url, r.accept)
		}
	}
	if q, err := url.Parse(s.got[0].url); err != nil || q.Query().Get("tag") != "insigne" || q.Query().Get("resource_id") != "b" || q.Query().Get("type_id") != "2" {
		t.Errorf("listing asks %q", s.got[0].url)
	}
	for _, bad := range []lti.LineItem{{ScoreMaximum: 1}, {Label: "x"}, {Label: "x", ScoreMaximum: -1}} {
		if _, err := tool.CreateLineItem(ctx, reg, address, bad); err == nil {
			t.Errorf("%+v is sent", bad)
		}
	}
}

func TestPostScore(t *testing.T) { // cases 73, 75, 76
	score := lti.Score{User: "6", Given: 75, Maximum: 100, Comment: "https://badges.example/v/1", At: time.Date(2026, 11, 23, 12, 0, 0, 5e8, time.FixedZone("", 3600))}
	const item, path = "/2/lineitems/19/lineitem", "POST /2/lineitems/19/lineitem/scores"
	post := func(answer served, score lti.Score) (*services, error) {
		s := newServices(t).answer(path, answer)
		return s, s.f.tool.PostScore(t.Context(), s.registration(), s.URL+item+"?type_id=2", score)
	}
	s, err := post(served{}, score)
	if err != nil {
		t.Fatal(err)
	}
	var sent map[string]any
	if err := json.Unmarshal([]byte(s.got[0].body), &sent); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"userId": "6", "scoreGiven": 75.0, "scoreMaximum": 100.0, "comment": score.Comment, "activityProgress": "Completed",
		"gradingProgress": "FullyGraded", "timestamp": "2026-11-23T11:00:00.500Z",
	}
	if diff := cmp.Diff(want, sent); diff != "" {
		t.Error(diff)
	}
	if r := s.got[0]; r.url != item+"/scores?type_id=2" || r.contentType != "application/vnd.ims.lis.v1.score+json" {
		t.Errorf("request = %+v", r)
	}
	_, err = post(served{status: 409, body: "[]"}, score)
	wantReason(t, err, lti.ServiceConflict)
	_, err = post(served{status: 400, body: "[]"}, score)
	wantReason(t, err, lti.ServiceRefused)
	for name, spoil := range map[string]func(*lti.Score){
		"no user": func(s *lti.Score) { s.User = "" }, "no time": func(s *lti.Score) { s.At = time.Time{} },
		"no maximum": func(s *lti.Score) { s.Maximum = 0 }, "below zero": func(s *lti.Score) { s.Given = -1 },
	} {
		bad := score
		spoil(&bad)
		if s, err := post(served{}, bad); err == nil || len(s.got) != 0 {
			t.Errorf("a score with %s is sent", name)
		}
	}
}

func TestResults(t *testing.T) { // cases 73, 77
	const item = "/mod/lti/services.php/2/lineitems/19/lineitem"
	s := newServices(t)
	s.answer("GET "+item+"/results", s.recordedAnswer(t, "ags-results"))
	got, err := s.f.tool.Results(t.Context(), s.registration(), s.URL+item+"?type_id=2", "7")
	if err != nil || len(got) < 10 {
		t.Fatalf("%d results, %v", len(got), err)
	}
	if r := got[0]; r.User != "7" || r.Score == nil || *r.Score != 75 || r.Maximum != 100 || r.At.IsZero() || !strings.Contains(r.Comment, "badge") && r.Comment == "" {
		t.Errorf("result = %+v", r)
	}
	if i := slices.IndexFunc(got, func(r lti.Result) bool { return r.User == "10" }); i < 0 || got[i].Score != nil {
		t.Errorf("user 10 has a score: %+v", got)
	}
	if q, err := url.Parse(s.got[0].url); err != nil || q.Query().Get("user_id") != "7" || q.Path != item+"/results" {
		t.Errorf("asked %q", s.got[0].url)
	}
	s.answer("GET "+item+"/results", served{body: `[{"userId":"1","resultScore":"0.5"},{"userId":"2","resultScore":null,"timestamp":"x"},{"resultScore":1}]`})
	odd, err := s.f.tool.Results(t.Context(), s.registration(), s.URL+item, "")
	if err != nil || len(odd) != 2 || odd[0].Score == nil || *odd[0].Score != 0.5 || odd[0].Maximum != 1 || odd[1].Score != nil {
		t.Errorf("odd results = %+v, %v", odd, err)
	}
}

func TestServicesOfALaunch(t *testing.T) { // cases 70, 80
	endpoint := "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
	l, err := launchRecorded(t, "launch-student-2-launch")
	if err != nil || !strings.HasPrefix(l.Services.LineItems, moodle) || !strings.HasPrefix(l.Services.LineItem, moodle) ||
		!strings.HasPrefix(l.Services.Memberships, moodle) || !slices.Contains(l.Services.GradeScopes, lti.ScopeScore) {
		t.Errorf("services = %+v, %v", l.Services, err)
	}
	for name, change := range map[string]func(map[string]any){
		"70 none":            without(),
		"80 no line item":    set(endpoint, map[string]any{"scope": []string{lti.ScopeScore}}),
		"70 PHP's no object": set(endpoint, []any{}),
	} {
		if l, err := newFixture(t).launch(change); err != nil || l.Services.LineItem != "" {
			t.Errorf("%s: %+v, %v", name, l.Services, err)
		}
	}
	_, err = newFixture(t).launch(set(endpoint, "x"))
	wantReason(t, err, lti.TokenMalformed)
}

// FuzzServices reads anything as every kind of answer.
func FuzzServices(f *testing.F) {
	s := &services{Server: &httptest.Server{URL: moodle}}
	for _, name := range []string{"nrps-full", "nrps-page-1", "ags-lineitems-paged", "ags-results", "ags-lineitem-get"} {
		a := s.recordedAnswer(f, name)
		f.Add(a.body, a.header.Get("Link"))
	}
	f.Fuzz(func(t *testing.T, body, link string) {
		lti.ReadAnswers([]byte(body), link)
	})
}
