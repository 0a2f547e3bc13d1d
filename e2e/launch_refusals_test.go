package e2e_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwk"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/campus"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/templates"
)

// reasons returns the constants of lti/errors.go in the groups whose comment starts
// with one of the words.
func reasons(t *testing.T, groups ...string) []lti.Reason {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../lti/errors.go", nil, parser.ParseComments)
	must(t, err)
	var list []lti.Reason
	for _, decl := range file.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok || !slices.ContainsFunc(groups, func(words string) bool { return strings.HasPrefix(group.Doc.Text(), words) }) {
			continue
		}
		for _, spec := range group.Specs {
			value, _ := spec.(*ast.ValueSpec)
			text, err := strconv.Unquote(value.Values[0].(*ast.BasicLit).Value)
			must(t, err)
			list = append(list, lti.Reason(text))
		}
	}
	if len(list) < 3 {
		t.Fatalf("reasons of %q: %v", groups, list)
	}
	return list
}

// refusal is one login or launch that must be refused.
type refusal struct {
	send   func(t *testing.T, v visitor, language string) *httptest.ResponseRecorder
	reason lti.Reason
	says   [2]string // in English and in French: what to do, besides the advice of every refusal
}

// changing returns a launch with changed claims.
func changing(change func(claims map[string]any)) func(*testing.T, visitor, string) *httptest.ResponseRecorder {
	return func(t *testing.T, v visitor, language string) *httptest.ResponseRecorder {
		t.Helper()
		return v.launched(t, 3, language, change)
	}
}

func setting(name string, value any) func(*testing.T, visitor, string) *httptest.ResponseRecorder {
	return changing(func(claims map[string]any) {
		claims[name] = value
		if value == nil {
			delete(claims, name)
		}
	})
}

// forging returns a launch whose token is changed.
func forging(change func(token string) string) func(*testing.T, visitor, string) *httptest.ResponseRecorder {
	return func(t *testing.T, v visitor, language string) *httptest.ResponseRecorder {
		t.Helper()
		nonce, state := v.login(t, 3)
		token, err := v.Campus.MintLaunch(v.client(t), 3, nonce, nil)
		must(t, err)
		return v.post(t, "/lti/launch"+language, url.Values{"id_token": {change(token)}, "state": {state}})
	}
}

// heading returns a launch whose token has another header.
func heading(f campus.Forgery) func(*testing.T, visitor, string) *httptest.ResponseRecorder {
	return func(t *testing.T, v visitor, language string) *httptest.ResponseRecorder {
		t.Helper()
		nonce, state := v.login(t, 3)
		claims, err := v.Campus.LaunchClaims(v.client(t), 3, nonce)
		must(t, err)
		payload, err := json.Marshal(claims)
		must(t, err)
		token, err := v.Campus.Forge(payload, f)
		must(t, err)
		return v.post(t, "/lti/launch"+language, url.Values{"id_token": {token}, "state": {state}})
	}
}

// beginning returns a login with changed parameters.
func beginning(change func(q url.Values)) func(*testing.T, visitor, string) *httptest.ResponseRecorder {
	return func(t *testing.T, v visitor, language string) *httptest.ResponseRecorder {
		t.Helper()
		q := v.initiation(t)
		change(q)
		return v.get(t, "/lti/login"+language+"&"+q.Encode())
	}
}

// posting returns a post of an answer that belongs to no login.
func posting(form url.Values) func(*testing.T, visitor, string) *httptest.ResponseRecorder {
	return func(t *testing.T, v visitor, language string) *httptest.ResponseRecorder {
		t.Helper()
		return v.post(t, "/lti/launch"+language, form)
	}
}

func ago(d time.Duration) int64 { return time.Now().Add(-d).Unix() }

// times returns a launch whose token has these times, relative to now: when it was
// made, and when it expires.
func times(iat, exp time.Duration) func(*testing.T, visitor, string) *httptest.ResponseRecorder {
	return changing(func(c map[string]any) { c["iat"], c["exp"] = ago(-iat), ago(-exp) })
}

