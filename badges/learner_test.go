package badges_test

import (
	"testing"

	"github.com/insigne-badges/insigne/badges"
)

func TestLearnerOwns(t *testing.T) {
	course := badges.CourseKey{Platform: "p", Context: "2"}
	a := badges.Assertion{Course: course, User: "6", State: badges.Pending}
	withheld, elsewhere := a, a
	withheld.State, elsewhere.Course.Platform = badges.Withheld, "q"
	for name, tt := range map[string]struct {
		learner badges.Learner
		a       badges.Assertion
		want    bool
	}{
		"own":                      {badges.Learner{Course: course, User: "6"}, a, true},
		"own, in no course":        {badges.Learner{Course: badges.CourseKey{Platform: "p"}, User: "6"}, a, true},
		"of another course":        {badges.Learner{Course: badges.CourseKey{Platform: "p", Context: "3"}, User: "6"}, a, false},
		"of another learner":       {badges.Learner{Course: course, User: "7"}, a, false},
		"withheld":                 {badges.Learner{Course: course, User: "6"}, withheld, false},
		"same id, other platform":  {badges.Learner{Course: course, User: "6"}, elsewhere, false},
		"no course, other account": {badges.Learner{Course: badges.CourseKey{Platform: "p"}, User: "66"}, a, false},
	} {
		if got := tt.learner.Owns(tt.a); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
