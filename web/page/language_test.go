package page_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/insigne-badges/insigne/web/page"
)

// TestLocale checks the order: the choice in the address, the session's language, an
// earlier choice, the browser's language.
func TestLocale(t *testing.T) {
	h := newSite(t, "k")
	french, english := &page.Session{Language: "fr"}, &page.Session{Language: "en"}
	for _, tt := range []struct {
		name            string
		query, language string // language is the browser's
		cookie          string
		who             *page.Session
		want            string
	}{
		{"nothing", "", "", "", nil, "en"},
		{"the browser", "", "fr-CH, de;q=0.8", "", nil, "fr"},
		{"a browser that speaks neither", "", "de, nl", "", nil, "en"},
		{"a choice of before", "", "en", "fr", nil, "fr"},
		{"the session before a choice of before", "", "en", "en", french, "fr"},
		{"a session without a language", "", "fr", "", &page.Session{}, "fr"},
		{"the choice before the session", "?lang=en", "fr", "fr", french, "en"},
		{"the choice before all", "?lang=fr", "en", "en", english, "fr"},
		{"a choice that nobody speaks", "?lang=ja", "fr", "", nil, "fr"},
		{"a choice that is no language", "?lang=%3Cb%3E", "fr", "", nil, "fr"},
	} {
		r := get("/" + tt.query)
		r.Header.Set("Accept-Language", tt.language)
		if tt.cookie != "" {
			r.AddCookie(&http.Cookie{Name: page.LanguageCookie, Value: tt.cookie})
		}
		if got := h.gates.Locale(r, tt.who).Lang(); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// TestRememberLanguage checks that only a choice of a language that we have is kept.
func TestRememberLanguage(t *testing.T) {
	h := newSite(t, "k")
	for query, want := range map[string]string{
		"": "", "?lang=fr": "fr", "?lang=fr_ca": "fr", "?lang=en": "en", "?lang=%3Cscript%3E": "en",
	} {
		r, w := get("/"+query), httptest.NewRecorder()
		page.RememberLanguage(w, r, h.gates.Locale(r, nil))
		cookies := w.Result().Cookies()
		if want == "" {
			if len(cookies) > 0 {
				t.Errorf("%q is remembered as %v", query, cookies)
			}
			continue
		}
		if len(cookies) != 1 || cookies[0].Name != page.LanguageCookie || cookies[0].Value != want || !cookies[0].Secure || !cookies[0].HttpOnly {
			t.Errorf("%q is remembered as %v, want %s", query, cookies, want)
		}
	}
}