func (d *demo) refusals() map[string]refusal {
	const clocks, horloges = "clocks of", "horloges des"
	long := strings.Repeat("x", 300)
	unread := func(claims map[string]any) {
		d.placing(claims)
		claims["https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"].(map[string]any)["accept_types"] = []string{"file"}
	}
	elsewhere := func(claims map[string]any) {
		d.placing(claims)
		claims["https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"].(map[string]any)["deep_link_return_url"] = "https://evil.example/"
	}
	learning := func(claims map[string]any) {
		d.placing(claims)
		claims[ltiClaim+"roles"] = []string{membership + "#Learner"}
	}
	return map[string]refusal{
		"47 parameter":           {beginning(func(q url.Values) { q.Del("login_hint") }), lti.ParameterMissing, [2]string{}},
		"47 long parameter":      {beginning(func(q url.Values) { q.Set("lti_message_hint", strings.Repeat("x", 5000)) }), lti.ParameterTooLong, [2]string{}},
		"48 platform":            {beginning(func(q url.Values) { q.Set("iss", "https://evil.example") }), lti.RegistrationUnknown, [2]string{"Ask your administrator to register it", "Demandez à votre administration de l’enregistrer"}},
		"49 two clients":         {beginning(func(q url.Values) { q.Set("iss", twiceIssuer); q.Del("client_id") }), lti.ClientAmbiguous, [2]string{"Tell your administrator", "Prévenez votre administration"}},
		"22 target of a login":   {beginning(func(q url.Values) { q.Set("target_link_uri", "//evil.example/lti/launch") }), lti.TargetForeign, [2]string{"add the activity again", "ajoutée à nouveau"}},
		"22 target of a launch":  {setting(ltiClaim+"target_link_uri", "https://evil.example/"), lti.TargetForeign, [2]string{"add the activity again", "ajoutée à nouveau"}},
		"24 error":               {posting(url.Values{"error": {"access_denied"}}), lti.PlatformRefused, [2]string{}},
		"15 no state":            {posting(url.Values{"id_token": {"x"}}), lti.StateMissing, [2]string{}},
		"15 foreign state":       {posting(url.Values{"id_token": {"x"}, "state": {"x.y"}, "proof": {""}}), lti.StateUnknown, [2]string{}},
		"15 another browser":     {d.otherBrowser, lti.BrowserMismatch, [2]string{"in a new tab", "nouvel onglet"}},
		"5 no token":             {forging(func(string) string { return "" }), lti.TokenMissing, [2]string{}},
		"16 short key":           {d.keyed(weakIssuer), lti.KeyWeak, [2]string{}},
		"95 keys unavailable":    {d.keyed(keylessIssuer), lti.KeysUnavailable, [2]string{}},
		"23 huge":                {forging(func(token string) string { return token + strings.Repeat("x", 65<<10) }), lti.TokenTooLarge, [2]string{}},
		"23 no token at all":     {forging(func(string) string { return "x" }), lti.TokenMalformed, [2]string{}},
		"1 no kid":               {heading(campus.Forgery{Header: map[string]any{"kid": nil}}), lti.HeaderMissingKid, [2]string{}},
		"2 unknown kid":          {heading(campus.Forgery{Header: map[string]any{"kid": "another"}}), lti.KeyUnknown, [2]string{"Try again in a minute", "Réessayez dans une minute"}},
		"16 algorithm":           {heading(campus.Forgery{Header: map[string]any{"alg": "none"}}), lti.AlgorithmForbidden, [2]string{}},
		"23 crit":                {heading(campus.Forgery{Header: map[string]any{"crit": []string{"exp"}}}), lti.HeaderCritical, [2]string{}},
		"17 signature":           {forging(otherSignature), lti.SignatureInvalid, [2]string{}},
		"20 issuer":              {setting("iss", d.CampusURL+"/"), lti.IssuerWrong, [2]string{}},
		"19 audience":            {setting("aud", "another"), lti.AudienceWrong, [2]string{}},
		"19 party":               {setting("azp", "another"), lti.PartyWrong, [2]string{}},
		"12 guest":               {setting("sub", nil), lti.SubjectMissing, [2]string{"Sign in to your LMS first", "Connectez-vous d’abord à votre LMS"}},
		"13 nonce":               {setting("nonce", "another"), lti.NonceWrong, [2]string{}},
		"18 no exp":              {setting("exp", nil), lti.ExpiryMissing, [2]string{}},
		"18 no iat":              {setting("iat", nil), lti.IssuedMissing, [2]string{}},
		"18 expired":             {times(-5*time.Minute, -4*time.Minute), lti.TokenExpired, [2]string{clocks, horloges}},
		"18 from the future":     {times(5*time.Minute, 6*time.Minute), lti.ClockSkew, [2]string{clocks, "horloges de"}},
		"18 old":                 {times(-11*time.Minute, time.Minute), lti.TokenOld, [2]string{clocks, horloges}},
		"18 for long":            {times(0, 2*time.Hour), lti.LifetimeTooLong, [2]string{}},
		"3 version":              {setting(ltiClaim+"version", "11.3"), lti.VersionWrong, [2]string{"LTI 1.3", "LTI 1.3"}},
		"8 no message type":      {setting(ltiClaim+"message_type", nil), lti.MessageTypeMissing, [2]string{}},
		"8 another message":      {setting(ltiClaim+"message_type", "LtiEulaRequest"), lti.MessageTypeUnknown, [2]string{}},
		"9 no roles":             {setting(ltiClaim+"roles", nil), lti.RolesMissing, [2]string{}},
		"10 no deployment":       {setting(ltiClaim+"deployment_id", nil), lti.DeploymentMissing, [2]string{}},
		"21 deployment":          {setting(ltiClaim+"deployment_id", "never seen"), lti.DeploymentPending, [2]string{"Ask your administrator", "Adressez-vous à elle"}},
		"11 no link":             {setting(ltiClaim+"resource_link", nil), lti.ResourceLinkMissing, [2]string{}},
		"26 long id":             {setting("sub", long), lti.IDTooLong, [2]string{}},
		"59 a learner places":    {changing(learning), lti.RoleForbidden, [2]string{"teach", "enseign"}},
		"60 return elsewhere":    {changing(elsewhere), lti.DeepLinkReturn, [2]string{}},
		"56 takes files alone":   {changing(unread), lti.DeepLinkTypes, [2]string{}},
		"review without learner": {setting(ltiClaim+"message_type", "LtiSubmissionReviewRequest"), lti.ReviewedMissing, [2]string{}},
	}
}

