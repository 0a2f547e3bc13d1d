package lti

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
)

const (
	lineItemType  = "application/vnd.ims.lis.v2.lineitem+json"
	lineItemsType = "application/vnd.ims.lis.v2.lineitemcontainer+json"
)

// LineItem is a column of the platform's gradebook (AGS 2.0, section 3.2).
type LineItem struct {
	ID             string  `json:"id,omitempty"` // its address; empty before it is created
	Label          string  `json:"label"`
	ScoreMaximum   float64 `json:"scoreMaximum"`
	ResourceID     string  `json:"resourceId,omitempty"` // the tool's own
	Tag            string  `json:"tag,omitempty"`
	ResourceLinkID string  `json:"resourceLinkId,omitempty"`
}

func (i LineItem) check() error {
	if i.Label == "" || !(i.ScoreMaximum > 0) || math.IsInf(i.ScoreMaximum, 0) {
		return errors.New("lti: a line item needs a label and a maximum above zero")
	}
	return nil
}

// LineItemFilter narrows a listing; empty fields do not.
type LineItemFilter struct {
	ResourceLinkID, ResourceID, Tag string
}

// LineItems lists the tool's columns of a context.
func (t *Tool) LineItems(ctx context.Context, reg Registration, lineItems string, f LineItemFilter) ([]LineItem, error) {
	address := lineItems
	for name, value := range map[string]string{"resource_link_id": f.ResourceLinkID, "resource_id": f.ResourceID, "tag": f.Tag} {
		if value == "" || address == "" {
			continue
		}
		var err error
		if address, err = withQuery(address, name, value); err != nil {
			return nil, err
		}
	}
	var list []LineItem
	err := t.pages(ctx, reg, call{method: http.MethodGet, address: address, accept: lineItemsType, scope: ScopeLineItem}, func(body []byte) error {
		var page []LineItem
		if json.Unmarshal(body, &page) != nil {
			return &Error{Reason: ServiceAnswer, Detail: "line items"}
		}
		list = append(list, page...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// CreateLineItem adds a column and returns it with its address.
func (t *Tool) CreateLineItem(ctx context.Context, reg Registration, lineItems string, i LineItem) (LineItem, error) {
	return t.writeLineItem(ctx, reg, http.MethodPost, lineItems, i)
}

// UpdateLineItem changes the column at i.ID.
func (t *Tool) UpdateLineItem(ctx context.Context, reg Registration, i LineItem) (LineItem, error) {
	return t.writeLineItem(ctx, reg, http.MethodPut, i.ID, i)
}

func (t *Tool) writeLineItem(ctx context.Context, reg Registration, method, address string, i LineItem) (LineItem, error) {
	if err := i.check(); err != nil {
		return LineItem{}, err
	}
	body, err := json.Marshal(i)
	if err != nil {
		return LineItem{}, fmt.Errorf("lti: encode line item: %w", err)
	}
	a, err := t.request(ctx, reg, call{method: method, address: address, accept: lineItemType, sends: lineItemType, body: body, scope: ScopeLineItem})
	if err != nil {
		return LineItem{}, err
	}
	return readLineItem(a.body)
}

// LineItem reads one column.
func (t *Tool) LineItem(ctx context.Context, reg Registration, address string) (LineItem, error) {
	a, err := t.request(ctx, reg, call{method: http.MethodGet, address: address, accept: lineItemType, scope: ScopeLineItem})
	if err != nil {
		return LineItem{}, err
	}
	return readLineItem(a.body)
}

func readLineItem(body []byte) (LineItem, error) {
	var i LineItem
	if json.Unmarshal(body, &i) != nil || i.ID == "" {
		return LineItem{}, &Error{Reason: ServiceAnswer, Detail: "line item"}
	}
	return i, nil
}

// DeleteLineItem removes a column with its grades: only ever one that the tool
// made.
func (t *Tool) DeleteLineItem(ctx context.Context, reg Registration, address string) error {
	_, err := t.request(ctx, reg, call{method: http.MethodDelete, address: address, scope: ScopeLineItem})
	return err
}

// under puts a path after that of a line item, before its query: Moodle's
// addresses end in "?type_id=2".
func under(lineItem, path string) (string, error) {
	u, err := url.Parse(lineItem)
	if err != nil || lineItem == "" {
		return "", refuse(ServiceAbsent)
	}
	u.Path += path
	if u.RawPath != "" {
		u.RawPath += path
	}
	return u.String(), nil
}
