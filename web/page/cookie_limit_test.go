package page_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/web/page"
)

// jar has the cookies of a browser that opens many courses.
type jar []*http.Cookie

// keep stores the cookies of an answer, as a browser does.
func (j *jar) keep(set []*http.Cookie) {
	for _, c := range set {
		*j = slices.DeleteFunc(*j, func(old *http.Cookie) bool { return old.Name == c.Name })
		if c.MaxAge >= 0 {
			*j = append(*j, c)
		}
	}
}

func (j *jar) size() int {
	size := 0
	for _, c := range *j {
		size += len(c.Name) + len(c.Value) + len("=; ")
	}
	return size
}

func (j *jar) has(who page.Session) bool {
	return slices.ContainsFunc(*j, func(c *http.Cookie) bool { return c.Name == "__Host-insigne-"+who.Handle })
}

// TestOldSessionsEnd opens many courses in one browser. The newest sessions stay, in
// the order in which they began. Our other cookies stay too.
func TestOldSessionsEnd(t *testing.T) {
	h := newSite(t, "k")
	admin, _ := h.signIn(t)
	browser := jar{admin[0], {Name: page.LanguageCookie, Value: "fr"}, {Name: "other", Value: strings.Repeat("x", 6000)}}
	kept := browser.size()
	open := func(n int) page.Session {
		who, err := h.gates.Sessions.Begin(page.Session{
			Course: badges.CourseKey{Platform: "p", Context: badges.ContextID(fmt.Sprint(n))}, User: "6", FramedBy: lms, Began: int64(1000 + n),
			Title: strings.Repeat("Course ", 6),
		})
		if err != nil {
			t.Fatal(err)
		}
		browser.keep(h.start(t, who, browser...))
		return who
	}
	var opened []page.Session
	for n := range 20 {
		opened = append(opened, open(n))
	}
	left := 0
	for n, who := range opened {
		if browser.has(who) {
			left++
		} else if n > 0 && browser.has(opened[n-1]) {
			t.Errorf("session %d ended before an older one", n)
		}
	}
	if left < 4 || left == len(opened) || !browser.has(opened[len(opened)-1]) {
		t.Errorf("%d of %d sessions are left", left, len(opened))
	}
	if size := browser.size() - kept; size > 6<<10 {
		t.Errorf("the sessions have %d bytes", size)
	}
	if browser[0].Name != admin[0].Name || browser[1].Name != page.LanguageCookie || browser[2].Name != "other" {
		t.Errorf("other cookies: %v", browser[:3])
	}
	before := len(browser)
	if open(19); len(browser) != before {
		t.Errorf("opening a course again leaves %d cookies, want %d", len(browser), before)
	}
}

// TestUnreadableSessionsEndFirst checks that a cookie that we cannot read ends before
// good sessions.
func TestUnreadableSessionsEndFirst(t *testing.T) {
	h := newSite(t, "k")
	old, cookies := h.begin(t, page.Session{User: "6", Began: 1})
	fresh, err := h.gates.Sessions.Begin(page.Session{Course: course, User: "7", FramedBy: lms, Began: 2})
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		size int
		ends bool
	}{"a short one": {100, false}, "a long one": {5000, true}} {
		broken := &http.Cookie{Name: "__Host-insigne-" + strings.Repeat("0", 32), Value: strings.Repeat("x", tt.size)}
		browser := jar{broken, cookies[0]}
		browser.keep(h.start(t, fresh, browser...))
		if !browser.has(old) || !browser.has(fresh) || browser.has(page.Session{Handle: strings.Repeat("0", 32)}) == tt.ends {
			t.Errorf("%s: %v", name, browser)
		}
	}
}
