package campus

import (
	"cmp"
	"fmt"
	"net/http"
)

// review is the address at which a tool shows the work behind a score (LTI Submission
// Review 1.0).
type review struct {
	URL    string            `json:"url,omitempty"` // empty: that of the activity
	Custom map[string]string `json:"custom,omitempty"`
}

// reviewOf changes an activity's launch into a review of a learner's score. It refuses
// users who are not teachers and activities whose line item did not ask for reviews.
func (c *Campus) reviewOf(l launch, learner int64) (launch, string) {
	if p, _ := c.school.person(l.user); p.Role == Student {
		return launch{}, "nopermissions"
	}
	item := c.coupledItem(l.course, l.tool, l.activity)
	p, ok := c.school.person(learner)
	if item == nil || item.review == nil || !ok || p.Role != Student {
		return launch{}, "invalidrequest"
	}
	l.message, l.reviewed = reviewLaunch, learner
	l.target, l.custom = cmp.Or(item.review.URL, l.target), item.review.Custom
	return l, ""
}

// gradePage serves the link from a learner's score in the gradebook.
func (c *Campus) gradePage(w http.ResponseWriter, r *http.Request) {
	learner := id(r, "userid")
	c.showActivity(w, r, fmt.Sprintf("&action=gradeReport&user=%d", learner))
}
