package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/campus"
	"github.com/insigne-badges/insigne/store"
)

// byHand is a teacher on the page of the demo's badge.
type byHand struct {
	visitor
	badge string // path of the badge's page
	csrf  string
}

func (d *demo) byHand(t *testing.T, teacher int64) byHand {
	t.Helper()
	v := d.visitor()
	page := v.launch(t, teacher) + "/badges/" + string(d.seededBadge(t).ID)
	return byHand{v, page, v.csrf(t, page)}
}

// send sends the form in English. list is uploaded as a file.
func (h byHand) send(t *testing.T, do string, form url.Values, list []byte) *httptest.ResponseRecorder {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	field := func(name, value string) {
		must(t, w.WriteField(name, value))
	}
	field("csrf", h.csrf)
	field("do", do)
	for name, values := range form {
		for _, value := range values {
			field(name, value)
		}
	}
	if list != nil {
		file, err := w.CreateFormFile("file", "list.csv")
		must(t, err)
		if _, err := file.Write(list); err != nil {
			t.Fatal(err)
		}
	}
	must(t, w.Close())
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, h.badge+"/award?lang=en", &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return h.do(t, r)
}

// enroled waits until Insigne has read the learners of the demo.
func (d *demo) enroled(t *testing.T) {
	t.Helper()
	eventually(t, "the roster", func() bool {
		course, ok := d.course(t)
		return ok && course.Sync.Last != nil && course.Sync.Last.Problem == ""
	})
}

// frozen returns a teacher in a running demo that no longer reads the course. more are
// additional learners.
func frozen(t *testing.T, more ...badges.Member) byHand {
	t.Helper()
	d := runningDemo(t)
	h := d.byHand(t, 3)
	d.enroled(t)
	d.Campus.SetFaults(campus.Faults{Maintenance: true})
	eventually(t, "a run that fails", func() bool {
		course, _ := d.course(t)
		return course.Sync.Last.Problem != ""
	})
	course, _ := d.course(t)
	err := d.App.Store().Tx(t.Context(), func(tx *store.Tx) error {
		for _, m := range more {
			if err := tx.SeeMember(t.Context(), course.CourseKey, m); err != nil {
				return err
			}
		}
		return nil
	})
	must(t, err)
	return h
}

// TestAwardByHand finds a learner by a part of the name, awards the badge with
// evidence, and claims it.
func TestAwardByHand(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	d.enroled(t)
	h := d.byHand(t, 3)
	found := said(h.send(t, "search", url.Values{"q": {"sinead o'neill"}}, nil))
	if !strings.Contains(found, "Sinéad O'Neill") || strings.Contains(found, "Nora") {
		t.Errorf("the search finds %s", found)
	}
	if again := h.send(t, "search", url.Values{"q": {"nora"}, "learner": {"7"}}, nil).Body.String(); !strings.Contains(again, `value="7" checked`) {
		t.Error("the next search loses a ticked learner")
	}
	form := url.Values{"learner": {"7"}, "text": {"Defence on 12 March"}, "links": {"https://portfolio.example/sinead\n"}}
	w := h.send(t, "award", form, nil)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("awarding is answered %d: %s", w.Code, said(w))
	}
	page := said(h.get(t, w.Header().Get("Location")+"&lang=en"))
	for _, want := range []string{"The badge was awarded to one person.", "Awarded by hand by Tomás Ó Briain", "Defence on 12 March", "https://portfolio.example/sinead"} {
		if !strings.Contains(page, want) {
			t.Errorf("the badge's page does not say %q: %s", want, page)
		}
	}
	got := d.assertions(t, "7")
	if len(got) != 1 || got[0].State != badges.Pending || got[0].AwardedBy() != "3" {
		t.Fatalf("assertions = %+v, want one, by the teacher", got)
	}
	eventually(t, "the mail", func() bool { return d.mailsTo(sineadsMail) == 1 })
	claim, public := d.claimPath(t, sineadsMail), "/v/"+string(got[0].ID)
	if before := said(d.visitor().get(t, claim)); !strings.Contains(before, "Defence on 12 March https://portfolio.example/sinead") {
		t.Errorf("the evidence is not shown before it is accepted: %s", before)
	}
	if w := d.visitor().get(t, public+".json"); w.Code != http.StatusNotFound {
		t.Errorf("before the claim the document is answered %d", w.Code)
	}
	if w := d.visitor().post(t, claim, url.Values{"decision": {"accept"}}); w.Code != http.StatusSeeOther {
		t.Errorf("claiming is answered %d", w.Code)
	}
	if quiet := said(d.visitor().get(t, public)) + d.visitor().get(t, public+".json").Body.String(); strings.Contains(quiet, "Defence on 12 March") {
		t.Errorf("the evidence is public without the learner's consent: %s", quiet)
	}
	d.visitor().post(t, claim, url.Values{"decision": {"accept"}, "show_facts": {"1"}})
	if after := said(d.visitor().get(t, public)); !strings.Contains(after, "Defence on 12 March https://portfolio.example/sinead") {
		t.Errorf("the evidence is not public: %s", after)
	}
	var document struct {
		Evidence []map[string]string `json:"evidence"`
	}
	if err := json.Unmarshal(d.visitor().get(t, public+".json").Body.Bytes(), &document); err != nil {
		t.Error(err)
	}
	want := []map[string]string{{"type": "Evidence", "narrative": "Defence on 12 March"}, {"type": "Evidence", "id": "https://portfolio.example/sinead"}}
	if diff := cmp.Diff(want, document.Evidence[max(0, len(document.Evidence)-2):]); diff != "" {
		t.Errorf("evidence of the document (-want +got):\n%s", diff)
	}
	if w := h.send(t, "award", form, nil); w.Code != http.StatusOK || !strings.Contains(said(w), "Holds the badge already") {
		t.Errorf("awarding again is answered %d: %s", w.Code, said(w))
	}
}

