package admin_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/webtest"
)

// TestSaveService stores the web services and shows the result of the check. The token
// is encrypted and never shown again.
func TestSaveService(t *testing.T) {
	s := newSite(t)
	l := newLMS(t)
	b := s.Administrator(t)
	shows(t, b.Get(s.path("")), http.StatusOK, "Access to grades and completions", "Web-service token")
	leadsTo(t, b.Post(s.path("/service"), url.Values{"url": {" " + l.URL + "/ "}, "token": {" t0ken "}}), s.path("#service"))
	service, err := s.Store.Service(t.Context(), s.World.Course.Platform)
	if want := (badges.Service{URL: l.URL, Token: "t0ken"}); err != nil || service != want {
		t.Errorf("stored %q, %v", service.URL, err)
	}
	sealed := s.column(t, `select service_token from platforms`)
	if len(sealed) != 1 || len(sealed[0]) < len("t0ken") || strings.Contains(sealed[0], "t0ken") {
		t.Errorf("the token is stored as %q", sealed)
	}
	a := b.Get(s.path(""))
	shows(t, a, http.StatusOK, "Result of the check", "Moodle de Lutèce 4.5.2", "Tried on the course “Course”.")
	if strings.Contains(a.Body, "t0ken") || !strings.Contains(a.Body, "kept; leave empty to keep it") {
		t.Error("the page has the token, or does not say that there is one")
	}

	// An empty token keeps the stored one.
	leadsTo(t, b.Post(s.path("/service"), url.Values{"url": {l.URL + "/moodle"}}), s.path("#service"))
	if service, err := s.Store.Service(t.Context(), s.World.Course.Platform); err != nil || service.Token != "t0ken" || service.URL != l.URL+"/moodle" {
		t.Errorf("stored %q, the token is kept: %t, %v", service.URL, service.Token == "t0ken", err)
	}
	if acts := s.acts(t, s.World.Course.Platform); !slices.Contains(acts, "admin service_changed") {
		t.Errorf("audit log %v", acts)
	}
	if strings.Contains(s.Log.String(), "t0ken") {
		t.Errorf("the log has the token: %s", s.Log)
	}
}

// TestSaveServiceRefused shows the form again with what was typed.
func TestSaveServiceRefused(t *testing.T) {
	s := newSite(t)
	b := s.Administrator(t)
	for _, tt := range []struct{ name, url, token, says string }{
		{"no address", "moodle", "t0ken", "Give the address of the Moodle site, such as https://moodle.example.org."},
		{"a script", "javascript:alert(1)", "t0ken", "Give the address of the Moodle site, such as https://moodle.example.org."},
		{"no token", "https://moodle.example", "", "Give the web-service token."},
	} {
		a := b.Post(s.path("/service"), url.Values{"url": {tt.url}, "token": {tt.token}})
		shows(t, a, http.StatusUnprocessableEntity, tt.says)
		if !strings.Contains(a.Body, `value="`+tt.url+`"`) || strings.Contains(a.Body, "t0ken") {
			t.Errorf("%s: the form lost the address, or has the token", tt.name)
		}
	}
	if p := s.platform(t); p.Service.URL != "" || len(p.Check) > 0 {
		t.Errorf("stored %q, check %s", p.Service.URL, p.Check)
	}
}

// TestSaveIssuer adds and changes an organisation.
func TestSaveIssuer(t *testing.T) {
	s := newSite(t)
	b := s.Administrator(t)
	form := url.Values{"name": {"Faculté"}, "url": {"https://f.example"}, "email": {"f@f.example"}, "description": {"Sciences"}}
	leadsTo(t, b.Post(s.path("/issuers"), form), s.path("#issuers"))
	form.Set("id", string(s.World.Issuer))
	form.Set("name", "Université")
	leadsTo(t, b.Post(s.path("/issuers"), form), s.path("#issuers"))
	var got []string
	for _, i := range s.issuers(t, s.World.Course.Platform) {
		got = append(got, strings.Join([]string{i.Name, i.URL, i.Email, i.Description}, " "))
	}
	slices.Sort(got)
	want := []string{"Faculté https://f.example f@f.example Sciences", "Université https://f.example f@f.example Sciences"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("organisations (-want +got):\n%s", diff)
	}
	shows(t, b.Get(s.path("")), http.StatusOK, "Université https://f.example · f@f.example", "Faculté")
}

