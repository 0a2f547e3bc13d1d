package lti

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

const claimDeepLinking = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"

// linkType is the only type of content that this tool places: a link to itself.
const linkType = "ltiResourceLink"

// DeepLinking is a platform's request to choose content (LTI Deep Linking 2.0, section
// 4.4.1). The caller keeps it until the person has chosen, and answers it once.
type DeepLinking struct {
	ReturnURL string // a page of the platform; may contain its session key, so do not log it
	Data      string // opaque; sent back byte for byte; empty if the platform sent none
	Multiple  bool   // accepts several items
	LineItems bool   // accepts a gradebook column with an item; true unless the platform says no, because Moodle says nothing
	Title     string // proposed by the platform; may be empty, also Text
	Text      string
}

// ContentItem is a link to this tool (LTI Deep Linking 2.0, section 3.1).
type ContentItem struct {
	Title    string
	Text     string // may be empty
	URL      string // may be empty: the tool's own target; Moodle handles links without one correctly
	Custom   map[string]string
	LineItem *ContentLineItem // left out if the platform does not accept one
}

// ContentLineItem is the gradebook column that comes with an item.
type ContentLineItem struct {
	Label      string
	Maximum    float64
	ResourceID string
	Tag        string
	Review     *SubmissionReview // may be nil
}

// readDeepLinking reads the settings of a deep linking request. It refuses persons who
// do not teach.
func (c claims) readDeepLinking(l *Launch) error {
	if l.Message != DeepLinkingRequest {
		return nil
	}
	if !l.Roles.Instructor() {
		return refuse(RoleForbidden)
	}
	settings, err := c.object(claimDeepLinking)
	if err != nil {
		return err
	}
	d := DeepLinking{LineItems: true}
	err = settings.texts(map[string]*string{"deep_link_return_url": &d.ReturnURL, "data": &d.Data, "title": &d.Title, "text": &d.Text})
	if err != nil {
		return err
	}
	var types []string
	for name, into := range map[string]any{"accept_types": &types, "accept_multiple": &d.Multiple, "accept_lineitem": &d.LineItems} {
		if err := settings.into(name, into); err != nil {
			return err
		}
	}
	switch {
	case d.ReturnURL == "":
		return refuse(DeepLinkReturn)
	case !slices.Contains(types, linkType):
		return refuse(DeepLinkTypes)
	}
	l.DeepLinking = &d
	return nil
}

const deepLinkLifetime = 5 * time.Minute

// DeepLinkingResponse returns the signed answer to a request (LTI Deep Linking 2.0,
// section 4.5). The person's browser posts it to the return URL as the field JWT. An
// answer without items means that the person cancelled.
func (t *Tool) DeepLinkingResponse(ctx context.Context, reg Registration, deployment DeploymentID, d DeepLinking, items []ContentItem) (string, error) {
	if len(items) > 1 && !d.Multiple {
		return "", errors.New("lti: deep linking: the platform accepts only one item")
	}
	id, err := t.random()
	if err != nil {
		return "", err
	}
	content := make([]any, len(items))
	for i, item := range items {
		content[i] = item.document(d)
	}
	now := t.cfg.Now()
	message := map[string]any{
		"iss": reg.ClientID, "aud": []string{reg.Issuer}, "nonce": id,
		"iat": now.Add(-assertionLead).Unix(), "exp": now.Add(deepLinkLifetime).Unix(),
		claimVersion: "1.3.0", claimMessageType: "LtiDeepLinkingResponse", claimDeployment: deployment,
		"https://purl.imsglobal.org/spec/lti-dl/claim/content_items": content,
	}
	if d.Data != "" {
		message["https://purl.imsglobal.org/spec/lti-dl/claim/data"] = d.Data
	}
	payload, err := json.Marshal(message)
	if err != nil {
		return "", fmt.Errorf("lti: encode deep linking response: %w", err)
	}
	return t.sign(ctx, payload)
}

// document returns the item as JSON, without the parts that the platform does not
// accept.
func (i ContentItem) document(d DeepLinking) map[string]any {
	item := map[string]any{"type": linkType, "title": i.Title}
	for name, value := range map[string]string{"text": i.Text, "url": i.URL} {
		if value != "" {
			item[name] = value
		}
	}
	if len(i.Custom) > 0 {
		item["custom"] = i.Custom
	}
	if i.LineItem != nil && d.LineItems {
		item["lineItem"] = i.LineItem.document()
	}
	return item
}

// document returns the column as JSON. A review of it opens the link of the item.
func (i *ContentLineItem) document() map[string]any {
	column := map[string]any{"label": i.Label, "scoreMaximum": i.Maximum, "resourceId": i.ResourceID, "tag": i.Tag}
	if i.Review != nil && i.Review.launches(true) {
		column["submissionReview"] = i.Review.document()
	}
	return column
}
