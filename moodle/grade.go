package moodle

import (
	"encoding/json"
	"time"
)

// Grades are gradebooks by user. A user without one is absent: suspended, not a
// learner, or not readable.
type Grades map[UserID]Gradebook

// Gradebook is what one learner was given in a course. An activity that is
// absent has no grade item or could not be read: where the token's user may not
// view its type, Moodle leaves it out silently.
type Gradebook struct {
	Activities map[ActivityID]Grade
	Total      Grade // of the course; Max is 0 when Moodle did not tell it
}

// Grade is one grade in its own range, which for the course total may differ
// from learner to learner.
type Grade struct {
	Given      bool // false: no grade yet, and Raw means nothing; but see Certain
	Raw        float64
	Min, Max   float64
	At         time.Time // when it was given; zero when unknown
	Hidden     bool      // from the learner; if not Given, there may be one all the same
	Stale      bool      // Moodle has yet to compute it anew
	Scale      bool      // the numbers are places on a scale of words, the first of which is 1
	Overridden bool      // a teacher set it in the gradebook, whatever the activity says
}

// Known reports whether the grade, or that there is none, is certain: not Given
// but Known is "no grade", neither is "unknown".
func (g Grade) Certain() bool { return !g.Stale && (g.Given || !g.Hidden) && g.Max > g.Min }

// gradeItem is one column of the gradebook, for one learner.
type gradeItem struct {
	Type     string          `json:"itemtype"`
	Number   int             `json:"itemnumber"`
	CMID     int64           `json:"cmid"`
	ScaleID  int64           `json:"scaleid"`
	Raw      json.RawMessage `json:"graderaw"` // null: no grade; absent: may not be seen
	Min      float64         `json:"grademin"`
	Max      float64         `json:"grademax"`
	GradedAt int64           `json:"gradedategraded"`
	Hidden   flag            `json:"gradeishidden"`
	Later    flag            `json:"gradehiddenbydate"`
	Stale    flag            `json:"gradeneedsupdate"`
	Override flag            `json:"gradeisoverridden"`
}

func (i gradeItem) grade() (Grade, error) {
	g := Grade{
		Min: i.Min, Max: i.Max, At: at(i.GradedAt),
		Hidden: bool(i.Hidden || i.Later || i.Raw == nil), Stale: bool(i.Stale), Scale: i.ScaleID > 0,
		Overridden: bool(i.Override),
	}
	if i.Raw == nil || string(i.Raw) == "null" {
		return g, nil
	}
	g.Given = true
	return g, json.Unmarshal(i.Raw, &g.Raw)
}
