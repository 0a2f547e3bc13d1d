package page

import (
	"net/http"

	"github.com/insigne-badges/insigne/templates"
)

// LanguageCookie names the cookie with the language that a visitor chose on a public
// page.
const LanguageCookie = "insigne-language"

// Locale returns the language for an answer: the one in ?lang=, else the session's,
// else the one in LanguageCookie, else the browser's.
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

// RememberLanguage keeps the language of ?lang= in LanguageCookie for the next pages.
func RememberLanguage(w http.ResponseWriter, r *http.Request, locale templates.Locale) {
	if r.URL.Query().Get("lang") == "" {
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: LanguageCookie, Value: locale.Lang(), Path: "/", MaxAge: 365 * 24 * 60 * 60,
		Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}
