package lti_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/lti"
)

const moodle = "http://127.0.0.1:8045"

// recording is one recorded exchange of testdata.
type recording struct {
	Request  recordedRequest
	Response recordedResponse
	Token    struct{ Payload struct{ Nonce string } } `json:"id_token_decoded"`
	Auth     struct{ Params map[string]string }       `json:"auth_request"`
	Cases    map[string]struct{ Response recordedResponse }
	Post     struct{ Response recordedResponse }
}

type recordedRequest struct {
	Form map[string]string
	JSON json.RawMessage
}

type recordedResponse struct {
	Status int
	JSON   json.RawMessage
	Body   string            `json:"raw_body"`
	Posted map[string]string `json:"posted_to_tool"`
}

func read(t testing.TB, name string) recording {
	t.Helper()
	var r recording
	readInto(t, name, &r)
	return r
}

func readInto(t testing.TB, name string, v any) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, v); err != nil {
		t.Fatal(err)
	}
}

// replay answers requests as Moodle did in the recordings.
type replay map[string]recordedResponse

func (r replay) RoundTrip(req *http.Request) (*http.Response, error) {
	answer, ok := r[req.Method+" "+req.URL.Path]
	if !ok {
		answer.Status = http.StatusNotFound
	}
	body := answer.Body
	if body == "" {
		body = string(answer.JSON)
	}
	return &http.Response{StatusCode: answer.Status, Body: io.NopCloser(strings.NewReader(body)), Header: http.Header{}, Request: req}, nil
}

// recordedTool is the tool as it was registered during the recording.
func recordedTool(t testing.TB, c *clock, answers replay) (*lti.Tool, *fakeStore) {
	t.Helper()
	store := &fakeStore{
		registrations: []lti.Registration{{
			ID: "moodle", Issuer: moodle, ClientID: "qaUD1CEsy0nd7Zu", AuthURL: moodle + "/mod/lti/auth.php",
			TokenURL: moodle + "/mod/lti/token.php", KeysURL: moodle + "/mod/lti/certs.php",
		}},
		used: map[string]lti.Launch{}, deployments: map[lti.DeploymentID]bool{"2": true},
	}
	cfg := config(store, c)
	cfg.BaseURL, cfg.LaunchPath, cfg.LoginPath, cfg.KeysPath = "http://localhost:9245", "/launch", "/login", "/jwks"
	cfg.Client = &http.Client{Transport: answers}
	tool, err := lti.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return tool, store
}

// launchRecorded posts a recorded launch, half a minute after Moodle signed it.
func launchRecorded(t *testing.T, name string) (lti.Launch, error) {
	t.Helper()
	r := read(t, name)
	token := r.Request.Form["id_token"]
	c := &clock{now: issuedAt(t, token).Add(30 * time.Second)}
	tool, store := recordedTool(t, c, replay{"GET /mod/lti/certs.php": read(t, "platform-jwks").Response})
	state, err := tool.Begin("moodle", r.Token.Payload.Nonce, "cookie", c.Now().Add(time.Minute).Unix())
	if err != nil {
		t.Fatal(err)
	}
	return launch(t.Context(), tool, store, lti.LaunchRequest{IDToken: token, State: state, Cookie: func(string) string { return "cookie" }})
}

func issuedAt(t *testing.T, token string) time.Time {
	t.Helper()
	var claims struct{ Iat int64 }
	if err := json.Unmarshal([]byte(unsegment(t, strings.Split(token, ".")[1])), &claims); err != nil {
		t.Fatal(err)
	}
	return time.Unix(claims.Iat, 0)
}

