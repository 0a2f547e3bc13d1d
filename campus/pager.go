package campus

import (
	"net/http"
	"strconv"
)

// rowsPerPage is how many people or mails one page of the site shows.
const rowsPerPage = 100

// pager divides a long list into pages, numbered from 1.
type pager struct {
	Page, Last int
	Back, On   string // queries of the previous and the next page; empty: none
}

// newPager reads the requested page number. If there is no such page, it chooses the
// last one.
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

// from returns the index in the list at which the page begins.
func (p pager) from() int { return (p.Page - 1) * rowsPerPage }
