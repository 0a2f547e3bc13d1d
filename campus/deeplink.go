package campus

import (
	"fmt"
	"net/http"
)

// chooseContent opens the tool for a teacher who chooses content for a course (LTI Deep
// Linking 2.0, section 2).
func (c *Campus) chooseContent(w http.ResponseWriter, r *http.Request) {
	form, problem := c.startDeepLinking(r)
	if problem != "" {
		c.moodleError(w, r, problem)
		return
	}
	c.render(w, r, http.StatusOK, "post", form)
}

func (c *Campus) startDeepLinking(r *http.Request) (autoPost, string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, ok := c.school.person(id(r, "as"))
	k, t := c.school.course(r.URL.Query().Get("course")), c.toolOf(r)
	switch {
	case !ok || k == nil:
		return autoPost{}, "invalidrequest"
	case !p.addsActivities():
		return autoPost{}, "nopermissions"
	case t == nil || t.deepLinkURL == "":
		return autoPost{}, "notool"
	}
	return c.initiation(launch{user: p.ID, tool: t, course: k, message: deepLinkLaunch, target: t.deepLinkURL}), ""
}

// toolOf returns the active tool with the id in the request; nil if there is none.
func (c *Campus) toolOf(r *http.Request) *tool {
	for _, t := range c.tools {
		if t.Active && int64(t.ID) == id(r, "id") {
			return t
		}
	}
	return nil
}

// addsActivities reports whether a person may add activities.
func (p Person) addsActivities() bool { return p.Role == EditingTeacher }

// addDeepLinking adds the content that the tool can send back, and the return URL. Like
// Moodle, it sends no data and does not say how the tool is shown.
func (c *Campus) addDeepLinking(claims object, l launch, p Person) {
	claims[ltiClaim+"launch_presentation"] = object{"locale": p.Lang}
	claims["https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"] = object{
		"accept_types":                         []string{"ltiResourceLink"},
		"accept_presentation_document_targets": []string{"frame", "iframe", "window"},
		"accept_copy_advice":                   false,
		"accept_multiple":                      true,
		"accept_unsigned":                      false,
		"auto_create":                          false,
		"can_confirm":                          false,
		"deep_link_return_url": c.url(fmt.Sprintf("/mod/lti/contentitem_return.php?course=%d&id=%d&sesskey=%s",
			l.course.id, l.tool.ID, c.sessionKey(p))),
		"title": l.tool.Name,
		"text":  "",
	}
}
