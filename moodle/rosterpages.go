package moodle

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"slices"
	"strconv"
)

const (
	rosterPage  = 500 // participants asked for at a time
	rosterPages = 500 // of one course; with more something is wrong
	stepBack    = 50  // rows to go back, at first, for a page that joins
)

// rosterWalk reads all pages of a roster, by id.
//
// Moodle counts pages in rows, so somebody who leaves the course while it is
// read pulls everyone after them one row up: read from row 500, a page would
// begin with the 502nd person, and the 501st would be lost without a trace.
// Moodle also takes out users that may not be seen after it cut the page, so a
// short page is no sign of the end, and rows cannot be counted.
//
// But pages are sorted by id. A page without a gap to what was read must begin
// at or before the last person known. So each page is asked for from the row of
// the last one known, counting those seen; where others are hidden that is an
// earlier row, which costs nothing but reading some again. A page that begins
// later shows that rows moved: the reading goes back until the pages join. Who
// joins the course behind the reader's back is found by Roster.
//
// A page that brings nobody new is the last, unless hidden users fill it. Beyond
// them the reading looks once; that page cannot join, so it counts if the one
// before it, read again, shows that no row has moved. One limit is left: after a
// whole page of hidden users in a row nobody is looked for. Where so many are
// hidden the token's user lacks moodle/user:viewdetails, as Check says.
type rosterWalk struct {
	seen map[int64]bool
	all  []enrolledUser
	last int64 // highest id seen

	from int // row where the next page begins
	back int // how far to go back if it does not join

	handle  func(page []enrolledUser) (end bool) // what to make of the next page
	offset  int                                  // rows to add to from for it
	stalled []enrolledUser                       // the page that brought nobody new
	beyond  []enrolledUser                       // the page beyond it
}

func newRosterWalk() *rosterWalk {
	w := &rosterWalk{seen: map[int64]bool{}, back: stepBack}
	w.handle = w.step
	return w
}

// take learns the page at row from+leap and tells whether it was the last one.
// Err is that of a page that Moodle would not send.
func (w *rosterWalk) take(page []enrolledUser) (end bool, err error) {
	for i, u := range page {
		if u.ID <= 0 || i > 0 && u.ID < page[i-1].ID {
			return false, errors.New("the participants are not in the order of their ids")
		}
	}
	return w.handle(page), nil
}

// step learns a page that is to join what was read.
func (w *rosterWalk) step(page []enrolledUser) (end bool) {
	if joins := w.from == 0 || len(page) > 0 && page[0].ID <= w.last; !joins {
		w.from, w.back = max(0, w.from-w.back), 2*w.back
		return false
	}
	w.back = stepBack
	found := w.keep(page)
	switch {
	case found || len(page) > 1 && page[len(page)-1].ID < w.last:
		w.from += max(0, len(page)-1)
		return false
	case len(page) > 1: // more than the last one, from their row on: some are hidden
		w.stalled, w.offset, w.handle = page, rosterPage-stepBack, w.look
		return false
	}
	return true
}

// look learns the page beyond hidden users.
func (w *rosterWalk) look(page []enrolledUser) (end bool) {
	if !slices.ContainsFunc(page, func(u enrolledUser) bool { return !w.seen[u.ID] }) {
		return true
	}
	w.beyond, w.offset, w.handle = page, 0, w.confirm
	return false
}

// confirm learns the stalled page anew. If it is still the same, the page beyond
// follows it; if not, rows moved and it is read like any other.
func (w *rosterWalk) confirm(page []enrolledUser) (end bool) {
	w.handle = w.step
	same := slices.EqualFunc(page, w.stalled, func(a, b enrolledUser) bool { return a.ID == b.ID })
	if !same {
		return w.step(page)
	}
	w.keep(w.beyond)
	w.from += rosterPage - stepBack + len(w.beyond) - 1
	return false
}

// keep adds who is new and reports whether anyone was.
func (w *rosterWalk) keep(page []enrolledUser) (found bool) {
	for _, u := range page {
		if w.seen[u.ID] {
			continue
		}
		found, w.seen[u.ID], w.last = true, true, max(w.last, u.ID)
		w.all = append(w.all, u)
	}
	return found
}

// enrolled reads the whole roster, or the active participants only.
func (c *Client) enrolled(ctx context.Context, course CourseID, fields string, onlyActive bool) ([]enrolledUser, error) {
	walk := newRosterWalk()
	for range rosterPages {
		page, err := c.enrolledPage(ctx, course, fields, onlyActive, walk.from+walk.offset, rosterPage)
		if err != nil {
			return nil, err
		}
		end, err := walk.take(page)
		if err != nil {
			return nil, &Error{Function: fnEnrolledUsers, Reason: Unexpected, Err: err}
		}
		if end {
			slices.SortFunc(walk.all, func(a, b enrolledUser) int { return cmp.Compare(a.ID, b.ID) })
			return walk.all, nil
		}
	}
	return nil, &Error{Function: fnEnrolledUsers, Reason: TooLarge, Err: errors.New("the roster does not end")}
}

func (c *Client) enrolledPage(ctx context.Context, course CourseID, fields string, onlyActive bool, from, limit int) ([]enrolledUser, error) {
	n, err := number(course)
	if err != nil {
		return nil, err
	}
	form := url.Values{"courseid": {decimal(n)}}
	option := func(i int, name, value string) {
		at := "options[" + strconv.Itoa(i) + "]"
		form.Set(at+"[name]", name)
		form.Set(at+"[value]", value)
	}
	option(0, "userfields", fields)
	option(1, "limitfrom", strconv.Itoa(from))
	option(2, "limitnumber", strconv.Itoa(limit))
	option(3, "sortby", "id")
	if onlyActive {
		option(4, "onlyactive", "1")
	}
	var page []enrolledUser
	err = c.stream(ctx, request{function: fnEnrolledUsers, form: form}, func(r io.Reader) (err error) {
		page, err = readUsers(r)
		return err
	})
	return page, err
}

// readUsers reads one user after the other: a site may send whole profiles in
// spite of the fields asked for.
func readUsers(r io.Reader) ([]enrolledUser, error) {
	dec := newDecoder(r)
	start, err := next(dec)
	if err != nil {
		return nil, err
	}
	switch start {
	case json.Delim('['):
	case json.Delim('{'):
		return nil, readException(dec)
	default:
		return nil, errMissing("list of participants")
	}
	page := []enrolledUser{}
	err = readElements(dec, func() error {
		var u enrolledUser
		if err := dec.Decode(&u); err != nil {
			return err
		}
		page = append(page, u)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return page, atEnd(dec)
}

// readException reads the rest of an object where a list was expected.
func readException(dec *json.Decoder) error {
	var x exception
	err := readMembers(dec, func(key string) error {
		if own, err := x.member(dec, key); own {
			return err
		}
		return skip(dec)
	})
	switch {
	case err != nil:
		return err
	case x.is():
		return exceptionError(x)
	}
	return errMissing("list")
}