// otherBrowser posts an answer in a browser that did not start the login.
func (d *demo) otherBrowser(t *testing.T, v visitor, language string) *httptest.ResponseRecorder {
	t.Helper()
	nonce, state := v.login(t, 3)
	token, err := d.Campus.MintLaunch(v.client(t), 3, nonce, nil)
	must(t, err)
	return d.visitor().do(t, fromPage(t, "/lti/launch"+language, url.Values{"id_token": {token}, "state": {state}, "proof": {"guessed"}}))
}

// otherSignature returns the token with the signature of another token.
func otherSignature(token string) string {
	i := strings.LastIndex(token, ".") + 1
	return token[:i] + strings.Repeat("A", len(token)-i)
}

// twiceIssuer is an issuer that is registered twice.
const twiceIssuer = "https://twice.example"

func (d *demo) registerTwice(t *testing.T) {
	t.Helper()
	must(t, d.App.Store().Tx(t.Context(), func(tx *store.Tx) error {
		for _, client := range []string{"a", "b"} {
			reg := lti.Registration{Issuer: twiceIssuer, ClientID: client, Name: client, AuthURL: twiceIssuer + "/auth", TokenURL: twiceIssuer + "/token", KeysURL: twiceIssuer + "/keys"}
			if _, err := tx.SavePlatform(t.Context(), reg, "1", badges.ByPlatform); err != nil {
				return err
			}
		}
		return nil
	}))
}

// Issuers of platforms with useless keys, and without keys.
const (
	weakIssuer    = "https://weak.example"
	keylessIssuer = "https://keyless.example"
	badKeysClient = "client"
)

