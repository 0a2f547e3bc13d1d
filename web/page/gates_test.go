package page_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/web/page"
)

// TestGates opens the page behind each gate with every kind of session.
func TestGates(t *testing.T) {
	h := newSite(t, "k")
	learner, asLearner := h.begin(t, page.Session{User: "6"})
	teacher, asTeacher := h.begin(t, page.Session{User: "3", Teacher: true})
	asAdmin, _ := h.signIn(t)
	const (
		framed = "'self' " + lms
		nobody = "'none'"
		all    = "*"
	)
	for _, tt := range []struct {
		name      string
		path      string
		cookies   []*http.Cookie
		status    int
		ancestors string
		says      string // text of a refusal
	}{
		{"a public page", "/public", nil, 200, nobody, ""},
		{"an embedded page", "/embedded", nil, 200, all, ""},
		{"a member's page as the member", learner.Path("/member"), asLearner, 200, framed, ""},
		{"a member's page without a cookie", learner.Path("/member"), nil, 401, all, "Open Insigne again from your course."},
		{"a member's page with another's cookie", learner.Path("/member"), asTeacher, 401, all, "Open Insigne again from your course."},
		{"a member's page as an administrator", learner.Path("/member"), asAdmin, 401, all, "Open Insigne again from your course."},
		{"a teacher's page as the teacher", teacher.Path("/teacher"), asTeacher, 200, framed, ""},
		{"a teacher's page as a learner", learner.Path("/teacher"), asLearner, 403, framed, "This page is for those who teach the course."},
		{"a teacher's page without a cookie", teacher.Path("/teacher"), nil, 401, all, "Open Insigne again from your course."},
		{"a teacher's page with a learner's cookie", teacher.Path("/teacher"), asLearner, 401, all, "Open Insigne again from your course."},
		{"an administrator's page as an administrator", "/admin", asAdmin, 200, nobody, ""},
		{"an administrator's page without a cookie", "/admin", nil, 401, nobody, "Sign in with a link from “insigne admin-link”."},
		{"an administrator's page as a teacher", "/admin", asTeacher, 401, nobody, "Sign in with a link from “insigne admin-link”."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, opened := h.ask(get(tt.path, tt.cookies...))
			if got.Status != tt.status || opened != (tt.status == 200) {
				t.Errorf("status %d, want %d; the page was opened: %t", got.Status, tt.status, opened)
			}
			if ancestors := directive(got.Header, "frame-ancestors"); ancestors != tt.ancestors {
				t.Errorf("frame-ancestors %q, want %q", ancestors, tt.ancestors)
			}
			if !got.Shows(tt.says) {
				t.Errorf("does not say %q: %s", tt.says, got.Text())
			}
		})
	}
}

// TestGatesTakeFormsWithTheirToken sends forms to each gate, as the page of another
// site could.
func TestGatesTakeFormsWithTheirToken(t *testing.T) {
	h := newSite(t, "k")
	member, asMember := h.begin(t, page.Session{User: "6", Teacher: true})
	other, _ := h.begin(t, page.Session{User: "7", Teacher: true})
	asAdmin, token := h.signIn(t)
	for _, gate := range []struct {
		path    string
		cookies []*http.Cookie
		token   string
	}{
		{member.Path("/member"), asMember, member.CSRF},
		{member.Path("/teacher"), asMember, member.CSRF},
		{"/admin", asAdmin, token},
	} {
		for _, tt := range []struct {
			name string
			form url.Values
			want int
		}{
			{"with the token", url.Values{"csrf": {gate.token}}, http.StatusOK},
			{"without a token", nil, http.StatusForbidden},
			{"with an empty token", url.Values{"csrf": {""}}, http.StatusForbidden},
			{"with another token", url.Values{"csrf": {other.CSRF}}, http.StatusForbidden},
		} {
			got, opened := h.ask(post(gate.path, tt.form, gate.cookies...))
			if got.Status != tt.want || opened != (tt.want == http.StatusOK) {
				t.Errorf("%s, %s: status %d, want %d; the page was opened: %t", gate.path, tt.name, got.Status, tt.want, opened)
			}
			if tt.want == http.StatusForbidden && !got.Shows("This form is too old. Reload the page and send it again; nothing was changed.") {
				t.Errorf("%s, %s: %s", gate.path, tt.name, got.Text())
			}
		}
		inAddress := post(gate.path+"?csrf="+gate.token, nil, gate.cookies...)
		if got, opened := h.ask(inAddress); got.Status != http.StatusForbidden || opened {
			t.Errorf("%s, with the token in the address: status %d", gate.path, got.Status)
		}
	}
}

