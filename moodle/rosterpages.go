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
	rosterPage  = 500 // participants per page
	rosterPages = 500 // one course does not have more
	stepBack    = 50  // rows to go back at first for a page that overlaps
)

// rosterWalk reads all pages of a roster, sorted by id.
//
// Moodle counts pages in rows. If a user leaves the course during the reading, all
// later users move up by one row: a page read from row 500 would begin with the 502nd
// user, and the 501st would be lost without a trace. Moodle also removes users that may
// not be seen after it has cut the page. A short page is therefore no sign of the end,
// and rows cannot be counted.
//
// Because pages are sorted by id, a page without a gap must begin at or before the last
// user that was read. Each page is requested from the row of that user, computed from
// the number of users read. If other users are hidden, that row is too low and some
// users are read again, which does no harm. If a page begins after the last user, rows
// moved: the reading goes back until the pages overlap. Roster finds users who join the
// course before the row that is being read.
//
// A page without new users is the last page, unless it is full of hidden users. The
// reading looks at one page beyond it. That page cannot overlap, so it counts only if
// the page before it is read again and is unchanged, which means that no row has moved.
// One limit remains: the reading ends at a whole page of hidden users. If so many users
// are hidden, the token's user lacks moodle/user:viewdetails, which Check reports.
type rosterWalk struct {
	seen map[int64]bool
	all  []enrolledUser
	last int64 // highest id read

	from int // row where the next page begins
	back int // rows to go back if the page does not overlap

	handle  func(page []enrolledUser) (end bool) // processes the next page
	offset  int                                  // rows to add to from for the next page
	stalled []enrolledUser                       // the page without new users
	beyond  []enrolledUser                       // the page after it
}

func newRosterWalk() *rosterWalk {
	w := &rosterWalk{seen: map[int64]bool{}, back: stepBack}
	w.handle = w.step
	return w
}

// take processes the page at row from+offset and reports whether it was the last one.
// It returns an error for a page that is not in Moodle's order.
func (w *rosterWalk) take(page []enrolledUser) (end bool, err error) {
	for i, u := range page {
		if u.ID <= 0 || i > 0 && u.ID < page[i-1].ID {
			return false, errors.New("the participants are not in the order of their ids")
		}
	}
	return w.handle(page), nil
}

// step processes a page that should overlap the users that were read.
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
	case len(page) > 1: // more than the last user, at that user's row: some users are hidden
		w.stalled, w.offset, w.handle = page, rosterPage-stepBack, w.look
		return false
	}
	return true
}

// look processes the page beyond hidden users.
func (w *rosterWalk) look(page []enrolledUser) (end bool) {
	if !slices.ContainsFunc(page, func(u enrolledUser) bool { return !w.seen[u.ID] }) {
		return true
	}
	w.beyond, w.offset, w.handle = page, 0, w.confirm
	return false
}

// confirm compares the stalled page, read again, with its first reading. If it is
// unchanged, the page beyond follows it. Otherwise rows moved, and the page is
// processed like any other.
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

// keep adds the new users of the page and reports whether there were any.
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

// enrolled reads the whole roster, or only the active participants.
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

// readUsers reads one user after the other: a site may send whole profiles although few
// fields were requested.
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
