package page

import (
	"cmp"
	"net/http"
	"regexp"
	"slices"
)

// With every request a browser sends the sessions of all courses. Many proxies refuse
// headers above 8 KiB, and Chromium keeps 10 KiB of partitioned cookies for a site
// (CHIPS). Without a limit, a person who opens many courses would be locked out. We
// keep the newest sessions: about six courses in six tabs, the new one included.

// maxOldSessions is how many bytes of the Cookie header the sessions of other courses
// may have.
const maxOldSessions = 4 << 10

// frameCookieName matches the names of the cookies that keep sessions of courses.
var frameCookieName = regexp.MustCompile(`^` + frameCookie + `[0-9a-f]{32}$`)

// oldSession is a session of another course that the browser sent.
type oldSession struct {
	name  string
	size  int   // of its part of the header
	began int64 // Session.Began; 0 if the session cannot be read and is useless
}

// endOldest ends the oldest sessions of other courses if there is no room beside the
// new one. fresh is the name of the new one's cookie.
func (st *Sessions) endOldest(w http.ResponseWriter, r *http.Request, fresh string) {
	size := 0
	for _, old := range st.oldSessions(r, fresh) {
		if size += old.size; size > maxOldSessions {
			http.SetCookie(w, &http.Cookie{ //nolint:gosec // the attributes of the cookie that it ends
				Name: old.name, Path: "/", MaxAge: -1, Secure: true, HttpOnly: true, SameSite: http.SameSiteNoneMode, Partitioned: true,
			})
		}
	}
}

// oldSessions lists the sessions of other courses, the newest first. fresh is the name
// of the new session's cookie.
func (st *Sessions) oldSessions(r *http.Request, fresh string) []oldSession {
	var list []oldSession
	for _, c := range r.Cookies() {
		if c.Name == fresh || !frameCookieName.MatchString(c.Name) {
			continue
		}
		old := oldSession{name: c.Name, size: len(c.Name) + len(c.Value) + len("=; ")}
		var who Session
		if readSession(st.frame, r, c.Name, &who) == nil {
			old.began = who.Began
		}
		list = append(list, old)
	}
	slices.SortStableFunc(list, func(a, b oldSession) int { return cmp.Compare(b.began, a.began) })
	return list
}
