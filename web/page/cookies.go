package page

import (
	"cmp"
	"net/http"
	"regexp"
	"slices"
)

// Browsers send the sessions of all courses along with every request. Proxies
// commonly refuse headers above 8 KiB, and Chromium keeps 10 KiB of partitioned
// cookies for a site (CHIPS), so that whoever opens course after course would be
// locked out. The newest sessions stay: with the fresh one about six courses,
// beside each other in as many tabs.

// maxOldSessions is how many bytes of a Cookie header other courses' sessions
// may take.
const maxOldSessions = 4 << 10

// frameCookieName tells sessions of courses from our other cookies.
var frameCookieName = regexp.MustCompile(`^` + frameCookie + `[0-9a-f]{32}$`)

// oldSession is a session of another course that the browser sent.
type oldSession struct {
	name  string
	size  int   // in the header
	began int64 // 0 where it cannot be read, and so is of no use
}

// endOldest ends the oldest sessions that would not fit beside a fresh one.
func (st *Sessions) endOldest(w http.ResponseWriter, r *http.Request, fresh string) {
	size := 0
	for _, old := range st.oldSessions(r, fresh) {
		if size += old.size; size > maxOldSessions {
			http.SetCookie(w, &http.Cookie{ //nolint:gosec // as the cookie that it ends
				Name: old.name, Path: "/", MaxAge: -1, Secure: true, HttpOnly: true, SameSite: http.SameSiteNoneMode, Partitioned: true,
			})
		}
	}
}

// oldSessions lists the sessions but the fresh one's predecessor, the newest
// first.
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
