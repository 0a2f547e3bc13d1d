package campus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jws"
)

// link is an activity that opens a tool.
type link struct {
	ID    int   // the resource link id: the activity's instance
	CMID  int64 // its course module
	Title string

	text   string
	tool   *tool             // nil: the newest active one
	custom map[string]string // over the tool's own
}

// firstLink is the activity that the course begins with.
func firstLink() link {
	return link{ID: toolLink, CMID: ToolCMID, Title: "Badges du cours", text: "Vos badges & ce qui manque encore"}
}

// linkOf finds an activity by its course module; the caller holds the lock.
func (c *Campus) linkOf(cmid int64) (link, bool) {
	i := slices.IndexFunc(c.links, func(l link) bool { return l.CMID == cmid })
	if i < 0 {
		return link{}, false
	}
	return c.links[i], true
}

// Deep linking, from "Select content" in the form of an activity.
const (
	claimSettings = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
	claimItems    = "https://purl.imsglobal.org/spec/lti-dl/claim/content_items"
)

// selectContent begins a deep linking launch for who teaches.
func (c *Campus) selectContent(w http.ResponseWriter, r *http.Request) {
	user, err := strconv.ParseInt(r.URL.Query().Get("as"), 10, 64)
	if err != nil {
		c.moodleError(w, r, "invalidrequest")
		return
	}
	form, problem := c.startSelection(user)
	if problem != "" {
		c.moodleError(w, r, problem)
		return
	}
	c.render(w, r, http.StatusOK, "post", form)
}

func (c *Campus) startSelection(user int64) (autoPost, string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, ok := c.school.person(user)
	t := c.courseTool()
	switch {
	case !ok || p.Role == Student:
		return autoPost{}, "invalidrequest"
	case t == nil || t.deepLinkURL == "":
		return autoPost{}, "notool"
	}
	c.serial++
	id := fmt.Sprintf("ltilaunch_ContentItemSelectionRequest%d", c.serial)
	c.launches[id] = launch{user: user, tool: t, selects: true}
	return c.initiation(t, user, t.deepLinkURL, fmt.Sprintf(`{"launchid":"%s"}`, id)), ""
}

// selectionClaims turns a launch's claims into a deep linking request (LTI Deep
// Linking 2.0, section 4.4); the caller holds the lock.
func (c *Campus) selectionClaims(t *tool, user int64, nonce string) (object, error) {
	claims, err := c.claims(t, user, nonce, firstLink())
	if err != nil {
		return nil, err
	}
	key, err := c.random()
	if err != nil {
		return nil, err
	}
	c.selections[key] = selection{tool: t, user: user}
	maps.DeleteFunc(claims, func(name string, _ any) bool {
		return name == ltiClaim+"resource_link" || name == "https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome"
	})
	claims[ltiClaim+"message_type"], claims[ltiClaim+"target_link_uri"] = "LtiDeepLinkingRequest", t.deepLinkURL
	claims[ltiClaim+"launch_presentation"] = object{"locale": claims[ltiClaim+"launch_presentation"].(object)["locale"]}
	claims[claimSettings] = object{
		"accept_types": []string{"ltiResourceLink"}, "accept_presentation_document_targets": []string{"frame", "iframe", "window"},
		"accept_copy_advice": false, "accept_multiple": true, "accept_unsigned": false, "auto_create": false, "can_confirm": false,
		"deep_link_return_url": c.url(fmt.Sprintf("/mod/lti/contentitem_return.php?course=%d&id=%d&sesskey=%s", courseID, t.ID, url.QueryEscape(key))),
		"title":                t.Name, "text": "",
	}
	return claims, nil
}

// selection is a request that waits for the tool's answer.
type selection struct {
	tool *tool
	user int64
}

// contentItem is what a tool places. Of the rest Moodle keeps nothing.
type contentItem struct {
	Type   string            `json:"type"`
	Title  string            `json:"title"`
	Text   string            `json:"text"`
	URL    string            `json:"url"`
	Custom map[string]string `json:"custom"`
}

// itemsReturned takes the answer and adds an activity for each item, as Moodle
// does once the teacher saves its form.
func (c *Campus) itemsReturned(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	waiting, ok := c.selections[r.URL.Query().Get("sesskey")]
	c.mu.Unlock()
	if !ok {
		c.moodleError(w, r, "invalidrequest")
		return
	}
	items, err := c.readItems(r.Context(), r.PostFormValue("JWT"), waiting.tool)
	if err != nil {
		c.cfg.Log.Warn("deep linking answer refused", "error", err)
		c.moodleError(w, r, "invalidrequest")
		return
	}
	c.mu.Lock()
	for _, item := range items {
		id := len(c.links) + toolLink
		c.links = append(c.links, link{
			ID: id, CMID: ToolCMID + int64(id), Title: item.Title, text: item.Text, tool: waiting.tool, custom: item.Custom,
		})
	}
	c.mu.Unlock()
	c.render(w, r, http.StatusOK, "placed", struct {
		User   int64
		Number int
	}{waiting.user, len(items)})
}

// readItems verifies the answer: signature, parties, deployment and type.
func (c *Campus) readItems(ctx context.Context, token string, t *tool) ([]contentItem, error) {
	message, err := jws.Parse([]byte(token))
	if err != nil || len(message.Signatures()) != 1 {
		return nil, errors.New("no JWT")
	}
	set, err := c.fetchKeys(ctx, t.keysURL)
	if err != nil {
		return nil, err
	}
	key, ok := set.LookupKeyID(message.Signatures()[0].ProtectedHeaders().KeyID())
	if !ok {
		return nil, errors.New(`"kid" invalid, unable to lookup correct key`)
	}
	payload, err := jws.Verify([]byte(token), jws.WithKey(jwa.RS256, key))
	if err != nil {
		return nil, errors.New("signature verification failed")
	}
	var body struct {
		Issuer     string          `json:"iss"`
		Audience   audience        `json:"aud"`
		Expires    float64         `json:"exp"`
		Nonce      string          `json:"nonce"`
		Type       string          `json:"https://purl.imsglobal.org/spec/lti/claim/message_type"`
		Version    string          `json:"https://purl.imsglobal.org/spec/lti/claim/version"`
		Deployment string          `json:"https://purl.imsglobal.org/spec/lti/claim/deployment_id"`
		Items      []contentItem   `json:"https://purl.imsglobal.org/spec/lti-dl/claim/content_items"`
		Data       json.RawMessage `json:"https://purl.imsglobal.org/spec/lti-dl/claim/data"`
	}
	if err := json.Unmarshal(payload, &body); err != nil {
		return nil, fmt.Errorf("read answer: %w", err)
	}
	switch {
	case body.Issuer != t.ClientID, !slices.Contains(body.Audience, c.cfg.BaseURL):
		return nil, errors.New("wrong parties")
	case body.Type != "LtiDeepLinkingResponse", body.Version != "1.3.0", body.Deployment != strconv.Itoa(t.ID), body.Nonce == "":
		return nil, errors.New("wrong message")
	case !c.cfg.Now().Before(unixTime(body.Expires)):
		return nil, errors.New("expired token")
	case body.Data != nil:
		return nil, errors.New("data that was not sent")
	}
	return slices.DeleteFunc(body.Items, func(i contentItem) bool { return i.Type != "ltiResourceLink" }), nil
}
