package campus

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"

	"github.com/gorilla/mux"
)

const (
	itemType  = "application/vnd.ims.lis.v2.lineitem+json"
	itemsType = "application/vnd.ims.lis.v2.lineitemcontainer+json"
	charset   = "; charset=utf-8"
)

// lineItem is a grade item of a tool (LTI AGS 2.0, section 3.2). The grade service does
// not show the grade items of other activities.
type lineItem struct {
	id              int
	course          *course
	tool            *tool
	label           string
	max             float64
	resourceID, tag string
	link            int64 // resource link; 0: none
	coupled         bool  // belongs to the link's activity
	review          *review
	scores          map[int64]score
}

// firstItem is the first id after those of the course's own activities.
const firstItem = 16

// addItem adds a line item. The caller must hold the lock.
func (c *Campus) addItem(item *lineItem) {
	item.id, item.scores = c.nextItem(), map[int64]score{}
	c.items = append(c.items, item)
}

// nextItem returns the id for a new grade item.
func (c *Campus) nextItem() int {
	c.lastItem = max(c.lastItem+1, firstItem)
	return c.lastItem
}

// coupledItem returns the line item that came with an activity; nil if there is none or
// it was deleted.
func (c *Campus) coupledItem(k *course, t *tool, a Activity) *lineItem {
	i := slices.IndexFunc(c.items, func(i *lineItem) bool {
		return i.course == k && i.tool == t && i.coupled && i.link == a.instance
	})
	if i < 0 {
		return nil
	}
	return c.items[i]
}

// cmid returns the course-module id of the activity that the line item came with.
func (i *lineItem) cmid() int64 {
	a, _ := i.course.link(i.linkID())
	return a.CMID
}

func (c *Campus) lineItemsURL(k *course, t *tool) string {
	return c.url(fmt.Sprintf("/mod/lti/services.php/%d/lineitems?type_id=%d", k.id, t.ID))
}

func (c *Campus) lineItemURL(i *lineItem) string { return c.itemURL(i, "") }

// itemURL returns the address of a line item, with rest in front of its query.
func (c *Campus) itemURL(i *lineItem, rest string) string {
	return c.url(fmt.Sprintf("/mod/lti/services.php/%d/lineitems/%d/lineitem%s?type_id=%d", i.course.id, i.id, rest, i.tool.ID))
}

// item finds the line item of a request. The caller must hold the lock.
func (c *Campus) item(r *http.Request, t *tool) (*lineItem, error) {
	k, err := c.courseOf(r)
	if err != nil {
		return nil, err
	}
	name := mux.Vars(r)["item"]
	if slices.ContainsFunc(k.activities, func(a Activity) bool { return a.item != 0 && strconv.FormatInt(a.item, 10) == name }) {
		return nil, refuse(http.StatusNotFound, "Line item does not exist")
	}
	i := slices.IndexFunc(c.items, func(i *lineItem) bool { return i.course == k && strconv.Itoa(i.id) == name })
	if i < 0 {
		return nil, refuse(http.StatusNotFound, "Not Found: Grade item %s doesn't exist", name)
	}
	if c.items[i].tool != t {
		return nil, refuse(http.StatusNotFound, "Line item does not exist")
	}
	return c.items[i], nil
}

func (i *lineItem) linkID() string { return strconv.FormatInt(i.link, 10) }

func (c *Campus) itemJSON(i *lineItem) object {
	o := object{"id": c.lineItemURL(i), "label": i.label, "scoreMaximum": i.max, "resourceId": i.resourceID, "tag": i.tag}
	if i.link != 0 {
		o["resourceLinkId"], o["ltiLinkId"] = i.linkID(), i.linkID()
	}
	if i.review != nil {
		o["submissionReview"] = i.review
	}
	return o
}

// oneLineItem reads, replaces or deletes a line item.
func (c *Campus) oneLineItem(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	answer, err := c.useLineItem(r)
	c.mu.Unlock()
	switch {
	case err != nil:
		c.writeServiceError(w, r, err)
	case r.Method == http.MethodDelete:
		w.WriteHeader(http.StatusNoContent)
	default:
		writeJSON(w, http.StatusOK, itemType+charset, answer)
	}
}

func (c *Campus) useLineItem(r *http.Request) (object, error) {
	switch r.Method {
	case http.MethodGet:
		return c.readLineItem(r)
	case http.MethodPut:
		return c.replaceLineItem(r)
	default:
		return nil, c.deleteLineItem(r)
	}
}

func (c *Campus) readLineItem(r *http.Request) (object, error) {
	if err := accepts(r, itemType); err != nil {
		return nil, err
	}
	t, err := c.caller(r, scopeLineItem, scopeLineItemReadOnly)
	if err != nil {
		return nil, err
	}
	i, err := c.item(r, t)
	if err != nil {
		return nil, err
	}
	return c.itemJSON(i), nil
}

func (c *Campus) replaceLineItem(r *http.Request) (object, error) {
	if err := sends(r, itemType); err != nil {
		return nil, err
	}
	t, err := c.caller(r, scopeLineItem)
	if err != nil {
		return nil, err
	}
	i, err := c.item(r, t)
	if err != nil {
		return nil, err
	}
	sent, echo, err := readLineItemBody(r)
	if err != nil {
		return nil, err
	}
	i.label, i.max, i.resourceID, i.tag = sent.Label, sent.Max, sent.ResourceID, sent.Tag
	echo["id"] = c.lineItemURL(i)
	return echo, nil
}

func (c *Campus) deleteLineItem(r *http.Request) error {
	t, err := c.caller(r, scopeLineItem)
	if err != nil {
		return err
	}
	gone, err := c.item(r, t)
	if err != nil {
		return err
	}
	c.items = slices.DeleteFunc(c.items, func(i *lineItem) bool { return i == gone })
	return nil
}

// lineItemBody is the part of a line item that Moodle stores.
type lineItemBody struct {
	Label      string  `json:"label"`
	Max        float64 `json:"scoreMaximum"`
	ResourceID string  `json:"resourceId"`
	Tag        string  `json:"tag"`
	Link       string  `json:"resourceLinkId"`
}

// readLineItemBody returns a request's line item, and all its members: Moodle sends
// back members that it does not store.
func readLineItemBody(r *http.Request) (sent lineItemBody, echo object, err error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err == nil {
		err = json.Unmarshal(body, &sent)
	}
	if err == nil {
		err = json.Unmarshal(body, &echo)
	}
	if err != nil || sent.Label == "" || sent.Max <= 0 {
		return sent, nil, refuse(http.StatusBadRequest, "No label or Score Maximum")
	}
	return sent, echo, nil
}