// TestAwardByHandForms sends forms that are incomplete or have texts that cannot be
// stored. The form is shown again with what was typed, and nothing is awarded.
func TestAwardByHandForms(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	d.enroled(t)
	h := d.byHand(t, 3)
	var crowd []string
	for i := range 501 {
		crowd = append(crowd, fmt.Sprint(2000+i))
	}
	for name, tt := range map[string]struct {
		form url.Values
		want string
	}{
		"nobody":       {url.Values{}, "Tick somebody"},
		"script":       {url.Values{"learner": {"7"}, "links": {"javascript:alert(1)"}}, "whole web address"},
		"six links":    {url.Values{"learner": {"7"}, "links": {strings.Repeat("https://a.example\n", 6)}}, "more than 5 links"},
		"long text":    {url.Values{"learner": {"7"}, "text": {strings.Repeat("é", 2001)}}, "longer than 2000"},
		"bell":         {url.Values{"learner": {"7"}, "text": {"ding\a"}}, "cannot be used"},
		"NUL":          {url.Values{"learner": {"7"}, "text": {"a\x00b"}}, "could not be read"},
		"half a quote": {url.Values{"learner": {"7"}, "list": {"6\n7,\"x"}}, "line 2"},
		"too many":     {url.Values{"learner": crowd}, "More than 500"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, do := range []string{"award", "check", "carry_out"} {
				if w := h.send(t, do, tt.form, nil); w.Code != http.StatusUnprocessableEntity || !strings.Contains(said(w), tt.want) {
					t.Errorf("%s is answered %d: %s; want 422 and %q", do, w.Code, said(w), tt.want)
				}
			}
		})
	}
	for _, do := range []string{"", "nonsense"} {
		h.send(t, do, url.Values{"learner": {"7"}}, nil)
	}
	if w := h.send(t, "award", url.Values{"learner": {"3", "404"}}, nil); w.Code != http.StatusOK || !strings.Contains(said(w), "Nobody was awarded") {
		t.Errorf("a teacher and a stranger: %d %s", w.Code, said(w))
	}
	for _, user := range []badges.UserID{"3", "7", "404"} {
		if got := d.assertions(t, user); len(got) != 0 {
			t.Errorf("assertions of %s = %+v, want none", user, got)
		}
	}
}

