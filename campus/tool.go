package campus

import (
	"fmt"
	"slices"
)

// tool is a registered tool.
type tool struct {
	ID           int // id of Moodle's tool type, also the deployment id
	ClientID     string
	Name         string
	Active       bool // pending until an administrator activates it
	loginURL     string
	keysURL      string
	targetURL    string
	deepLinkURL  string // address at which content is chosen; empty: none
	domain       string
	redirectURIs []string
	scopes       []string // granted
	names, email bool     // allowed by the privacy setting
	custom       map[string]string
}

func (t *tool) granted(scope string) bool { return slices.Contains(t.scopes, scope) }

// gradesScopes returns the granted scopes of the grade service.
func (t *tool) gradesScopes() []string {
	return slices.DeleteFunc(agsScopes(), func(s string) bool { return !t.granted(s) })
}

// tool finds a tool by its client id; nil if there is none. The caller must hold the
// lock.
func (c *Campus) tool(clientID string) *tool {
	i := slices.IndexFunc(c.tools, func(t *tool) bool { return t.ClientID == clientID })
	if i < 0 {
		return nil
	}
	return c.tools[i]
}

// courseTool returns the tool that courses use, which is the newest active one; nil if
// there is none. The caller must hold the lock.
func (c *Campus) courseTool() *tool {
	for _, t := range slices.Backward(c.tools) {
		if t.Active {
			return t
		}
	}
	return nil
}

// Activate activates a tool, as the administrator's button does.
func (c *Campus) Activate(clientID string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.tool(clientID)
	if t == nil {
		return fmt.Errorf("campus: no tool %q", clientID)
	}
	c.activate(t)
	return nil
}

// activate allows launches of a tool. As in Moodle, its activities get grade items. The
// caller must hold the lock.
func (c *Campus) activate(t *tool) {
	if t.Active {
		return
	}
	t.Active = true
	if len(t.gradesScopes()) > 0 {
		for _, k := range c.school.courses {
			c.coupleItems(k, t)
		}
	}
}

// coupleItems gives this tool's grade items to the activities of a course that open the
// tool of the course.
func (c *Campus) coupleItems(k *course, t *tool) {
	for _, a := range k.activities {
		if a.Module == "lti" && a.tool == nil {
			c.addItem(&lineItem{course: k, tool: t, label: a.Name, max: 100, link: a.instance, coupled: true})
		}
	}
}

// ClientIDs lists the registered tools, the oldest first.
func (c *Campus) ClientIDs() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	ids := make([]string, len(c.tools))
	for i, t := range c.tools {
		ids[i] = t.ClientID
	}
	return ids
}
