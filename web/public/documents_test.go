package public_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/openbadges"
	"github.com/insigne-badges/insigne/web/webtest"
)

const (
	linkedData     = "application/ld+json"
	credentialType = "application/vc+ld+json"
	html           = "text/html; charset=utf-8"
)

// ask sends a request with an Accept header.
func ask(s *webtest.Site, method, path, accept string) webtest.Answer {
	r := httptest.NewRequest(method, path, nil)
	if accept != "" {
		r.Header.Set("Accept", accept)
	}
	return s.Anybody().Do(r)
}

// decode decodes a document.
func decode(t *testing.T, a webtest.Answer) map[string]any {
	t.Helper()
	var document map[string]any
	if err := json.Unmarshal([]byte(a.Body), &document); err != nil {
		t.Fatalf("%v: %s", err, a.Body)
	}
	return document
}

// TestAssertionDocument requests the document of a claimed award in each way. The
// address of the page gives browsers the page and programs the document.
func TestAssertionDocument(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.MakeAward(t, webtest.Claimed)
	for _, tt := range []struct {
		suffix, accept, mediaType string
	}{
		{".json", "", linkedData},
		{".json", "text/html", linkedData},
		{".json", "application/json", "application/json"},
		{"", "application/json", "application/json"},
		{"", "application/ld+json", linkedData},
		{"", "application/ld+json, text/html;q=0.8", linkedData},
		{"", "application/vc+ld+json", credentialType},
		{"", "application/vc, text/html;q=0.9", "application/vc"},
		{"", "application/vc+jwt", "application/vc+jwt"},
		{"/credential", "text/html", credentialType},
		{"/credential", "application/ld+json", linkedData},
		{"/credential", "application/json, application/vc+ld+json;q=0.9", "application/json"},
		{"/credential", "application/vc", "application/vc"},
		{"/credential", "text/plain", "text/plain"},
		{"/credential", "application/vc+jwt", "application/vc+jwt"},
		{"", "", linkedData},
		{"", "*/*", html},
		{"", "text/html,application/xhtml+xml,application/json;q=0.5", html},
	} {
		got := getAs(s, pageOf(a.ID)+tt.suffix, tt.accept)
		if got.Status != http.StatusOK || got.Header.Get("Content-Type") != tt.mediaType || !slices.Contains(got.Header.Values("Vary"), "Accept") && got.Header.Get("Vary") != "Accept, Accept-Language, Cookie" {
			t.Errorf("%q as %q: %d, %s, varies by %q", tt.suffix, tt.accept, got.Status, got.Header.Get("Content-Type"), got.Header.Values("Vary"))
		}
		origin, cache := "*", "no-cache"
		if tt.mediaType == html {
			origin, cache = "", "no-store"
		}
		if got.Header.Get("Access-Control-Allow-Origin") != origin {
			t.Errorf("%q as %q: readable by scripts of %q, want %q", tt.suffix, tt.accept, got.Header.Get("Access-Control-Allow-Origin"), origin)
		}
		if got.Header.Get("Cache-Control") != cache {
			t.Errorf("%q as %q: Cache-Control %q", tt.suffix, tt.accept, got.Header.Get("Cache-Control"))
		}
	}
	document := decode(t, getAs(s, pageOf(a.ID)+".json", ""))
	for key, want := range map[string]any{
		"@context": openbadges.Context2, "type": "Assertion", "id": s.Links.Page(a.ID), "badge": s.Links.Version(a.Version), "issuedOn": "2026-03-01T09:30:00Z",
		"expires": nil, "evidence": nil,
	} {
		if document[key] != want {
			t.Errorf("%s is %v, want %v", key, document[key], want)
		}
	}
	recipient, _ := document["recipient"].(map[string]any)
	if recipient["hashed"] != true || recipient["identity"] != openbadges.HashEmail("zoe@example.org", "salt") {
		t.Errorf("recipient %v", recipient)
	}
}

