package moodle

import (
	"encoding/json"
	"fmt"
	"io"
)

// gradeReader reads the gradebooks of an answer one after the other. The answer for a
// large course has tens of megabytes; about a hundredth of it is needed.
type gradeReader struct {
	dec    *json.Decoder
	course int64
	user   int64          // the requested learner; 0 for all
	wanted map[int64]bool // course modules to keep; nil for all
	each   func(user int64, book Gradebook) error
}

func (g *gradeReader) read(r io.Reader) error {
	g.dec = newDecoder(r)
	var x exception
	found := false
	err := readObject(g.dec, func(key string) error {
		if key == "usergrades" {
			found = true
			return readArray(g.dec, g.learner)
		}
		if own, err := x.member(g.dec, key); own {
			return err
		}
		return skip(g.dec)
	})
	switch {
	case err != nil:
		return err
	case x.is():
		return exceptionError(x)
	case !found:
		return errMissing("usergrades")
	}
	return atEnd(g.dec)
}

// learner reads one learner and passes the gradebook on.
func (g *gradeReader) learner() error {
	var about struct{ user, course int64 }
	var book *gradebookBuilder
	err := readObject(g.dec, func(key string) error {
		switch key {
		case "userid":
			return g.dec.Decode(&about.user)
		case "courseid":
			return g.dec.Decode(&about.course)
		case "gradeitems":
			book = newGradebookBuilder(g.wanted)
			return readArray(g.dec, func() error { return book.read(g.dec) })
		}
		return skip(g.dec)
	})
	if err != nil {
		return err
	}
	if about.user <= 0 || book == nil {
		return errMissing("userid or gradeitems")
	}
	if err := g.check(about.course, about.user); err != nil {
		return err
	}
	if err := g.each(about.user, book.Gradebook); err != nil {
		return callerError{err}
	}
	return nil
}

// check returns an error if the grades are of another course or another learner than
// requested: a proxy that mixes up answers must not give anyone a badge.
func (g *gradeReader) check(course, user int64) error {
	switch {
	case course != 0 && course != g.course:
		return wrongCourse(course, g.course)
	case g.user != 0 && user != g.user:
		return &Error{Reason: WrongUser, Err: fmt.Errorf("user %d instead of %d", user, g.user)}
	}
	return nil
}

// wrongCourse returns the error for an answer that names another course.
func wrongCourse(got, want int64) error {
	return &Error{Reason: WrongCourse, Err: fmt.Errorf("course %d instead of %d", got, want)}
}

// gradebookBuilder builds a gradebook from grade items while they arrive.
type gradebookBuilder struct {
	Gradebook
	wanted  map[int64]bool
	numbers map[int64]int // item number of the grade in use, by activity
}

func newGradebookBuilder(wanted map[int64]bool) *gradebookBuilder {
	return &gradebookBuilder{
		Gradebook: Gradebook{Activities: map[ActivityID]Grade{}},
		wanted:    wanted, numbers: map[int64]int{},
	}
}

func (b *gradebookBuilder) read(dec *json.Decoder) error {
	var item gradeItem
	if err := dec.Decode(&item); err != nil {
		return err
	}
	total := item.Type == "course"
	if !total && (item.CMID <= 0 || b.wanted != nil && !b.wanted[item.CMID]) {
		return nil
	}
	grade, err := item.grade()
	if err != nil {
		return err
	}
	if total {
		b.Total = grade
		return nil
	}
	// A workshop or a forum has several grade items. The one with the lowest number is
	// the activity's own.
	if n, taken := b.numbers[item.CMID]; !taken || item.Number < n {
		b.Activities[id[ActivityID](item.CMID)], b.numbers[item.CMID] = grade, item.Number
	}
	return nil
}
