package campus

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// content is a tool's answer to deep linking (LTI Deep Linking 2.0, section 4).
type content struct {
	Nonce   string        `json:"nonce"`
	Message string        `json:"https://purl.imsglobal.org/spec/lti/claim/message_type"`
	Items   []contentItem `json:"https://purl.imsglobal.org/spec/lti-dl/claim/content_items"`
	Error   string        `json:"https://purl.imsglobal.org/spec/lti-dl/claim/errormsg"`
}

// contentItem is the part of an item that Moodle stores, whatever the item's type. It
// does not store the label of the line item, the window and the dates.
type contentItem struct {
	Title string `json:"title"`
	Text  string `json:"text"`
	URL   string `json:"url"`
	Icon  struct {
		URL string `json:"url"`
	} `json:"icon"`
	Custom   map[string]any `json:"custom"`
	LineItem *struct {
		Max        float64 `json:"scoreMaximum"`
		ResourceID string  `json:"resourceId"`
		Tag        string  `json:"tag"`
		Review     *struct {
			URL    string         `json:"url"`
			Custom map[string]any `json:"custom"`
		} `json:"submissionReview"`
	} `json:"lineItem"`
}

// receiveContent receives the content that the teacher chose in the tool. Moodle fills
// its form and waits for the teacher to save; the campus saves at once. An empty list
// or an error changes nothing; Moodle shows no message for them either.
func (c *Campus) receiveContent(w http.ResponseWriter, r *http.Request) {
	into, problem := c.contentTarget(r)
	if problem != "" {
		c.moodleError(w, r, problem)
		return
	}
	answer, err := c.readContent(r, into.tool)
	if err != nil {
		c.render(w, r, http.StatusNotFound, "exception", err.Error())
		return
	}
	for _, a := range c.addContent(into, answer) {
		c.fetchActivity(r.Context(), a.target)
	}
	c.render(w, r, http.StatusOK, "contentreturn", fmt.Sprintf("/course/%d?as=%d", into.course.id, into.user))
}

// contentTarget returns the place for the content, as a launch, or the name of the
// error.
func (c *Campus) contentTarget(r *http.Request) (launch, string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	q := r.URL.Query()
	p, ok := c.session(q.Get("sesskey"))
	into := launch{user: p.ID, course: c.school.course(q.Get("course")), tool: c.toolOf(r)}
	switch {
	case !ok:
		return into, "sesskey"
	case !p.addsActivities():
		return into, "nopermissions"
	case into.course == nil || into.tool == nil:
		return into, "invalidrequest"
	}
	return into, ""
}

var (
	errConsumerKey = errors.New("Consumer key is incorrect.") //nolint:staticcheck // ST1005: Moodle's words
	errNonce       = errors.New("nonce missing or used before")
)

// readContent verifies an answer as Moodle does, with the tool's key set, its client id
// and the times. Like Moodle, it accepts another audience or deployment. Unlike Moodle,
// it accepts a nonce only once, as the specification requires (section 4.4).
func (c *Campus) readContent(r *http.Request, t *tool) (content, error) {
	var answer content
	a, err := parseAssertion(r.PostFormValue("JWT"))
	if err != nil {
		return answer, err
	}
	if a.claims.Issuer != t.ClientID {
		return answer, errConsumerKey
	}
	if err := c.verify(r.Context(), a, t); err != nil {
		return answer, err
	}
	if err := c.checkTimes(a); err != nil {
		return answer, err
	}
	if err := json.Unmarshal(a.payload, &answer); err != nil {
		return answer, fmt.Errorf("read content items: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	once := t.ClientID + " " + answer.Nonce
	if answer.Nonce == "" || c.nonces[once] {
		return answer, errNonce
	}
	c.nonces[once] = true
	return answer, nil
}

// addContent makes an activity from each item. Like Moodle, it ignores the type of the
// item, which may be another than a resource link.
func (c *Campus) addContent(into launch, answer content) []Activity {
	if answer.Error != "" || answer.Message != "LtiDeepLinkingResponse" {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var added []Activity
	for _, item := range answer.Items {
		a := c.school.add(into.course, item.activity(into.tool))
		if l := item.LineItem; l != nil && len(into.tool.gradesScopes()) > 0 {
			c.addItem(&lineItem{
				course: into.course, tool: into.tool, label: a.Name, max: cmp.Or(l.Max, 100), resourceID: l.ResourceID, tag: l.Tag,
				link: a.instance, coupled: true, review: item.review(),
			})
		}
		added = append(added, a)
	}
	return added
}

func (i contentItem) activity(t *tool) Activity {
	return Activity{
		Module: "lti", Name: cmp.Or(i.Title, t.Name), tool: t, target: i.URL, description: i.Text, icon: i.Icon.URL, custom: texts(i.Custom),
	}
}

func (i contentItem) review() *review {
	if i.LineItem.Review == nil {
		return nil
	}
	return &review{URL: i.LineItem.Review.URL, Custom: texts(i.LineItem.Review.Custom)}
}

// texts returns custom values as Moodle stores them: as text, whatever their JSON type.
func texts(values map[string]any) map[string]string {
	kept := map[string]string{}
	for name, value := range values {
		kept[name] = fmt.Sprint(value)
	}
	return kept
}

// fetchActivity sends the GET that Moodle sends to an activity's URL. Moodle looks for
// a cartridge and accepts any answer. The request is not a launch.
func (c *Campus) fetchActivity(ctx context.Context, address string) {
	if !strings.HasPrefix(address, "http") {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return // not an address: Moodle ignores that too
	}
	req.Header.Set("User-Agent", "MoodleBot/4.5 (+"+c.cfg.BaseURL+")")
	resp, err := c.cfg.Client.Do(req)
	if err != nil {
		c.cfg.Log.Info("activity's address not reached", "error", err)
		return
	}
	_ = resp.Body.Close() // the answer is not read
}