func TestRecordedLaunches(t *testing.T) {
	// who is the person of a launch.
	type who struct {
		User, Name, Email, Language, Context, Link string
		Rights                                     rights
	}
	student := func(user, name, email, link string) who {
		return who{user, name, email, "en", "BADGE101", link, rights{Learner: true}}
	}
	teacher := func(user, name, email string) who {
		return who{user, name, email, "en", "BADGE101", "1", rights{Instructor: true}}
	}
	admin := teacher("2", "Admin User", "admin@example.org")
	admin.Rights.Administrator = true
	tests := map[string]who{
		"launch-student-2-launch":                 student("6", "Zoë Ångström", "s01@example.org", "1"),
		"launch-student-apostrophe-2-launch":      student("7", "Seán O'Connor", "s02@example.org", "1"),
		"launch-student-rtl-2-launch":             student("8", "فاطمة الزهراء", "s03@example.org", "1"),
		"launch-student-existing-window-2-launch": student("9", "小龙 李", "s04@example.org", "3"),
		"launch-student-new-window-2-launch":      student("10", "Bjørn Nordmann & Søn", "s05@example.org", "2"),
		"launch-student-deeplinked-2-launch":      student("6", "Zoë Ångström", "s01@example.org", "5"),
		"launch-teacher-2-launch":                 teacher("3", "Tomás Ó Briain", "teacher1@example.org"),
		"launch-noneditingteacher-2-launch":       teacher("4", "Nina Noneditor", "teacher2@example.org"),
		"launch-manager-2-launch":                 teacher("5", "Mary Manager", "manager1@example.org"),
		"launch-admin-2-launch":                   admin,
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			l, err := launchRecorded(t, name)
			if err != nil {
				t.Fatal(err)
			}
			got := who{l.User, l.Name, l.Email, l.Language, l.Context.Label, l.ResourceLink.ID, rightsOf(l.Roles)}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if l.Target != "/launch" || l.Product != "moodle" || l.PlatformName != "probe45" || !strings.HasPrefix(l.ReturnURL, moodle+"/mod/lti/return.php?") {
				t.Errorf("target %q, product %q, platform %q, return %q", l.Target, l.Product, l.PlatformName, l.ReturnURL)
			}
		})
	}
}

func TestRecordedCustomParameters(t *testing.T) {
	l, err := launchRecorded(t, "launch-student-2-launch")
	if err != nil {
		t.Fatal(err)
	}
	if l.Custom["context_label"] != "BADGE101" || l.Custom["instructor_set"] != "yes" {
		t.Errorf("custom parameters = %v, want those Moodle replaced", l.Custom)
	}
	for name, value := range l.Custom {
		if strings.HasPrefix(value, "$") {
			t.Errorf("%s = %q was not replaced and should be absent", name, value)
		}
	}
}

func TestRecordedDeepLinking(t *testing.T) { // case 53
	l, err := launchRecorded(t, "deeplink-2-request")
	if err != nil {
		t.Fatal(err)
	}
	if l.Message != lti.DeepLinkingRequest || l.DeepLinking == nil || !strings.HasPrefix(l.DeepLinking.ReturnURL, moodle+"/") || !l.DeepLinking.Multiple {
		t.Errorf("launch = %+v, want a deep linking request that takes several items", l.DeepLinking)
	}
}

func TestRecordedSubmissionReview(t *testing.T) {
	l, err := launchRecorded(t, "launch-submission-review-2-launch")
	if err != nil {
		t.Fatal(err)
	}
	if l.Message != lti.SubmissionReviewRequest || l.User != "3" || l.Reviewed != "6" || l.Custom["badge_id"] != "b-1" {
		t.Errorf("message %s of %s about %q, custom %v", l.Message, l.User, l.Reviewed, l.Custom)
	}
}

func TestRecordedLaunchesRefused(t *testing.T) {
	for name, want := range map[string]lti.Reason{
		"launch-quirk-legacy-consumer-key-2-launch": lti.AudienceWrong,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := launchRecorded(t, name)
			wantReason(t, err, want)
		})
	}
}

func TestRecordedAuthenticationErrors(t *testing.T) { // case 24
	for name, recorded := range read(t, "auth-errors").Cases {
		posted := recorded.Response.Posted
		if posted["error"] == "" {
			continue // Moodle showed its own page
		}
		t.Run(name, func(t *testing.T) {
			c := &clock{now: time.Unix(1_795_431_000, 0)}
			tool, _ := recordedTool(t, c, nil)
			state, err := tool.Begin("moodle", "", "cookie", c.Now().Unix())
			if err != nil {
				t.Fatal(err)
			}
			_, err = tool.Verify(t.Context(), lti.LaunchRequest{
				Error: posted["error"], State: state, Cookie: func(string) string { return "cookie" },
			})
			wantReason(t, err, lti.PlatformRefused)
			if err == nil || !strings.Contains(err.Error(), posted["error"]) {
				t.Errorf("error = %v, want it to say %q", err, posted["error"])
			}
		})
	}
}

func TestRecordedLoginInitiation(t *testing.T) {
	r := read(t, "launch-student-1-login-initiation")
	tool, _ := recordedTool(t, &clock{}, nil)
	form := url.Values{}
	for name, value := range r.Request.Form {
		form.Set(name, value)
	}
	redirect, err := tool.Login(t.Context(), lti.ParseLoginRequest(form))
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(redirect.URL)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for name := range u.Query() {
		got[name] = u.Query().Get(name)
	}
	r.Auth.Params["state"], r.Auth.Params["nonce"] = got["state"], got["nonce"]
	if diff := cmp.Diff(r.Auth.Params, got); diff != "" {
		t.Errorf("not what Moodle accepted: %s", diff)
	}
}

