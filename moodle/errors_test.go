package moodle_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/moodle"
)

const fnGrades = "gradereport_user_get_grade_items"

func TestRecordedErrors(t *testing.T) {
	tests := []struct {
		recording string
		want      moodle.Reason
		code      string
	}{
		{"ws-error-invalid-token", moodle.TokenInvalid, "invalidtoken"},
		{"ws-error-function-not-in-service", moodle.FunctionMissing, "accessexception"},
		{"ws-error-no-such-function", moodle.FunctionMissing, "invalidrecord"},
		{"ws-error-missing-capability", moodle.CapabilityMissing, "nopermissions"},
		{"ws-error-maintenance", moodle.Maintenance, "sitemaintenance"},
		{"ws-error-no-such-course", moodle.CourseNotFound, "invalidrecord"},
		{"ws-error-not-enrolled", moodle.CourseClosed, "requireloginerror"},
		{"ws-error-no-such-user", moodle.UserNotFound, "invaliduser"},
		{"ws-course-completion-suspended-enrolment", moodle.NotEnrolled, "usernotenroled"},
		{"ws-error-missing-parameter", moodle.Refused, "invalidparameter"},
		{"ws-error-wrong-type", moodle.Refused, "invalidparameter"},
		{"ws-error-json-body", moodle.NotJSON, ""},
		{"ws-error-no-format", moodle.NotJSON, ""},
		{"ws-error-rest-off", moodle.ServicesOff, ""},
		{"ws-error-webservices-off", moodle.ServicesOff, ""},
	}
	for _, tt := range tests {
		t.Run(tt.recording, func(t *testing.T) {
			s := newSite(t, map[string]answer{fnGrades: recorded(t, tt.recording)})
			_, err := s.client().Grades(t.Context(), "2")
			e, ok := errors.AsType[*moodle.Error](fmt.Errorf("read grades: %w", err))
			if !ok {
				t.Fatalf("%T is no *moodle.Error: %v", err, err)
			}
			if e.Reason != tt.want || e.Code != tt.code || e.Function != fnGrades {
				t.Errorf("got %+v, want reason %q, code %q", e, tt.want, tt.code)
			}
		})
	}
}

// Maintenance from the command line answers every address with a web page.
func TestMaintenancePage(t *testing.T) {
	reply := recordedCase(t, "maintenance-cli", "web_service")
	status, _ := reply(nil)
	c := fake(t, func(*http.Request) (*http.Response, error) {
		resp := respond(status, "<html>maintenance</html>")
		resp.Header.Set("Retry-After", "300")
		return resp, nil
	})
	_, err := c.Grades(t.Context(), "2")
	e, _ := errors.AsType[*moodle.Error](err)
	if e == nil || e.Reason != moodle.Maintenance || e.RetryAfter != 5*time.Minute || e.Status != http.StatusServiceUnavailable {
		t.Errorf("got %+v, want maintenance for five minutes", e)
	}
}

func TestOtherAnswers(t *testing.T) {
	tests := map[string]struct {
		status int
		body   string
		want   moodle.Reason
	}{
		"web page instead of JSON":  {200, "<!DOCTYPE html><title>Log in</title>", moodle.NotJSON},
		"notice of PHP before JSON": {200, "<br />\n<b>Notice</b>: Undefined\n[]", moodle.NotJSON},
		"empty":                     {200, "", moodle.NotJSON},
		"null":                      {200, "null", moodle.Unexpected},
		"cut off":                   {200, `[{"id":1,"fullna`, moodle.NotJSON},
		"another shape":             {200, `{"users":[]}`, moodle.Unexpected},
		"id in words":               {200, `[{"id":"one"}]`, moodle.Unexpected},
		"firewall":                  {403, "<html>blocked</html>", moodle.ServerFailed},
		"no Moodle there":           {404, "not found", moodle.NoService},
		"too many calls":            {429, "", moodle.RateLimited},
		"broken server":             {500, "oops", moodle.ServerFailed},
		"closed":                    {503, "", moodle.Maintenance},
		"moved":                     {302, "", moodle.Moved},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := fake(t, func(*http.Request) (*http.Response, error) { return respond(tt.status, tt.body), nil })
			_, err := c.Roster(t.Context(), "2")
			if got := moodle.ReasonOf(err); got != tt.want {
				t.Errorf("reason %q, want %q (%v)", got, tt.want, err)
			}
		})
	}
}

// The subject or context of another LMS must not be sent to the site as a number.
func TestIDsOfOtherSystems(t *testing.T) {
	c := fake(t, func(*http.Request) (*http.Response, error) {
		t.Error("the site was asked")
		return respond(200, "[]"), nil
	})
	for _, id := range []string{"", "abc", "0", "-2", "2&userid=3", "1e3", "99999999999999999999", "a-uuid-5"} {
		_, rosterErr := c.Roster(t.Context(), moodle.CourseID(id))
		_, completionErr := c.CourseCompletions(t.Context(), "2", []moodle.UserID{moodle.UserID(id)})
		messageErr := c.SendMessage(t.Context(), moodle.UserID(id), "hi")
		for _, err := range []error{rosterErr, completionErr, messageErr} {
			if moodle.ReasonOf(err) != moodle.InvalidID {
				t.Errorf("id %q: %v, want InvalidID", id, err)
			}
		}
	}
}