// TestAwardByList sends a list. The dry run names the problem of each line. Then the
// list is carried out, twice.
func TestAwardByList(t *testing.T) {
	t.Parallel()
	h := frozen(
		t, badges.Member{User: "901", Name: "One", Email: "shared@example.org", Active: true}, badges.Member{User: "902", Name: "Two", Email: "shared@example.org", Active: true},
		badges.Member{User: "903", Name: "No address", Active: true}, badges.Member{User: "904", Name: "Left", Email: "left@example.org"},
	)
	// This is how a spreadsheet in France writes it: Windows-1252, with semicolons.
	list := strings.Join([]string{
		"Adresse de courriel;Preuve", "SINEAD@example.org;R\xe9ussi", "11", zoesMail, "nobody@example.org", "u07", "shared@example.org",
		"teacher1@example.org", "903", "left@example.org", "7", "=HYPERLINK(1)", ";nobody", "8;a;b", "soren@example.org;di\x07ng", "",
	}, "\r\n")
	dry := h.send(t, "award", url.Values{"text": {"For everybody"}}, []byte(list))
	text := said(dry)
	if dry.Code != http.StatusOK || !strings.Contains(text, "Nothing has been awarded yet. 3 people get the badge Sinéad O'Neill line 2 Nora Sansnote line 3 No address line 9 11 entries are left out") {
		t.Fatalf("the dry run is answered %d: %s", dry.Code, text)
	}
	for _, want := range []string{
		"4 zoe@example.org Zoë Ångström Holds the badge already", "5 nobody@example.org Nobody in this course", "6 u07 Sinéad O'Neill Already named in line 2",
		"7 shared@example.org Several people", "8 teacher1@example.org Tomás Ó Briain Teaches this course",
		"10 left@example.org Left Suspended", "11 7 Sinéad O'Neill Already named in line 2", "12 =HYPERLINK(1) Nobody in this course has this user name",
		"13 The first column is empty", "14 8 Has more than two columns", "15 soren@example.org Søren Nordmann & Søn The evidence has characters",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the dry run does not say %q:\n%s", want, text)
		}
	}
	if got := h.assertions(t, "7"); len(got) != 0 {
		t.Fatalf("the dry run awarded %+v", got)
	}
	form := hidden(dry)
	if back := h.send(t, "edit", form, nil).Body.String(); !strings.Contains(back, "SINEAD@example.org;Réussi") || !strings.Contains(back, "For everybody") {
		t.Errorf("the way back loses what was given: %s", back)
	}
	for i, want := range []string{"The badge was awarded to 3 people.", "Nobody was awarded the badge."} {
		w := h.send(t, "carry_out", form, nil)
		if w.Code != http.StatusOK || !strings.Contains(said(w), want) {
			t.Errorf("carried out, time %d: %d %s; want %q", i+1, w.Code, said(w), want)
		}
	}
	for user, want := range map[badges.UserID]string{"7": "Réussi", "11": "For everybody"} {
		got := h.assertions(t, user)
		if len(got) != 1 {
			t.Fatalf("assertions of %s = %+v, want one", user, got)
		}
		if f, ok := got[0].ByHand(); !ok || f.By != "3" || f.Given == nil || f.Given.Text != want {
			t.Errorf("fact of %s = %+v, want the evidence %q", user, f, want)
		}
	}
}

