package e2e_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
)

// TestSamePersonElsewhere connects a second LMS whose users have the same ids, names
// and addresses as those of the first. It opens both in one browser. A person is
// identified by platform and id, and an address alone gives no access (case 45,
// takeover by e-mail).
func TestSamePersonElsewhere(t *testing.T) {
	t.Parallel()
	d := seededDemo(t)
	of := d.tenant(t) // Zoë has a badge at the first LMS, and a proposal waits for Sinéad
	other := d.another(t)
	here, there := d.visitor(), other.visitor()
	there.cookies = here.cookies // in the same browser
	name := of.words[0]

	atHome := here.launch(t, 6)
	elsewhere := there.launch(t, 6)
	if atHome == elsewhere {
		t.Fatal("two platforms share a session")
	}
	for round := range 2 { // in both orders, and again
		if text := said(here.get(t, atHome+"/mine")); !strings.Contains(text, name) {
			t.Errorf("round %d: at home she reads %s", round, text)
		}
		for _, page := range []string{"", "/mine", "/mine/list", "/mine/" + of.values["badge"], "/learners/6", "/learners/7"} {
			w := there.get(t, elsewhere+page)
			if shown := of.words[:2].in(said(w) + w.Body.String()); len(shown) > 0 || strings.Contains(w.Body.String(), "/claim/") || strings.Contains(w.Body.String(), of.values["assertion"]) {
				t.Errorf("round %d: elsewhere %s shows %q: %s", round, page, shown, said(w))
			}
		}
	}
	// Outside any course a person sees the badges of all courses of the same platform.
	alone := func(c map[string]any) { delete(c, ltiClaim+"context") }
	if w := here.get(t, here.launchWith(t, 6, alone)); !strings.Contains(said(w), name) {
		t.Errorf("her badges at home: %s", said(w))
	}
	if w := there.get(t, there.launchWith(t, 6, alone)); w.Code != http.StatusOK || strings.Contains(said(w), name) {
		t.Errorf("her badges elsewhere: %s", said(w))
	}
	// The cookie of one session must not open the other, with either name.
	for name, mixed := range map[string][2]string{"home cookie elsewhere": {atHome, elsewhere}, "elsewhere's at home": {elsewhere, atHome}} {
		cookie := *here.cookies["__Host-insigne-"+strings.TrimPrefix(mixed[0], "/c/")]
		cookie.Name = "__Host-insigne-" + strings.TrimPrefix(mixed[1], "/c/")
		thief := d.visitor()
		thief.cookies[cookie.Name] = &cookie
		if w := thief.get(t, mixed[1]+"/mine"); w.Code != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
}

// TestTakeoverByAddress launches with other ids, but with the address and the name of a
// person who has a badge. The award, its recipient and its claim stay with the id that
// earned it.
func TestTakeoverByAddress(t *testing.T) {
	t.Parallel()
	d := seededDemo(t)
	of := d.tenant(t)
	other := d.another(t)
	course := badges.CourseKey{Platform: d.platformOf(t, d.CampusURL), Context: "2"}
	awards := func(user badges.UserID) []badges.Assertion {
		list, err := d.App.Store().AssertionsOf(t.Context(), course, user)
		must(t, err)
		return list
	}
	before := awards("6")
	as := func(c map[string]any) {
		c["email"], c["name"], c["given_name"], c["family_name"] = zoesMail, "Zoë Ångström", "Zoë", "Ångström"
	}
	for name, v := range map[string]visitor{"same platform, other id": d.visitor(), "other platform": other.visitor()} {
		session := sessionOf(v.launchWith(t, 14, as))
		for _, page := range []string{"/mine", "/mine/list", "/learners/6"} {
			w := v.get(t, session+page)
			if strings.Contains(w.Body.String(), "/claim/") || strings.Contains(w.Body.String(), of.values["assertion"]) || strings.Contains(said(w), evidenceText) {
				t.Errorf("%s: %s shows %s", name, page, said(w))
			}
		}
	}
	// The opposite: if the LMS later sends another address, new mails go there, but the
	// award stays with its learner.
	v := d.visitor()
	session := sessionOf(v.launchWith(t, 6, func(c map[string]any) { c["email"] = "moved@example.org" }))
	if text := said(v.get(t, session+"/mine")); !strings.Contains(text, of.words[0]) {
		t.Errorf("after her address changed she reads %s", text)
	}
	after := awards("6")
	if len(before) != 1 || len(after) != 1 || after[0].ID != before[0].ID || after[0].Recipient != before[0].Recipient {
		t.Errorf("assertions = %+v, were %+v", after, before)
	}
	if got := awards("14"); len(got) != 0 {
		t.Errorf("the other id has %+v", got)
	}
}

// TestMixedUpPlatforms sends the answer of one platform to a login at another, with the
// user and the nonce of that login (mix-up).
func TestMixedUpPlatforms(t *testing.T) {
	t.Parallel()
	d := seededDemo(t)
	other := d.another(t)
	for name, tt := range map[string]struct {
		by     *demo // the demo whose LMS signs
		change func(map[string]any)
		kid    bool // the token names the key of the login's platform
		reason string
	}{
		"as it is":                     {other, nil, false, "key_unknown"},
		"in the name of the other":     {other, func(c map[string]any) { c["iss"], c["aud"] = d.CampusURL, d.Campus.ClientIDs()[0] }, false, "key_unknown"},
		"with the key id of the other": {other, nil, true, "signature_invalid"},
		"by the platform for another":  {d, func(c map[string]any) { c["iss"] = other.CampusURL }, false, "issuer_wrong"},
		"for another client":           {d, func(c map[string]any) { c["aud"] = other.Campus.ClientIDs()[0] }, false, "audience_wrong"},
	} {
		v := d.visitor()
		nonce, state := v.login(t, 3)
		token, err := tt.by.Campus.MintLaunch(tt.by.visitor().client(t), 3, nonce, tt.change)
		must(t, err)
		if tt.kid {
			own, err := d.Campus.MintLaunch(v.client(t), 3, nonce, nil)
			must(t, err)
			header, _, _ := strings.Cut(own, ".")
			_, rest, _ := strings.Cut(token, ".")
			token = header + "." + rest
		}
		w := v.post(t, "/lti/launch", url.Values{"id_token": {token}, "state": {state}})
		if w.Code != http.StatusBadRequest || !strings.Contains(said(w), "Code: "+tt.reason) {
			t.Errorf("%s: %d %s, want %s", name, w.Code, said(w), tt.reason)
		}
	}
	// A whole login of another browser: only the cookie protects it.
	nonce, state := d.visitor().login(t, 3)
	token, err := d.Campus.MintLaunch(d.visitor().client(t), 3, nonce, nil)
	must(t, err)
	form := url.Values{"id_token": {token}, "state": {state}, "proof": {""}}
	if w := d.visitor().do(t, fromOurPage(t, form)); w.Code != http.StatusBadRequest || !strings.Contains(said(w), "browser_mismatch") {
		t.Errorf("in another browser: %d %s", w.Code, said(w))
	}
}

// TestReplaysLeaveNothing sends one good answer fifty times at once and then again, and
// starts logins that nobody ends. There is one launch, and only one row about it (cases
// 14 and 48, growth of nonces).
func TestReplaysLeaveNothing(t *testing.T) {
	t.Parallel()
	d := seededDemo(t)
	d.visitor().launch(t, 3)
	v := d.visitor()
	nonce, state := v.login(t, 3)
	token, err := d.Campus.MintLaunch(v.client(t), 3, nonce, nil)
	must(t, err)
	form := url.Values{"id_token": {token}, "state": {state}}
	before := d.rows(t)
	codes := make(chan int, 50)
	for range cap(codes) {
		browser := visitor{demo: d, cookies: map[string]*http.Cookie{}}
		for name, c := range v.cookies {
			browser.cookies[name] = c
		}
		go func() { codes <- browser.post(t, "/lti/launch", form).Code }()
	}
	var got []int
	for range cap(codes) {
		got = append(got, <-codes)
	}
	slices.Sort(got)
	if got[0] != http.StatusSeeOther || got[1] != http.StatusBadRequest || got[49] != http.StatusBadRequest {
		t.Errorf("answers %v, want one 303 and 49 times 400", got)
	}
	successes := 0
	for _, row := range changed(before, d.rows(t)).added {
		switch table, rest, _ := strings.Cut(row, " "); {
		case strings.Contains(row, "|"+nonce), strings.Contains(row, state), strings.Contains(row, token):
			t.Errorf("the row %s has a secret of the login", row)
		case table == "launches" && strings.Contains(rest, "LtiResourceLinkRequest") && strings.HasSuffix(rest, "|"+lti.LoginID(state)):
			successes++
		case table == "launches": // an entry for a refusal, at most one a second
		}
	}
	if successes != 1 {
		t.Errorf("%d launches are stored as successful, with their login, want one", successes)
	}
	before = d.rows(t)
	for range 300 {
		stranger := d.visitor()
		stranger.login(t, 3)
		forged := stranger.initiation(t)
		forged.Set("client_id", "made-up")
		if w := stranger.get(t, "/lti/login?"+forged.Encode()); w.Code != http.StatusBadRequest {
			t.Fatalf("a forged initiation is answered %d", w.Code)
		}
	}
	if c := changed(before, d.rows(t)); !c.nothing() {
		t.Errorf("logins that nobody ended leave %s", c)
	}
}