func (d *demo) registerBadKeys(t *testing.T) {
	t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 1024)
	must(t, err)
	key, err := jwk.FromRaw(private.Public())
	must(t, err)
	must(t, key.Set(jwk.KeyIDKey, "weak"))
	set := jwk.NewSet()
	must(t, set.AddKey(key))
	keys := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(set) // if it does not arrive, the test finds no keys
	}))
	t.Cleanup(keys.Close)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	must(t, d.App.Store().Tx(t.Context(), func(tx *store.Tx) error {
		for issuer, address := range map[string]string{weakIssuer: keys.URL, keylessIssuer: gone.URL} {
			reg := lti.Registration{Issuer: issuer, ClientID: badKeysClient, Name: issuer, AuthURL: issuer + "/auth", TokenURL: issuer + "/token", KeysURL: address}
			if _, err := tx.SavePlatform(t.Context(), reg, "1", badges.ByPlatform); err != nil {
				return err
			}
		}
		return nil
	}))
}

// keyed returns a launch from a platform with bad keys.
func (d *demo) keyed(issuer string) func(*testing.T, visitor, string) *httptest.ResponseRecorder {
	return func(t *testing.T, v visitor, language string) *httptest.ResponseRecorder {
		t.Helper()
		q := v.initiation(t)
		q.Set("iss", issuer)
		q.Set("client_id", badKeysClient)
		to, err := url.Parse(v.get(t, "/lti/login?"+q.Encode()).Header().Get("Location"))
		must(t, err)
		token, err := d.Campus.Forge([]byte(`{}`), campus.Forgery{Header: map[string]any{"kid": "weak"}})
		must(t, err)
		return v.post(t, "/lti/launch"+language, url.Values{"id_token": {token}, "state": {to.Query().Get("state")}})
	}
}

// TestRefusals checks every reason in both languages. The page has the sentence of the
// reason, what to do, and the code. No session starts, and only the entry for the
// administrator is written.
func TestRefusals(t *testing.T) {
	t.Parallel()
	d := seededDemo(t)
	d.registerTwice(t)
	d.registerBadKeys(t)
	pages, err := templates.Load()
	must(t, err)
	d.visitor().launch(t, 3)
	met := map[lti.Reason]bool{}
	for name, tt := range d.refusals() {
		met[tt.reason] = true
		for i, language := range []string{"en", "fr"} {
			t.Run(name+" "+language, func(t *testing.T) {
				before := d.rows(t)
				v := d.visitor()
				w := tt.send(t, v, "?lang="+language)
				locale, text := pages.Locale(language), said(w)
				if w.Code != http.StatusBadRequest || w.Header().Get("Location") != "" {
					t.Errorf("answered %d to %q, want 400", w.Code, w.Header().Get("Location"))
				}
				for _, want := range []string{locale.T(tt.reason.Key(), nil), locale.T("problem.launch_advice", nil), locale.T("problem.code", nil) + " " + string(tt.reason), tt.says[i]} {
					if !strings.Contains(text, plain(want)) {
						t.Errorf("the page does not say %q: %s", want, text)
					}
				}
				if !strings.Contains(w.Body.String(), `lang="`+language+`"`) {
					t.Errorf("the page is not in %s", language)
				}
				for _, c := range w.Result().Cookies() {
					t.Errorf("a refusal sets the cookie %s", c.Name)
				}
				change := changed(before, d.rows(t))
				allowed := []string{"launches "}
				if tt.reason == lti.DeploymentPending {
					allowed = append(allowed, "deployments ")
				}
				change.added = slices.DeleteFunc(change.added, func(row string) bool {
					return slices.ContainsFunc(allowed, func(table string) bool { return strings.HasPrefix(row, table) })
				})
				if !change.nothing() {
					t.Errorf("a refusal changes %s", change)
				}
			})
		}
	}
	for _, reason := range reasons(t, "Reasons a login initiation", "Reasons a launch", "Reasons an id_token") {
		if !met[reason] {
			t.Errorf("no test for the reason %s", reason)
		}
	}
}
