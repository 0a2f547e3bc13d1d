package moodle

import (
	"context"
	"net/url"
)

// Activity is an activity or resource of a course that the token's user may see.
type Activity struct {
	ID       ActivityID
	Name     string  // plain text
	Module   string  // type, such as "quiz" or "assign"
	Section  string  // the section of the course page that contains it
	Tracked  bool    // has completion tracking
	Visible  bool    // false when hidden from learners
	Grading  Grading // whether it has a grade
	MaxGrade float64 // highest grade; 0 unless Grading is Graded
}

// Grading says whether an activity has a grade.
type Grading uint8

// The values of Grading. Moodle shows the gradebook of single learners only. The
// grading is therefore unknown in a course without learners, and for a type of activity
// that the token's user may not view.
const (
	GradingUnknown Grading = iota
	Ungraded
	Graded
)

type section struct {
	Name    string `json:"name"`
	Modules []struct {
		ID         int64  `json:"id"`
		Name       string `json:"name"`
		ModName    string `json:"modname"`
		Visible    flag   `json:"visible"`
		Completion int    `json:"completion"` // 0 none, 1 by hand, 2 by conditions
	} `json:"modules"`
}

// Activities lists the course's activities in the order of the course page.
func (c *Client) Activities(ctx context.Context, course CourseID) ([]Activity, error) {
	list, err := c.contents(ctx, course)
	if err != nil {
		return nil, err
	}
	book, found, err := c.sampleGradebook(ctx, course)
	if err != nil {
		return nil, err
	}
	if !found {
		return list, nil
	}
	for i := range list {
		list[i].gradeFrom(book)
	}
	return list, nil
}

// gradeFrom sets Grading and MaxGrade from the gradebook of one learner.
func (a *Activity) gradeFrom(book Gradebook) {
	a.Grading = Ungraded
	if g, ok := book.Activities[a.ID]; ok {
		a.Grading, a.MaxGrade = Graded, g.Max
	}
}

func (c *Client) contents(ctx context.Context, course CourseID) ([]Activity, error) {
	n, err := number(course)
	if err != nil {
		return nil, err
	}
	var sections []section
	form := url.Values{"courseid": {decimal(n)}}
	if err := c.call(ctx, request{function: fnCourseContents, form: form}, &sections); err != nil {
		return nil, err
	}
	list := []Activity{}
	for _, s := range sections {
		for _, m := range s.Modules {
			list = append(list, Activity{
				ID: id[ActivityID](m.ID), Name: plain(m.Name), Module: m.ModName, Section: plain(s.Name),
				Tracked: m.Completion != 0, Visible: bool(m.Visible),
			})
		}
	}
	return list, nil
}

// samples is how many participants are tried to find a gradebook: teachers have none.
const samples = 10

// sampleGradebook returns the gradebook of one learner; false if nobody has one. It
// does not ask for those of all learners: for 500 of them Moodle needs ten seconds.
func (c *Client) sampleGradebook(ctx context.Context, course CourseID) (Gradebook, bool, error) {
	page, err := c.enrolledPage(ctx, course, "id,roles", false, 0, rosterPage)
	if err != nil {
		return Gradebook{}, false, err
	}
	users := learnersFirst(page)
	for _, u := range users[:min(samples, len(users))] {
		user := id[UserID](u.ID)
		grades, err := c.GradesOf(ctx, course, user)
		if e := asError(err); e != nil && e.ofLearner() {
			continue
		}
		if err != nil {
			return Gradebook{}, false, err
		}
		if book, ok := grades[user]; ok {
			return book, true, nil
		}
	}
	return Gradebook{}, false, nil
}

// learnersFirst returns the users with the likely learners at the front.
func learnersFirst(users []enrolledUser) []enrolledUser {
	var learners, others []enrolledUser
	for _, u := range users {
		if u.isStudent() {
			learners = append(learners, u)
			continue
		}
		others = append(others, u)
	}
	return append(learners, others...)
}
