package campus

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// listLineItems lists the line items of the tool.
func (c *Campus) listLineItems(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	list, items, err := c.toolItems(r)
	c.mu.Unlock()
	if err != nil {
		c.writeServiceError(w, r, err)
		return
	}
	if limit := number(r, "limit"); limit > 0 {
		w.Header().Set("Link", oddLinks(list, number(r, "from"), limit, len(items)))
		items = page(items, number(r, "from"), limit)
	}
	writeJSON(w, http.StatusOK, itemsType+charset, items)
}

// oddLinks returns the Link header as Moodle writes it: with typographic quotes, with
// "&amp;" in the addresses, and with a last page that is not the last.
func oddLinks(list string, from, limit, total int) string {
	link := func(rel string, from int) string {
		return fmt.Sprintf("<%s&amp;limit=%d&amp;from=%d>; rel=“%s”", list, limit, from, rel)
	}
	links := []string{link("first", 0), link("canonical", from)}
	if from > 0 {
		links = append(links, link("prev", max(from-limit, 0)))
	}
	if from+limit < total {
		links = append(links, link("next", from+limit))
	}
	return strings.Join(append(links, link("last", total-total%limit)), ", ")
}

// toolItems returns the line items of the tool and the address of their list.
func (c *Campus) toolItems(r *http.Request) (address string, items []object, err error) {
	if err := accepts(r, itemsType); err != nil {
		return "", nil, err
	}
	t, err := c.caller(r, scopeLineItem, scopeLineItemReadOnly)
	if err != nil {
		return "", nil, err
	}
	k, err := c.courseOf(r)
	if err != nil {
		return "", nil, err
	}
	items = []object{}
	for _, i := range c.items {
		if i.course == k && i.tool == t && i.matches(r.URL.Query()) {
			items = append(items, c.itemJSON(i))
		}
	}
	return c.lineItemsURL(k, t), items, nil
}

// matches applies the filters of a listing (LTI AGS 2.0, section 3.2.8).
func (i *lineItem) matches(q url.Values) bool {
	return (!q.Has("resource_link_id") || q.Get("resource_link_id") == i.linkID()) &&
		(!q.Has("resource_id") || q.Get("resource_id") == i.resourceID) &&
		(!q.Has("tag") || q.Get("tag") == i.tag)
}

// createLineItem adds a line item and answers with the request and the new id.
func (c *Campus) createLineItem(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	created, err := c.newLineItem(r)
	c.mu.Unlock()
	if err != nil {
		c.writeServiceError(w, r, err)
		return
	}
	writeJSON(w, http.StatusCreated, itemType+charset, created)
}

func (c *Campus) newLineItem(r *http.Request) (object, error) {
	if err := sends(r, itemType); err != nil {
		return nil, err
	}
	t, err := c.caller(r, scopeLineItem)
	if err != nil {
		return nil, err
	}
	k, err := c.courseOf(r)
	if err != nil {
		return nil, err
	}
	sent, echo, err := readLineItemBody(r)
	if err != nil {
		return nil, err
	}
	i := &lineItem{course: k, tool: t, label: sent.Label, max: sent.Max, resourceID: sent.ResourceID, tag: sent.Tag}
	if sent.Link != "" {
		a, ok := k.link(sent.Link)
		if !ok || !a.opens(t) {
			return nil, refuse(http.StatusForbidden, "Forbidden")
		}
		i.link = a.instance
	}
	c.addItem(i)
	echo["id"] = c.lineItemURL(i)
	return echo, nil
}