func TestRecordedRegistration(t *testing.T) {
	configuration, registration := read(t, "dynreg-02-openid-configuration"), read(t, "dynreg-03-registration")
	tool, _ := recordedTool(t, &clock{}, replay{
		"GET /mod/lti/openid-configuration.php": configuration.Response,
		"POST /mod/lti/openid-registration.php": registration.Response,
	})
	got, err := tool.Register(t.Context(), lti.RegisterRequest{ConfigurationURL: moodle + "/mod/lti/openid-configuration.php", Token: "t"})
	if err != nil {
		t.Fatal(err)
	}
	want := lti.Registered{Deployment: "2", Registration: lti.Registration{
		Issuer: moodle, ClientID: "qaUD1CEsy0nd7Zu", AuthURL: moodle + "/mod/lti/auth.php", TokenURL: moodle + "/mod/lti/token.php",
		KeysURL: moodle + "/mod/lti/certs.php", Product: "moodle",
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestRecordedRegistrationErrors(t *testing.T) { // case 89
	answers := map[string]recordedResponse{"token used": read(t, "dynreg-06-token-reuse").Post.Response}
	for name, recorded := range read(t, "dynreg-05-errors").Cases {
		answers[name] = recorded.Response
	}
	for name, answer := range answers {
		t.Run(name, func(t *testing.T) {
			tool, _ := recordedTool(t, &clock{}, replay{
				"GET /mod/lti/openid-configuration.php": read(t, "dynreg-02-openid-configuration").Response,
				"POST /mod/lti/openid-registration.php": answer,
			})
			_, err := tool.Register(t.Context(), lti.RegisterRequest{ConfigurationURL: moodle + "/mod/lti/openid-configuration.php"})
			want := lti.RegistrationRefused
			if answer.Status == http.StatusUnauthorized {
				want = lti.RegistrationToken
			}
			wantReason(t, err, want)
			if err == nil || !strings.Contains(err.Error(), answer.Body[:min(len(answer.Body), 80)]) {
				t.Errorf("error = %v, want it to say %q", err, answer.Body)
			}
		})
	}
}

func TestRecordedAccessTokens(t *testing.T) {
	granted := read(t, "token-1-ok").Cases["all_scopes"].Response
	tool, store := recordedTool(t, &clock{}, replay{"POST /mod/lti/token.php": granted})
	store.keys = []lti.SigningKey{newSigningKey(t)}
	got, err := tool.AccessToken(t.Context(), store.registrations[0], rosterScope)
	if err != nil || got.Value == "" || len(got.Scopes) < 5 {
		t.Errorf("token of %d scopes (%v), want those Moodle granted", len(got.Scopes), err)
	}
	for name, recorded := range read(t, "token-2-failures").Cases {
		if recorded.Response.Status == http.StatusOK {
			continue
		}
		t.Run(name, func(t *testing.T) {
			tool, store := recordedTool(t, &clock{}, replay{"POST /mod/lti/token.php": recorded.Response})
			store.keys = []lti.SigningKey{{ID: "a", Private: platformKey()}}
			_, err := tool.AccessToken(t.Context(), store.registrations[0], rosterScope)
			wantReason(t, err, lti.AccessRefused)
		})
	}
}

func TestServicesOfALaunch(t *testing.T) { // cases 70, 80
	l, err := launchRecorded(t, "launch-student-2-launch")
	s := l.Services
	if err != nil || !strings.HasPrefix(s.LineItemsURL, moodle) || !strings.HasPrefix(s.LineItemURL, moodle) || !strings.HasPrefix(s.MembershipsURL, moodle) || len(s.GradeScopes) != 4 {
		t.Errorf("services = %+v, %v", s, err)
	}
	const endpoint = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
	for name, change := range map[string]func(map[string]any){
		"70 none":            without(),
		"80 no line item":    set(endpoint, map[string]any{"scope": []string{lti.ScopeScore}}),
		"70 PHP's no object": set(endpoint, []any{}),
	} {
		if l, err := newFixture(t).launch(change); err != nil || l.Services.LineItemURL != "" {
			t.Errorf("%s: %+v, %v", name, l.Services, err)
		}
	}
	_, err = newFixture(t).launch(set(endpoint, "x"))
	wantReason(t, err, lti.TokenMalformed)
}
