package campus

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Faults is what goes wrong on purpose. The zero value is a healthy campus.
type Faults struct {
	TokenRevoked      bool
	WithoutFunction   []string // functions taken out of the service
	WithoutCapability []string // taken from the service user, such as "mod/quiz:view" or "moodle/site:sendmessage"

	OutsideAudience   bool  // the service user is not in the audience of the custom reports
	ReportsUnfiltered bool  // the custom reports have no filters: values set for them are ignored without a word
	CourselessReport  int64 // the custom report that has no filter on the course; 0: all have it
	SeparateGroups    bool  // courses have separate groups: without "moodle/site:accessallgroups" the service user, who is in none, sees nobody

	Maintenance     bool // switched on from the command line: every Moodle address answers 503 and HTML
	SiteMaintenance bool // switched on in the browser: web services answer sitemaintenance

	HTML        bool          // web services answer a log-in page
	ServerError bool          // web services answer 500 and nothing else
	Delay       time.Duration // before each web-service answer

	// What comes and goes, with web services and the services of LTI: the same
	// calls after SetFaults with the same Seed go wrong in the same way.
	Seed        uint64
	Hangs       Rate          // no answer until the client gives up
	Busy        Rate          // 503 with Retry-After
	RetryAfter  time.Duration // that Busy and Maintenance ask for, in whole seconds; 0: one second, five minutes
	CutShort    Rate          // the answer ends in the middle of its JSON, with status 200
	OtherCourse Rate          // what names a course is answered with somebody else's course, its people and their results
	RosterSlips Rate          // a page of the roster after the first begins one late: somebody is on no page, perhaps another on two
	GradesMove  Rate          // of the learners whose grades are read: one more point in one activity, right after they were read

	MailDown    bool // the mail server answers 421 to everybody
	MailRefused bool // the mail server refuses every recipient for good
}

// SetFaults replaces what goes wrong, and begins to count and to throw the dice
// anew.
func (c *Campus) SetFaults(f Faults) {
	f.WithoutFunction, f.WithoutCapability = slices.Clone(f.WithoutFunction), slices.Clone(f.WithoutCapability)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults, c.dice = f, newDice(f.Seed)
}

func (c *Campus) faultsNow() Faults {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.faults
}

// can reports whether the service user has a capability; the caller holds the
// lock.
func (c *Campus) can(capability string) bool {
	return !slices.Contains(c.faults.WithoutCapability, capability)
}

// inMaintenance answers for every Moodle address during an upgrade.
func (c *Campus) inMaintenance(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !c.faultsNow().Maintenance {
			next.ServeHTTP(w, r)
			return
		}
		after := cmp.Or(c.faultsNow().RetryAfter, 5*time.Minute) // as recorded
		w.Header().Set("Retry-After", strconv.Itoa(int(after.Seconds())))
		writeHTML(w, http.StatusServiceUnavailable, "Campus under maintenance")
	})
}

// broken answers for the web services when something stands in their way.
func (c *Campus) answerFaults(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f := c.faultsNow()
		select {
		case <-time.After(f.Delay):
		case <-r.Context().Done():
			return
		}
		switch {
		case f.ServerError:
			w.WriteHeader(http.StatusInternalServerError)
		case f.HTML:
			writeHTML(w, http.StatusOK, "Log in to the site")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// writeHTML answers the bare page that a tool sees where it expected data.
func writeHTML(w http.ResponseWriter, status int, title string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = strings.NewReader("<!DOCTYPE html><html><head><title>" + title + "</title></head><body></body></html>").WriteTo(w) // a reader that has gone needs no answer
}
