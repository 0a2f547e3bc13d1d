package page

import (
	"net/http"
	"strings"

	"github.com/insigne-badges/insigne/templates"
)

// LanguageCookie remembers what a visitor chose on the public pages.
const LanguageCookie = "insigne-language"

// Locale picks the language of an answer: what the visitor asked for, else the
// session's, else the browser's.
func (p *Renderer) Locale(r *http.Request, who *Session) templates.Locale {
	var wanted []string
	if lang := r.URL.Query().Get("lang"); lang != "" {
		wanted = append(wanted, lang)
	}
	if who != nil && who.Language != "" {
		wanted = append(wanted, who.Language)
	}
	if c, err := r.Cookie(LanguageCookie); err == nil {
		wanted = append(wanted, c.Value)
	}
	wanted = append(wanted, r.Header.Get("Accept-Language"))
	return p.Templates.Locale(wanted...)
}

// RememberLanguage keeps a choice made with ?lang= for the next page.
func RememberLanguage(w http.ResponseWriter, r *http.Request, locale templates.Locale) {
	if r.URL.Query().Get("lang") == "" {
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: LanguageCookie, Value: locale.Lang(), Path: "/", MaxAge: 365 * 24 * 60 * 60,
		Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// WantsJSON reports whether a machine asks: by Accept, preferring JSON to HTML.
func WantsJSON(r *http.Request) bool {
	accept := r.Header.Get("Accept")
	json := strings.Index(accept, "json")
	html := strings.Index(accept, "text/html")
	return json >= 0 && (html < 0 || json < html)
}