// TestSaveIssuerRefused shows what was typed again, in the form of the organisation. An
// organisation of another platform cannot be changed here.
func TestSaveIssuerRefused(t *testing.T) {
	s := newSite(t)
	b := s.Administrator(t)
	other := s.another(t, "https://other.example")
	var foreign badges.IssuerID
	s.tx(t, func(ctx context.Context, tx *store.Tx) (err error) {
		foreign, err = tx.SaveIssuer(ctx, badges.Issuer{Platform: other, Name: "Other", URL: "https://o.example", Email: "o@o.example"})
		return err
	})
	before := [2][]badges.Issuer{s.issuers(t, s.World.Course.Platform), s.issuers(t, other)}
	good := url.Values{"name": {"Faculté"}, "url": {"https://f.example"}, "email": {"f@f.example"}}
	for _, tt := range []struct {
		name, field, value, id string
		status                 int
		says                   string
	}{
		{"a new one without a name", "name", "", "", http.StatusUnprocessableEntity, "Give the organisation’s name."},
		{"a known one without a page", "url", "here", string(s.World.Issuer), http.StatusUnprocessableEntity, "Give the address of a web page"},
		{"no address to write to", "email", "nobody", "", http.StatusUnprocessableEntity, "This is not an e-mail address."},
		{"of another platform", "name", "Mine", string(foreign), http.StatusNotFound, "There is nothing at this address."},
		{"that is not there", "name", "Mine", webtest.ID, http.StatusNotFound, "There is nothing at this address."},
	} {
		form := url.Values{"id": {tt.id}}
		for field, values := range good {
			form[field] = values
		}
		form.Set(tt.field, tt.value)
		a := b.Post(s.path("/issuers"), form)
		shows(t, a, tt.status, tt.says)
		if tt.status == http.StatusUnprocessableEntity {
			_, after, _ := strings.Cut(a.Body, tt.says)
			if !strings.Contains(after[:strings.Index(after, "</form>")], `name="id" value="`+tt.id+`"`) || !strings.Contains(after, `value="`+tt.value+`"`) {
				t.Errorf("%s: what was typed is not in the form of its organisation: %s", tt.name, after)
			}
		}
	}
	after := [2][]badges.Issuer{s.issuers(t, s.World.Course.Platform), s.issuers(t, other)}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("organisations (-before +after):\n%s", diff)
	}
}

// TestSyncCourse makes a course due for a full reading.
func TestSyncCourse(t *testing.T) {
	s := newSite(t)
	b := s.Administrator(t)
	s.read(t, "problem.moodle.maintenance")
	shows(t, b.Get(s.path("")), http.StatusOK, "Course", "Moodle is closed for maintenance.")
	due := func() bool {
		course, err := s.Store.Course(t.Context(), s.World.Course)
		must(t, err)
		return !course.Sync.DueAt.After(s.Clock.Now())
	}
	for name, course := range map[string]string{"unknown": "9", "none": ""} {
		a := b.Post(s.path("/sync"), url.Values{"course": {course}})
		if a.Status != http.StatusNotFound || due() {
			t.Errorf("course %s: status %d, the course is due: %t", name, a.Status, due())
		}
	}
	// Another platform may have a course with the same id.
	other := s.another(t, "https://other.example")
	shows(t, b.Post("/admin/platforms/"+string(other)+"/sync", url.Values{"course": {"2"}}), http.StatusNotFound)
	if due() {
		t.Error("the course is due after a form of another platform")
	}
	leadsTo(t, b.Post(s.path("/sync"), url.Values{"course": {"2"}}), s.path("#courses"))
	course, err := s.Store.LeaseCourse(t.Context(), time.Minute)
	if err != nil || course.CourseKey != s.World.Course || course.Cause != badges.ByTeacher {
		t.Errorf("due is %+v, %v", course.CourseKey, err)
	}
}

// TestNobodyArrived shows the first steps until somebody opens Insigne.
func TestNobodyArrived(t *testing.T) {
	s := newSite(t)
	b := s.Administrator(t)
	other := "/admin/platforms/" + string(s.another(t, "https://other.example"))
	shows(t, b.Get(other), http.StatusOK, "Waiting for the first launch…", "Activate the tool", "Insigne has not been opened in a course yet.", "None yet: teachers cannot make badges.")
	shows(t, b.Get(other+"/arrival"), http.StatusOK, "Waiting for the first launch…")
	shows(t, b.Get(s.path("/arrival")), http.StatusOK, "Insigne was opened from this platform.")
	if a := b.Get(s.path("")); a.Shows("Activate the tool") || !a.Shows("Insigne was opened from this platform.") {
		t.Error(a.Text())
	}
}