// TestDocumentsThatCountNoMore checks that for a revoked and a replaced award the
// document is the 410 answer of Open Badges 2.0, and that there is no picture.
func TestDocumentsThatCountNoMore(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for history, says := range map[webtest.History]string{
		webtest.Revoked: webtest.Reason, webtest.Replaced: "Replaced by the next step: Badge ",
	} {
		a := s.MakeAward(t, history)
		for _, form := range [][2]string{{".json", ""}, {"", "application/json"}} {
			got := getAs(s, pageOf(a.ID)+form[0], form[1])
			if got.Status != http.StatusGone || !strings.HasSuffix(got.Header.Get("Content-Type"), "json") || got.Header.Get("Access-Control-Allow-Origin") != "*" {
				t.Errorf("%s, %q: %d %v", history, form, got.Status, got.Header)
			}
			document := decode(t, got)
			reason, _ := document["revocationReason"].(string)
			if document["id"] != s.Links.Page(a.ID) || document["revoked"] != true || !strings.HasPrefix(reason, says) || document["recipient"] != nil || document["evidence"] != nil {
				t.Errorf("%s: %v", history, document)
			}
			if history == webtest.Replaced && !strings.HasSuffix(reason, s.Links.Page(a.ReplacedBy)) {
				t.Errorf("the reason has no link to the next step: %s", reason)
			}
		}
		picture := s.Anybody().Get(pageOf(a.ID) + ".png")
		if picture.Status != http.StatusGone || strings.Contains(picture.Header.Get("Content-Type"), "image") || strings.Contains(picture.Body, "PNG\r\n") {
			t.Errorf("%s: the picture has status %d, %s", history, picture.Status, picture.Header.Get("Content-Type"))
		}
	}
}

// TestExpiredDocument checks that the document has the end of the badge, before and
// after it.
func TestExpiredDocument(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.World.Badge = s.World.Months(t, s.Store, s.World.Badge, 12)
	a := s.MakeAward(t, webtest.Claimed)
	for range 2 {
		got := s.Anybody().Get(pageOf(a.ID) + ".json")
		if got.Status != http.StatusOK || decode(t, got)["expires"] != "2027-03-01T09:30:00Z" {
			t.Errorf("at %s: %d %s", s.Clock.Now(), got.Status, got.Body)
		}
		s.Clock.Add(366 * 24 * time.Hour)
	}
}

// TestBakedPicture checks that the picture contains the document.
func TestBakedPicture(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.MakeAward(t, webtest.Claimed)
	got := s.Anybody().Get(pageOf(a.ID) + ".png")
	for header, want := range map[string]string{
		"Content-Type": "image/png", "Access-Control-Allow-Origin": "*", "Content-Disposition": `inline; filename="badge.png"`, "Cache-Control": "no-cache",
	} {
		if got.Header.Get(header) != want {
			t.Errorf("%s: %q, want %q", header, got.Header.Get(header), want)
		}
	}
	inside, err := openbadges.UnbakePNG([]byte(got.Body))
	if err != nil {
		t.Fatal(err)
	}
	var baked, served openbadges.Assertion
	if err := json.Unmarshal(inside.OB2, &baked); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(s.Anybody().Get(pageOf(a.ID)+".json").Body), &served); err != nil {
		t.Fatal(err)
	}
	if baked.ID != served.ID || baked.ID != s.Links.Page(a.ID) {
		t.Errorf("the picture contains %s, the document is %s", baked.ID, served.ID)
	}
}

// TestBadgeClass checks that a version without a claimed award has no document.
func TestBadgeClass(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	at := func(v badges.VersionID) string { return "/badges/" + string(v) }
	unknown := s.Anybody().Get(at(badges.VersionID(unknownID)))
	if unknown.Status != http.StatusNotFound {
		t.Fatalf("an unknown version: %d", unknown.Status)
	}
	draft := s.World.Draft(t, s.Store).Current.ID
	hidden := func(when string, v badges.VersionID) {
		t.Helper()
		got := s.Anybody().Get(at(v))
		if got.Body = strings.ReplaceAll(got.Body, string(v), "ID"); got.Status != http.StatusNotFound || got.Shows("Badge,") || strings.Contains(got.Body, "complete the course") {
			t.Errorf("%s: %d %s", when, got.Status, got.Text())
		}
		if got.Text() != unknown.Text() {
			t.Errorf("%s reads %q, an unknown version %q", when, got.Text(), unknown.Text())
		}
	}
	version := s.World.Badge.Current.ID
	hidden("a draft", draft)
	hidden("before any award", version)
	for _, history := range webtest.Histories() {
		if !history.Published() && history != webtest.ReplacedBefore {
			s.MakeAward(t, history)
		}
	}
	hidden("awards that are not public", version)
	s.MakeAward(t, webtest.Claimed)
	got := s.Anybody().Get(at(version))
	if got.Status != http.StatusOK || got.Header.Get("Content-Type") != linkedData || got.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Fatalf("claimed: %d %v", got.Status, got.Header)
	}
	document := decode(t, got)
	criteria, _ := document["criteria"].(map[string]any)
	if document["id"] != s.Links.Version(version) || document["name"] != "Badge" || document["description"] != "D" ||
		document["issuer"] != s.Links.Issuer(s.World.Issuer) || document["image"] != s.Links.Picture(s.World.Badge.Current.Picture) || criteria["narrative"] != "complete the course" {
		t.Errorf("%s", got.Body)
	}
	hidden("still a draft", draft)
}