func TestAddresses(t *testing.T) {
	tests := map[string]bool{
		"https://moodle.example.org":         true,
		"https://example.org/moodle/":        true,
		"http://127.0.0.1:8045":              true,
		" https://moodle.example.org ":       true,
		"":                                   false,
		"moodle.example.org":                 false,
		"ftp://moodle.example.org":           false,
		"https://":                           false,
		"https://u:secret@example.org":       false,
		"https://example.org/?token=secret":  false,
		"https://example.org/#secret":        false,
		"https://example.org/%zz":            false,
		"file:///etc/passwd":                 false,
		"https://moodle.example.org\n.evil.": false,
	}
	for raw, ok := range tests {
		_, err := moodle.New(moodle.Config{BaseURL: raw, Token: canary, HTTP: http.DefaultClient})
		if (err == nil) != ok {
			t.Errorf("%q: %v, want accepted %v", raw, err, ok)
		}
		if err != nil && (moodle.ReasonOf(err) != moodle.InvalidAddress || strings.Contains(err.Error(), "secret")) {
			t.Errorf("%q: %v", raw, err)
		}
	}
	_, err := moodle.New(moodle.Config{BaseURL: "https://example.org", Token: "  ", HTTP: http.DefaultClient})
	if moodle.ReasonOf(err) != moodle.TokenInvalid {
		t.Errorf("no token: %v", err)
	}
}

// Attack on the logs: a site, or a proxy in front of it, repeats what it received. No
// form of the error may contain the token or addresses.
func TestErrorsContainNoSecrets(t *testing.T) {
	const mail = "zoe.o'neil+x@example.org"
	exception := func(code string) string {
		return fmt.Sprintf(`{"exception":"x %s","errorcode":"%s","message":"token %s of <%s>, mailto:%s"}`, canary, code, canary, mail, mail)
	}
	tests := map[string]func(*http.Request) (*http.Response, error){
		"token in the message": func(*http.Request) (*http.Response, error) { return respond(200, exception("invalidtoken")), nil },
		"token in the code":    func(*http.Request) (*http.Response, error) { return respond(200, exception("code"+canary)), nil },
		"token in the page":    func(*http.Request) (*http.Response, error) { return respond(200, "<html>"+canary+mail), nil },
		"token as JSON":        func(*http.Request) (*http.Response, error) { return respond(200, `"`+canary+mail+`"`), nil },
		"token in the status":  func(*http.Request) (*http.Response, error) { return respond(500, canary+mail), nil },
		"token in a network error": func(r *http.Request) (*http.Response, error) {
			return nil, fmt.Errorf("proxy refused wstoken=%s for %s", canary, mail)
		},
		"token in the redirect": func(*http.Request) (*http.Response, error) {
			resp := respond(302, "")
			resp.Header.Set("Location", "https://example.org/?wstoken="+canary+"&mail="+mail)
			return resp, nil
		},
	}
	for name, transport := range tests {
		t.Run(name, func(t *testing.T) {
			c := fake(t, transport)
			_, rosterErr := c.Roster(t.Context(), "2")
			_, gradesErr := c.Grades(t.Context(), "2")
			_, checkErr := c.Check(t.Context(), "2")
			got, completionErr := c.CourseCompletions(t.Context(), "2", []moodle.UserID{"6"})
			messageErr := c.SendMessage(t.Context(), "6", "<p>hi</p>")
			errs := []error{rosterErr, gradesErr, checkErr, completionErr, messageErr}
			for _, e := range got.Unread {
				errs = append(errs, e)
			}
			for _, err := range errs {
				raw, _ := json.Marshal(err)
				shown := fmt.Sprintf("%v|%+v|%s", err, err, raw)
				for cause := err; cause != nil; cause = errors.Unwrap(cause) {
					if _, ok := errors.AsType[*url.Error](cause); ok {
						t.Errorf("the chain contains a url.Error, which repeats the request's address: %v", cause)
					}
				}
				if strings.Contains(shown, canary) || strings.Contains(shown, "example.org") {
					t.Errorf("secret shown: %s", shown)
				}
			}
			if rosterErr == nil {
				t.Error("no error")
			}
		})
	}
}

// respond returns an answer for a fake transport.
func respond(status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Header: http.Header{}, Body: readCloser{bytes.NewReader([]byte(body))},
	}
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// fake returns a client whose network is f.
func fake(t testing.TB, f transport) *moodle.Client {
	t.Helper()
	c, err := moodle.New(moodle.Config{
		BaseURL: "https://moodle.example.org", Token: canary, HTTP: &http.Client{Transport: f}, Sleep: noPause,
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}
