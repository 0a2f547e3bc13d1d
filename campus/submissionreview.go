package campus

import (
	"cmp"
	"fmt"
	"net/http"
)

// review is where a tool shows what a learner's score is made of (LTI
// Submission Review 1.0).
type review struct {
	URL    string            `json:"url,omitempty"` // empty: the activity's
	Custom map[string]string `json:"custom,omitempty"`
}

// reviewOf turns an activity's launch into one that shows a learner's score.
// It is for teachers, and for activities whose line item asked for it.
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

// gradePage is where the gradebook leads from a learner's score.
func (c *Campus) gradePage(w http.ResponseWriter, r *http.Request) {
	learner := id(r, "userid")
	c.showActivity(w, r, fmt.Sprintf("&action=gradeReport&user=%d", learner))
}
