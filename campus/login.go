package campus

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

// launch is under way from the login initiation to the one use of its hint.
type launch struct {
	user    int64
	tool    *tool
	link    link
	selects bool // content to place
}

// toolLink is the resource link id: the LTI activity's instance, not its
// course module.
const toolLink = 1

// initiateLogin is what the course page's frame opens: a form that posts the
// login initiation to the tool (LTI Security Framework 1.0, section 5.1.1.1).
func (c *Campus) initiateLogin(w http.ResponseWriter, r *http.Request) {
	user, err := strconv.ParseInt(r.URL.Query().Get("as"), 10, 64)
	if err != nil {
		c.moodleError(w, r, "invalidrequest")
		return
	}
	cmid, err := strconv.ParseInt(r.URL.Query().Get("id"), 10, 64)
	if err != nil {
		c.moodleError(w, r, "invalidrequest")
		return
	}
	form, problem := c.startLaunch(user, cmid)
	if problem != "" {
		c.moodleError(w, r, problem)
		return
	}
	c.render(w, r, http.StatusOK, "post", form)
}

// autoPost is a form that submits itself.
type autoPost struct {
	Action string
	Fields []field
}

type field struct{ Name, Value string }

// startLaunch returns the form, or the name of what is in the way.
func (c *Campus) startLaunch(user, cmid int64) (autoPost, string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l, found := c.linkOf(cmid)
	if _, ok := c.school.person(user); !ok || !found {
		return autoPost{}, "invalidrequest"
	}
	t := l.tool
	if t == nil {
		t = c.courseTool()
	}
	if t == nil {
		return autoPost{}, "notool"
	}
	c.serial++
	id := fmt.Sprintf("ltilaunch%d_%d", l.ID, c.serial)
	c.launches[id] = launch{user: user, tool: t, link: l}
	if l.CMID == ToolCMID {
		c.school.view(user, ToolCMID, c.cfg.Now())
	}
	return c.initiation(t, user, t.targetURL, fmt.Sprintf(`{"cmid":%d,"launchid":"%s"}`, l.CMID, id)), ""
}

// initiation is the form that begins a login at a tool.
func (c *Campus) initiation(t *tool, user int64, target, hint string) autoPost {
	return autoPost{Action: t.loginURL, Fields: []field{
		{"iss", c.cfg.BaseURL},
		{"target_link_uri", target},
		{"login_hint", strconv.FormatInt(user, 10)},
		{"lti_message_hint", hint},
		{"client_id", t.ClientID},
		{"lti_deployment_id", strconv.Itoa(t.ID)},
	}}
}

// takeLaunch returns the launch that a message hint names and forgets it: a
// hint works once.
func (c *Campus) takeLaunch(hint string) (launch, bool) {
	var named struct {
		ID string `json:"launchid"`
	}
	if err := json.Unmarshal([]byte(hint), &named); err != nil {
		return launch{}, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	l, ok := c.launches[named.ID]
	delete(c.launches, named.ID)
	return l, ok
}

// returned is where a tool sends the browser back to.
func (c *Campus) returned(w http.ResponseWriter, r *http.Request) {
	c.render(w, r, http.StatusOK, "returned", r.URL.Query().Get("lti_errormsg"))
}
