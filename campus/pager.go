package campus

import (
	"net/http"
	"strconv"
)

// rowsPerPage is how many people or mails a page of the site shows.
const rowsPerPage = 100

// pager leads through a long list. Pages count from 1.
type pager struct {
	Page, Last int
	Back, On   string // queries of the pages before and after; empty: none
}

// newPager reads which page is asked for; one that there is not becomes the
// last.
func newPager(r *http.Request, rows int) pager {
	last := max((rows+rowsPerPage-1)/rowsPerPage, 1)
	p := pager{Page: min(max(number(r, "page"), 1), last), Last: last}
	query := func(page int) string {
		q := r.URL.Query()
		q.Set("page", strconv.Itoa(page))
		return "?" + q.Encode()
	}
	if p.Page > 1 {
		p.Back = query(p.Page - 1)
	}
	if p.Page < last {
		p.On = query(p.Page + 1)
	}
	return p
}

// from is where the page begins in the list.
func (p pager) from() int { return (p.Page - 1) * rowsPerPage }
