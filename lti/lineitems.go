package lti

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
)

// Grades is the grade service of one course (Assignment and Grade Services 2.0). It
// sends requests only to line items on the origin of the platform's token endpoint or
// of the course's list of line items.
type Grades struct {
	tool         *Tool
	registration Registration
	services     Services
}

// Grades returns the grade service that a launch named.
func (t *Tool) Grades(reg Registration, s Services) Grades {
	return Grades{tool: t, registration: reg, services: s}
}

// LineItem is a column of the gradebook.
type LineItem struct {
	ID             string // its address; empty if the line item is to be created
	Label          string // not empty
	ScoreMaximum   float64
	ResourceID     string // the tool's own id of the graded thing; may be empty
	Tag            string // the tool's own word for the purpose; may be empty
	ResourceLinkID string // the link it belongs to; may be empty
	// Review is sent when a line item is created or changed. It is not read back. Nil
	// means none.
	Review *SubmissionReview
}

// LineItemFilter selects line items. An empty field selects all.
type LineItemFilter struct {
	ResourceID     string
	Tag            string
	ResourceLinkID string
}

const (
	lineItemType      = "application/vnd.ims.lis.v2.lineitem+json"
	lineItemContainer = "application/vnd.ims.lis.v2.lineitemcontainer+json"
)

// LineItems lists the tool's line items of the course (section 3.2).
func (g Grades) LineItems(ctx context.Context, filter LineItemFilter) ([]LineItem, error) {
	c, err := g.call(http.MethodGet, ScopeLineItemReadOnly, ScopeLineItem)
	if err != nil {
		return nil, err
	}
	c.address, c.accept = filter.addTo(g.services.LineItemsURL), lineItemContainer
	items := []LineItem{}
	_, err = g.tool.readPages(ctx, c, func(page []byte) (int, error) {
		found, err := g.readLineItems(page)
		items = append(items, slices.DeleteFunc(slices.Clone(found), func(i LineItem) bool { return !filter.matches(i) })...)
		return len(found), err
	})
	if err != nil {
		return nil, err
	}
	return items, nil
}

// of adds the filter to the address of the list ("Container request filters").
func (f LineItemFilter) addTo(address string) string {
	address = withQuery(address, "resource_id", f.ResourceID)
	address = withQuery(address, "tag", f.Tag)
	return withQuery(address, "resource_link_id", f.ResourceLinkID)
}

// matches applies the filter again, because a link to the next page may lose it.
func (f LineItemFilter) matches(i LineItem) bool {
	return (f.ResourceID == "" || f.ResourceID == i.ResourceID) && (f.Tag == "" || f.Tag == i.Tag) &&
		(f.ResourceLinkID == "" || f.ResourceLinkID == i.ResourceLinkID)
}

// CreateLineItem adds a column to the gradebook and returns it with its address. It
// returns LineItemInvalid without sending anything if the item is incomplete.
func (g Grades) CreateLineItem(ctx context.Context, item LineItem) (LineItem, error) {
	return g.sendLineItem(ctx, http.MethodPost, g.services.LineItemsURL, item)
}

// UpdateLineItem changes all fields of the line item at item.ID to those of item.
func (g Grades) UpdateLineItem(ctx context.Context, item LineItem) (LineItem, error) {
	if err := g.checkLineItem(item.ID); err != nil {
		return LineItem{}, err
	}
	return g.sendLineItem(ctx, http.MethodPut, item.ID, item)
}

// LineItem reads the line item at the address.
func (g Grades) LineItem(ctx context.Context, address string) (LineItem, error) {
	if err := g.checkLineItem(address); err != nil {
		return LineItem{}, err
	}
	c, err := g.call(http.MethodGet, ScopeLineItemReadOnly, ScopeLineItem)
	if err != nil {
		return LineItem{}, err
	}
	c.address, c.accept = address, lineItemType
	a, err := g.tool.call(ctx, c)
	if err != nil {
		return LineItem{}, err
	}
	return g.readLineItem(a.body)
}

// DeleteLineItem removes a column and all its grades. In Moodle, the tool can also
// remove the column that came with the activity.
func (g Grades) DeleteLineItem(ctx context.Context, address string) error {
	if err := g.checkLineItem(address); err != nil {
		return err
	}
	c, err := g.call(http.MethodDelete, ScopeLineItem)
	if err != nil {
		return err
	}
	c.address, c.accept = address, lineItemType
	_, err = g.tool.call(ctx, c)
	return err
}