// TestGatesShowErrors makes the page behind each gate fail. The reader sees the error
// page, in the LMS frame or on a page of its own.
func TestGatesShowErrors(t *testing.T) {
	h := newSite(t, "k")
	h.fails = page.ErrNoPage
	member, asMember := h.begin(t, page.Session{User: "6", Teacher: true, Language: "fr"})
	asAdmin, _ := h.signIn(t)
	for _, tt := range []struct {
		name   string
		r      *http.Request
		frame  bool
		french bool
	}{
		{"public", get("/public"), false, false},
		{"embedded", get("/embedded"), false, false},
		{"member", get(member.Path("/member"), asMember...), true, true},
		{"teacher", get(member.Path("/teacher"), asMember...), true, true},
		{"admin", get("/admin", asAdmin...), false, false},
	} {
		got, opened := h.ask(tt.r)
		want := "There is no page at this address. Check the link."
		if tt.french {
			want = "Il n’y a pas de page à cette adresse."
		}
		if !opened || got.Status != http.StatusNotFound || !got.Shows(want) {
			t.Errorf("%s: %d %s", tt.name, got.Status, got.Text())
		}
		if inFrame := strings.Contains(got.Body, `class="in-frame"`); inFrame != tt.frame {
			t.Errorf("%s: the layout of the frame: %t, want %t", tt.name, inFrame, tt.frame)
		}
		if tt.french && got.Header.Get("Content-Language") != "fr" {
			t.Errorf("%s: Content-Language %q", tt.name, got.Header.Get("Content-Language"))
		}
	}
}

// TestEmbeddedFormsGoAnywhere checks that a login sent by a form may go on to any LMS,
// because we do not know it yet.
func TestEmbeddedFormsGoAnywhere(t *testing.T) {
	h := newSite(t, "k")
	for path, want := range map[string]string{"/embedded": "*", "/public": "'self'"} {
		if got, _ := h.ask(get(path)); directive(got.Header, "form-action") != want {
			t.Errorf("%s: form-action %q, want %q", path, directive(got.Header, "form-action"), want)
		}
	}
}

// TestAnswers checks the answers that have no template.
func TestAnswers(t *testing.T) {
	w := httptest.NewRecorder()
	if err := page.SeeOther(w, post("/c/x/badges", nil), "/c/x/mine"); err != nil || w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/c/x/mine" {
		t.Errorf("SeeOther: %d to %q, %v", w.Code, w.Header().Get("Location"), err)
	}
	w = httptest.NewRecorder()
	if err := page.WriteBytes(w, "image/png", []byte("four")); err != nil || w.Header().Get("Content-Type") != "image/png" || w.Header().Get("Content-Length") != "4" || w.Body.String() != "four" {
		t.Errorf("WriteBytes: %v %q, %v", w.Header(), w.Body, err)
	}
	w = httptest.NewRecorder()
	page.WriteText(w, http.StatusServiceUnavailable, "no\n")
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Content-Type") != "text/plain; charset=utf-8" || w.Body.String() != "no\n" {
		t.Errorf("WriteText: %d %v %q", w.Code, w.Header(), w.Body)
	}
}

// gone is a connection whose browser has left.
type gone struct{ *httptest.ResponseRecorder }

func (gone) Write([]byte) (int, error) { return 0, errors.New("connection reset") }

// TestShow renders a good page, a missing page, a page that fails, and a page for a
// browser that has left.
func TestShow(t *testing.T) {
	h := newSite(t, "k")
	who := page.Session{Handle: "x", CSRF: "token"}
	problem := page.Describe(page.ErrNoPage, h.gates.Templates.Locale("fr"))
	const name = "shared/frame/problem"
	w := httptest.NewRecorder()
	err := h.gates.ShowStatus(w, get("/c/x/mine"), http.StatusTeapot, h.gates.Templates.Locale("fr"), name, who.Page("Titre", problem))
	if err != nil || w.Code != http.StatusTeapot || w.Header().Get("Content-Language") != "fr" || w.Header().Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("%d %v, %v", w.Code, w.Header(), err)
	}
	if w.Header().Get("Vary") != "Accept, Accept-Language, Cookie" {
		t.Errorf("Vary: %q", w.Header().Get("Vary"))
	}
	if body := w.Body.String(); !strings.Contains(body, `<html lang="fr">`) || !strings.Contains(body, `content="token"`) || !strings.Contains(body, "Titre") {
		t.Errorf("page: %s", body)
	}
	w = httptest.NewRecorder()
	if err := h.gates.Show(w, get("/"), h.gates.Templates.Locale("en"), "no/such", who.Page("", nil)); err == nil || w.Body.Len() > 0 {
		t.Errorf("a page that is not there: %v, with %q", err, w.Body)
	}
	w = httptest.NewRecorder()
	if err := h.gates.Show(w, get("/"), h.gates.Templates.Locale("en"), name, who.Page("", "no problem")); err == nil || w.Body.Len() > 0 {
		t.Errorf("a page that fails half way: %v, with %q", err, w.Body)
	}
	if err := h.gates.Show(gone{httptest.NewRecorder()}, get("/"), h.gates.Templates.Locale("en"), name, who.Page("", problem)); err != nil {
		t.Errorf("to a browser that has left: %v", err)
	}
	if !strings.Contains(h.log.String(), "answer not delivered") {
		t.Errorf("the log does not mention it: %s", h.log)
	}
}
