package campus

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Faults are faults that the campus shows on purpose. The zero value has none.
type Faults struct {
	TokenRevoked      bool
	WithoutFunction   []string // functions removed from the service
	WithoutCapability []string // capabilities that the service user lacks, for example "mod/quiz:view" or "moodle/site:sendmessage"

	OutsideAudience   bool  // the service user is not in the audience of the custom reports
	ReportsUnfiltered bool  // the custom reports have no filters: values for them are ignored without a warning
	CourselessReport  int64 // the id of a custom report without the filter on the course; 0: none
	SeparateGroups    bool  // courses have separate groups: the service user is in none and sees nobody without "moodle/site:accessallgroups"

	Maintenance     bool // switched on from the command line: every Moodle address answers 503 and HTML
	SiteMaintenance bool // switched on in the browser: web services answer sitemaintenance

	HTML        bool          // web services answer with a login page
	ServerError bool          // web services answer 500 without a body
	Delay       time.Duration // before each web-service answer

	// Faults of single calls, in web services and in the services of LTI. After
	// SetFaults with the same Seed, the same calls fail in the same way.
	Seed        uint64
	Hangs       Rate          // no answer until the client gives up
	Busy        Rate          // 503 with Retry-After
	RetryAfter  time.Duration // in answers with Busy and Maintenance, in whole seconds; 0: one second, five minutes
	CutShort    Rate          // the answer ends in the middle of its JSON, with status 200
	OtherCourse Rate          // an answer about a course is about another course, its people and their results
	RosterSlips Rate          // a later page of the roster begins one row too late: one person is on no page, and another may be on two
	GradesMove  Rate          // after a learner's grades were read, one activity gets one point more

	MailDown    bool // the mail server answers 421 to everybody
	MailRefused bool // the mail server refuses every recipient permanently
}

// SetFaults replaces the faults, and starts counts and chances again.
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

// can reports whether the service user has a capability. The caller must hold the lock.
func (c *Campus) can(capability string) bool {
	return !slices.Contains(c.faults.WithoutCapability, capability)
}

// inMaintenance answers every Moodle address during maintenance.
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

// answerFaults answers for the web services if a fault affects all of them.
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

// writeHTML sends the bare HTML page that a tool gets in place of data.
func writeHTML(w http.ResponseWriter, status int, title string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = strings.NewReader("<!DOCTYPE html><html><head><title>" + title + "</title></head><body></body></html>").WriteTo(w) // the client may have gone
}