// TestBadgeClassOfRevoked checks that a published document stays after the award was
// revoked, replaced, hidden or erased: copies need it.
func TestBadgeClassOfRevoked(t *testing.T) {
	t.Parallel()
	for _, history := range []webtest.History{webtest.Revoked, webtest.Replaced, webtest.Private, webtest.RevokedPrivate, webtest.Erased} {
		s := newSite(t) // each has a badge version of its own
		a := s.MakeAward(t, history)
		if got := s.Anybody().Get("/badges/" + string(a.Version)); got.Status != http.StatusOK || decode(t, got)["name"] != "Badge" {
			t.Errorf("%s: %d %s", history, got.Status, got.Body)
		}
	}
}

// TestIssuerProfile serves the profile of an organisation.
func TestIssuerProfile(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	got := s.Anybody().Get("/issuers/" + string(s.World.Issuer))
	if got.Status != http.StatusOK || got.Header.Get("Content-Type") != linkedData || got.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("%d %v", got.Status, got.Header)
	}
	document := decode(t, got)
	if document["id"] != s.Links.Issuer(s.World.Issuer) || document["name"] != "U" || document["url"] != "https://u.example" || document["email"] != "u@u.example" {
		t.Errorf("%v", document)
	}
	if got := s.Anybody().Get("/issuers/" + string(unknownID)); got.Status != http.StatusNotFound {
		t.Errorf("an unknown organisation: %d", got.Status)
	}
}

// TestIssuerKeys reads every key of an organisation as each kind of client does. Open
// Badges 2.0 has a document for RSA keys only; of other keys there is only the JWK.
func TestIssuerKeys(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	keys, err := webtest.Keys{}.IssuerKeys(t.Context(), s.World.Issuer)
	if err != nil {
		t.Fatal(err)
	}
	const jwk = "application/jwk+json"
	for _, row := range []struct {
		name, id, accept, want, has string
	}{
		{"RSA, no wish", keys.RSA[0].ID, "", linkedData, "publicKeyPem"},
		{"RSA, JSON-LD", keys.RSA[0].ID, linkedData, linkedData, "publicKeyPem"},
		{"RSA, anything", keys.RSA[0].ID, "*/*", jwk, "kty"},
		{"Ed25519, no wish", keys.Ed25519[0].ID, "", jwk, "crv"},
		{"Ed25519, JSON-LD", keys.Ed25519[0].ID, linkedData, jwk, "crv"},
		{"P-256, no wish", keys.P256[0].ID, "", jwk, "crv"},
		{"P-256, JSON-LD", keys.P256[0].ID, linkedData, jwk, "crv"},
	} {
		got := getAs(s, "/issuers/"+string(s.World.Issuer)+"/keys/"+row.id, row.accept)
		if got.Status != http.StatusOK || got.Header.Get("Content-Type") != row.want {
			t.Errorf("%s: %d %s", row.name, got.Status, got.Header.Get("Content-Type"))
			continue
		}
		if decode(t, got)[row.has] == nil {
			t.Errorf("%s has no %s: %s", row.name, row.has, got.Body)
		}
	}
	for _, accept := range []string{"", linkedData, "application/json"} {
		if got := getAs(s, "/issuers/"+string(s.World.Issuer)+"/keys/"+strings.Repeat("A", 43), accept); got.Status != http.StatusNotFound {
			t.Errorf("an unknown key for %q: %d", accept, got.Status)
		}
	}
}

// TestRuleSchema checks that the schema may be cached for a day.
func TestRuleSchema(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	got := s.Anybody().Get("/schemas/rule.json")
	if got.Status != http.StatusOK || got.Header.Get("Content-Type") != "application/schema+json" || got.Header.Get("Cache-Control") != "public, max-age=86400" {
		t.Errorf("%d %v", got.Status, got.Header)
	}
	if decode(t, got)["$schema"] == nil {
		t.Errorf("not a schema: %s", got.Body)
	}
}
