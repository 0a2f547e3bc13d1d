package moodle

import (
	"context"
	"encoding/json"
	"io"
	"net/url"
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
	Given    bool // false: no grade yet, and Raw means nothing
	Raw      float64
	Min, Max float64
	At       time.Time // when it was given; zero when unknown
	Hidden   bool      // from the learner; if not Given, there may be one all the same
	Stale    bool      // Moodle has yet to compute it anew
	Scale    bool      // the numbers are places on a scale of words
}

// Known reports whether the grade, or that there is none, is certain.
func (g Grade) Known() bool { return !g.Stale && (g.Given || !g.Hidden) && g.Max > g.Min }

// Grades reads the gradebooks of all learners of the course. Moodle needs some
// seconds for hundreds of them.
func (c *Client) Grades(ctx context.Context, course CourseID) (Grades, error) {
	return c.grades(ctx, course, 0)
}

// GradesOf reads the gradebook of one learner.
func (c *Client) GradesOf(ctx context.Context, course CourseID, user UserID) (Grades, error) {
	n, err := number(user)
	if err != nil {
		return nil, err
	}
	return c.grades(ctx, course, n)
}

func (c *Client) grades(ctx context.Context, course CourseID, user int64) (Grades, error) {
	n, err := number(course)
	if err != nil {
		return nil, err
	}
	var grades Grades
	form := url.Values{"courseid": {decimal(n)}, "userid": {decimal(user)}}
	err = c.stream(ctx, request{function: fnGradeItems, form: form}, func(r io.Reader) error {
		grades = Grades{} // anew, when the call is repeated
		return readGrades(r, grades)
	})
	if err != nil {
		return nil, err
	}
	return grades, nil
}

type userGrades struct {
	UserID int64       `json:"userid"`
	Items  []gradeItem `json:"gradeitems"`
}

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
}

func (u userGrades) book() (Gradebook, error) {
	book := Gradebook{Activities: map[ActivityID]Grade{}}
	numbers := map[ActivityID]int{}
	for _, item := range u.Items {
		grade, err := item.grade()
		if err != nil {
			return Gradebook{}, err
		}
		cmid := id[ActivityID](item.CMID)
		switch {
		case item.Type == "course":
			book.Total = grade
		case item.CMID > 0:
			// A workshop or a forum has several items; the first is the activity's own.
			if n, taken := numbers[cmid]; !taken || item.Number < n {
				book.Activities[cmid], numbers[cmid] = grade, item.Number
			}
		}
	}
	return book, nil
}

func (i gradeItem) grade() (Grade, error) {
	g := Grade{
		Min: i.Min, Max: i.Max, At: at(i.GradedAt),
		Hidden: bool(i.Hidden || i.Later || i.Raw == nil), Stale: bool(i.Stale), Scale: i.ScaleID > 0,
	}
	if i.Raw == nil || string(i.Raw) == "null" {
		return g, nil
	}
	g.Given = true
	return g, json.Unmarshal(i.Raw, &g.Raw)
}
