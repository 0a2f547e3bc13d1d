package campus

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

// The message types of a launch.
const (
	resourceLaunch = "LtiResourceLinkRequest"
	deepLinkLaunch = "LtiDeepLinkingRequest"
	reviewLaunch   = "LtiSubmissionReviewRequest"
)

// launch is a launch from the login initiation until its message hint is used.
type launch struct {
	user     int64
	tool     *tool
	course   *course
	activity Activity // to open; none in deep linking
	message  string
	target   string

	// Only for a submission review: the learner, and the parameters of the line item in
	// addition to the activity's.
	reviewed int64
	custom   map[string]string
}

// toolLink is the resource link id of the tool's first activity.
const toolLink = 1

// initiateLogin serves the address of the frame on the course page: a form that posts
// the login initiation to the tool (LTI Security Framework 1.0, section 5.1.1.1).
func (c *Campus) initiateLogin(w http.ResponseWriter, r *http.Request) {
	form, problem := c.startLaunch(r)
	if problem != "" {
		c.moodleError(w, r, problem)
		return
	}
	c.render(w, r, http.StatusOK, "post", form)
}

// id returns a parameter as an id; 0, which is never used, if it is not one.
func id(r *http.Request, name string) int64 {
	n, err := strconv.ParseInt(r.URL.Query().Get(name), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// autoPost is a form that submits itself.
type autoPost struct {
	Action string
	Fields []field
}

type field struct{ Name, Value string }

// startLaunch returns the form, or the name of the error.
func (c *Campus) startLaunch(r *http.Request) (autoPost, string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l, problem := c.launchOf(id(r, "as"), id(r, "id"))
	if r.URL.Query().Get("action") == "gradeReport" && problem == "" {
		l, problem = c.reviewOf(l, id(r, "user"))
	}
	if problem != "" {
		return autoPost{}, problem
	}
	l.course.view(l.course.participant(l.user), l.activity.CMID, c.cfg.Now())
	return c.initiation(l), ""
}

// launchOf returns the launch of an activity, or the name of the error.
func (c *Campus) launchOf(user, cmid int64) (launch, string) {
	k, a, ok := c.school.find(cmid)
	if !ok || !c.mayEnter(k, user) || a.Module != "lti" {
		return launch{}, "invalidrequest"
	}
	l := launch{user: user, tool: a.tool, course: k, activity: a, message: resourceLaunch}
	if l.tool == nil {
		l.tool = c.courseTool()
	}
	if l.tool == nil {
		return launch{}, "notool"
	}
	l.target = cmp.Or(a.target, l.tool.targetURL)
	return l, ""
}

// mayEnter reports whether the user is enrolled or is the administrator.
func (c *Campus) mayEnter(k *course, user int64) bool {
	p, ok := c.school.person(user)
	return ok && (p.Role == Admin || k.participant(user) != nil)
}

// initiation stores a launch and returns the form that begins it.
func (c *Campus) initiation(l launch) autoPost {
	c.serial++
	id := fmt.Sprintf("ltilaunch%d_%d", l.activity.instance, c.serial)
	hint := fmt.Sprintf(`{"cmid":%d,"launchid":"%s"}`, l.activity.CMID, id)
	if l.message == deepLinkLaunch {
		id = fmt.Sprintf("ltilaunch_ContentItemSelectionRequest%d", c.serial)
		hint = fmt.Sprintf(`{"launchid":"%s"}`, id)
	}
	c.launches[id] = l
	form := autoPost{Action: l.tool.loginURL, Fields: []field{
		{"iss", c.cfg.BaseURL},
		{"target_link_uri", l.target},
		{"login_hint", strconv.FormatInt(l.user, 10)},
		{"lti_message_hint", hint},
		{"client_id", l.tool.ClientID},
		{"lti_deployment_id", strconv.Itoa(l.tool.ID)},
	}}
	if c.cfg.OfferStorage {
		form.Fields = append(form.Fields, field{"lti_storage_target", "_parent"})
	}
	return form
}

// takeLaunch returns the launch of a message hint and removes it: a hint works once.
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

// returned is the page to which a tool sends the browser back.
func (c *Campus) returned(w http.ResponseWriter, r *http.Request) {
	c.render(w, r, http.StatusOK, "returned", r.URL.Query().Get("lti_errormsg"))
}
