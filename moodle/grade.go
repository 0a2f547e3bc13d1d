package moodle

import (
	"encoding/json"
	"time"
)

// Grades are gradebooks by user. A user without a gradebook is absent: suspended, not a
// learner, or not readable.
type Grades map[UserID]Gradebook

// Gradebook contains one learner's grades in a course. An activity is absent if it has
// no grade item or could not be read: if the token's user may not view its type, Moodle
// leaves it out without a warning.
type Gradebook struct {
	Activities map[ActivityID]Grade
	Total      Grade // of the course; Max is 0 if Moodle did not send it
}

// Grade is one grade with its range. The range of the course total can differ between
// learners.
type Grade struct {
	Given      bool // false: no grade yet, and Raw has no meaning; see also Certain
	Raw        float64
	Min, Max   float64
	At         time.Time // when it was given; zero when unknown
	Hidden     bool      // hidden from the learner; if Given is false, there may still be a grade
	Stale      bool      // Moodle has not recomputed it yet
	Scale      bool      // the numbers are positions on a scale of words, beginning with 1
	Overridden bool      // a teacher set it in the gradebook, independently of the activity
}

// Certain reports whether g is reliable. If a certain grade is not Given, there is no
// grade; if an uncertain one is not Given, we cannot tell.
func (g Grade) Certain() bool { return !g.Stale && (g.Given || !g.Hidden) && g.Max > g.Min }

// gradeItem is one column of the gradebook, for one learner.
type gradeItem struct {
	Type     string          `json:"itemtype"`
	Number   int             `json:"itemnumber"`
	CMID     int64           `json:"cmid"`
	ScaleID  int64           `json:"scaleid"`
	Raw      json.RawMessage `json:"graderaw"` // null: no grade; absent: the token's user may not see it
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