// TestHostileLists uploads lists that no spreadsheet writes. Each gets a page with the
// reason, and nothing is awarded.
func TestHostileLists(t *testing.T) {
	t.Parallel()
	h := frozen(t)
	for name, tt := range map[string]struct {
		list   []byte
		status int
		want   string
	}{
		"20 MB":               {bytes.Repeat([]byte("7\n"), 10<<20), http.StatusUnprocessableEntity, "too large"},
		"more than 1 MiB":     {bytes.Repeat([]byte("7\n"), 1<<19+1), http.StatusUnprocessableEntity, "larger than 1 MB"},
		"too many lines":      {bytes.Repeat([]byte("7\n"), 5001), http.StatusUnprocessableEntity, "more than 5000 lines"},
		"one line of 1 MiB":   {bytes.Repeat([]byte("7"), 1<<20), http.StatusOK, "Has characters that cannot be used"},
		"a million columns":   {bytes.Repeat([]byte(","), 1<<20), http.StatusUnprocessableEntity, "names nobody"},
		"NUL bytes":           {[]byte("7\x00\n\x008"), http.StatusUnprocessableEntity, "not a text file"},
		"a picture":           {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), http.StatusUnprocessableEntity, "not a text file"},
		"unclosed quote":      {[]byte("8\n\"7\n"), http.StatusUnprocessableEntity, "line 2"},
		"formula":             {[]byte(`"=HYPERLINK(""http://evil.example"",""x"")"`), http.StatusOK, "Nobody in this course has this user name"},
		"markup":              {[]byte(`<script>alert(1)</script>@x.org`), http.StatusOK, "Nobody in this course"},
		"invalid UTF-8":       {[]byte("\xc3\x28\xff\xfe@example.org"), http.StatusOK, "Nobody in this course"},
		"undefined in CP1252": {[]byte("\x81\x8d@example.org"), http.StatusOK, "Has characters that cannot be used"},
		"half a surrogate":    {[]byte("\xff\xfe\x00\xd8\x37"), http.StatusOK, "Has characters that cannot be used"},
	} {
		t.Run(name, func(t *testing.T) {
			w := h.send(t, "award", nil, tt.list)
			if w.Code != tt.status || !strings.Contains(said(w), tt.want) {
				t.Errorf("answer %d: %.600s; want %d and %q", w.Code, said(w), tt.status, tt.want)
			}
			if body := w.Body.String(); strings.Contains(body, "<script>alert") || len(body) > 4<<20 {
				t.Errorf("the page has the script, or is %d bytes long", len(body))
			}
		})
	}
	if got := h.assertions(t, "7"); len(got) != 0 {
		t.Errorf("assertions = %+v, want none", got)
	}
}

// TestAwardByHandIsForTeachers tries to award as a learner, and from another course.
func TestAwardByHandIsForTeachers(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	d.enroled(t)
	badge := "/badges/" + string(d.seededBadge(t).ID)
	learner, there := d.visitor(), d.visitor()
	mine := learner.launch(t, 7)
	other := sessionOf(there.launchWith(t, 3, otherCourse))
	// A learner's pages have no form, so we take the token of the page.
	token := regexp.MustCompile(`name="csrf" content="([^"]+)"`).FindStringSubmatch(learner.get(t, mine+"/mine").Body.String())
	if token == nil {
		t.Fatal("no token on the learner's page")
	}
	form := url.Values{"csrf": {token[1]}, "do": {"carry_out"}, "learner": {"7"}, "endorsed": {"on"}, "decision": {"confirm"}, "proposal": {"x"}}
	foreign := url.Values{"csrf": {there.csrf(t, other+"/badges/new")}, "do": {"carry_out"}, "learner": {"7"}, "endorsed": {"on"}, "decision": {"confirm"}}
	for _, path := range []string{"/award", "/endorsed", "/proposals"} {
		if w := learner.post(t, mine+badge+path, form); w.Code != http.StatusForbidden {
			t.Errorf("a learner's POST to %s is answered %d: %s", path, w.Code, said(w))
		}
		if w := there.post(t, other+badge+path, foreign); w.Code != http.StatusNotFound {
			t.Errorf("another course's POST to %s is answered %d: %s", path, w.Code, said(w))
		}
	}
	for _, path := range []string{"/award", "/recipients.csv"} {
		if w := learner.get(t, mine+badge+path); w.Code != http.StatusForbidden {
			t.Errorf("a learner's GET of %s is answered %d", path, w.Code)
		}
		if w := there.get(t, other+badge+path); w.Code != http.StatusNotFound {
			t.Errorf("another course's GET of %s is answered %d", path, w.Code)
		}
	}
	if got := d.assertions(t, "7"); len(got) != 0 || d.seededBadge(t).Endorsed {
		t.Errorf("assertions = %+v, want none", got)
	}
	h := d.byHand(t, 3)
	h.post(t, h.badge+"/switch", url.Values{"csrf": {h.csrf}, "state": {"off"}})
	if w := h.send(t, "carry_out", url.Values{"learner": {"7"}}, nil); w.Code != http.StatusConflict || !strings.Contains(said(w), "switched on") {
		t.Errorf("while the badge is off: %d %s", w.Code, said(w))
	}
}
