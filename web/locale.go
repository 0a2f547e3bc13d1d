package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/insigne-badges/insigne/templates"
)

// languageCookie remembers what a visitor chose on the public pages.
const languageCookie = "insigne-language"

// locale picks the language of an answer: what the visitor asked for, else the
// LMS session's, else the browser's.
func (s *Server) locale(r *http.Request, who *Session) templates.Locale {
	var wanted []string
	if lang := r.URL.Query().Get("lang"); lang != "" {
		wanted = append(wanted, lang)
	}
	if who != nil && who.Language != "" {
		wanted = append(wanted, who.Language)
	}
	if c, err := r.Cookie(languageCookie); err == nil {
		wanted = append(wanted, c.Value)
	}
	wanted = append(wanted, r.Header.Get("Accept-Language"))
	return s.Templates.Locale(wanted...)
}

// rememberLanguage keeps a choice made with ?lang= for the next page.
func rememberLanguage(w http.ResponseWriter, r *http.Request, locale templates.Locale) {
	if r.URL.Query().Get("lang") == "" {
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: languageCookie, Value: locale.Lang(), Path: "/", MaxAge: 365 * 24 * 60 * 60,
		Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// wantsJSON reports whether a machine asks: by Accept, preferring JSON to HTML.
func wantsJSON(r *http.Request) bool {
	accept := r.Header.Get("Accept")
	json := strings.Index(accept, "json")
	html := strings.Index(accept, "text/html")
	return json >= 0 && (html < 0 || json < html)
}

type requestInfoKey struct{}

// requestInfo travels with a request for the log.
type requestInfo struct {
	id    string
	route string // the pattern that matched, never the path: paths hold secrets
}

func withRequestInfo(ctx context.Context, info *requestInfo) context.Context {
	return context.WithValue(ctx, requestInfoKey{}, info)
}

func requestInfoOf(ctx context.Context) *requestInfo {
	if info, ok := ctx.Value(requestInfoKey{}).(*requestInfo); ok {
		return info
	}
	return &requestInfo{}
}