// call prepares a request with the first of the scopes that was granted. It returns
// ServiceForbidden if none was.
func (g Grades) call(method string, scopes ...string) (call, error) {
	c := call{registration: g.registration, method: method, scope: scopes[0]}
	if len(g.services.GradeScopes) == 0 {
		return c, nil // the access token shows which scopes are granted
	}
	at := slices.IndexFunc(scopes, func(s string) bool { return slices.Contains(g.services.GradeScopes, s) })
	if at < 0 {
		return call{}, &Error{Reason: ServiceForbidden, Detail: "not granted: " + scopes[0]}
	}
	c.scope = scopes[at]
	return c, nil
}

// checkLineItem refuses addresses on other origins, because an access token would be
// sent there.
func (g Grades) checkLineItem(address string) error {
	switch {
	case address == "":
		return refuse(ServiceAbsent)
	case !sameOrigin(address, g.registration.TokenURL) && !sameOrigin(address, g.services.LineItemsURL):
		return refuse(ServiceAddress)
	}
	return nil
}

// lineItem is a line item in JSON.
type lineItem struct {
	ID             looseText   `json:"id"`
	Label          looseText   `json:"label"`
	ScoreMaximum   looseNumber `json:"scoreMaximum"`
	ResourceID     looseText   `json:"resourceId"`
	Tag            looseText   `json:"tag"`
	ResourceLinkID looseText   `json:"resourceLinkId"`
}

// sendLineItem creates or changes a line item. If the platform refuses it with a
// review, it is sent again without the review.
func (g Grades) sendLineItem(ctx context.Context, method, address string, item LineItem) (LineItem, error) {
	if strings.TrimSpace(item.Label) == "" || !positive(item.ScoreMaximum) || (item.Review != nil && !item.Review.launches(item.ResourceLinkID != "")) {
		return LineItem{}, refuse(LineItemInvalid)
	}
	c, err := g.call(method, ScopeLineItem)
	if err != nil {
		return LineItem{}, err
	}
	c.address, c.accept, c.contentType = address, lineItemType, lineItemType
	if c.body, err = encodeLineItem(item); err != nil {
		return LineItem{}, err
	}
	a, err := g.tool.call(ctx, c)
	if a.status == http.StatusBadRequest && item.Review != nil {
		item.Review = nil
		return g.sendLineItem(ctx, method, address, item)
	}
	if err != nil {
		return LineItem{}, err
	}
	return g.readLineItem(a.body)
}

// encodeLineItem returns the item as JSON, without empty fields and without the
// address.
func encodeLineItem(item LineItem) ([]byte, error) {
	members := map[string]any{"label": item.Label, "scoreMaximum": item.ScoreMaximum}
	for name, value := range map[string]string{
		"resourceId": item.ResourceID, "tag": item.Tag, "resourceLinkId": item.ResourceLinkID,
	} {
		if value != "" {
			members[name] = value
		}
	}
	if item.Review != nil {
		members["submissionReview"] = item.Review.document()
	}
	body, err := json.Marshal(members)
	if err != nil {
		return nil, fmt.Errorf("lti: encode line item: %w", err)
	}
	return body, nil
}

func (g Grades) readLineItems(page []byte) ([]LineItem, error) {
	var list []json.RawMessage
	if json.Unmarshal(page, &list) != nil || list == nil {
		return nil, &Error{Reason: ServiceAnswer, Detail: "no list of line items"}
	}
	items := make([]LineItem, 0, len(list))
	for _, raw := range list {
		item, err := g.readLineItem(raw)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

// readLineItem reads a line item. It returns an error if the tool may not send requests
// to the item's address.
func (g Grades) readLineItem(raw []byte) (LineItem, error) {
	var i lineItem
	if json.Unmarshal(raw, &i) != nil || i.ID == "" {
		return LineItem{}, &Error{Reason: ServiceAnswer, Detail: "no line item"}
	}
	return LineItem{
		ID: string(i.ID), Label: string(i.Label), ScoreMaximum: i.ScoreMaximum.or(0),
		ResourceID: string(i.ResourceID), Tag: string(i.Tag), ResourceLinkID: string(i.ResourceLinkID),
	}, g.checkLineItem(string(i.ID))
}

func positive(x float64) bool { return x > 0 && !math.IsInf(x, 1) }
