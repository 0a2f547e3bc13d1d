package campus

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/gorilla/mux"
)

// toolsData is the data of the administrator's page about tools.
type toolsData struct {
	URL   string // proposed in the input field
	Frame string // the tool's registration page, after it was opened
	Tools []tool

	Courses []courseName
}

func (c *Campus) toolsPage(w http.ResponseWriter, r *http.Request) { c.showTools(w, r, "") }

func (c *Campus) showTools(w http.ResponseWriter, r *http.Request, frame string) {
	data := toolsData{Frame: frame}
	if c.cfg.ToolURL != nil && frame == "" {
		data.URL = c.cfg.ToolURL()
	}
	c.mu.Lock()
	for _, t := range c.tools {
		data.Tools = append(data.Tools, *t)
	}
	data.Courses = c.school.courseNames()
	c.mu.Unlock()
	c.render(w, r, http.StatusOK, "tools", data)
}

// openRegistration opens the pasted address in a frame, with the parameters that Moodle
// adds.
func (c *Campus) openRegistration(w http.ResponseWriter, r *http.Request) {
	u, err := url.Parse(r.PostFormValue("url"))
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		c.moodleError(w, r, "invalidrequest")
		return
	}
	configuration, token, err := c.RegistrationInvite()
	if err != nil {
		c.moodleError(w, r, "invalidrequest")
		return
	}
	q := u.Query()
	q.Set("openid_configuration", configuration)
	q.Set("registration_token", token)
	u.RawQuery = q.Encode()
	c.showTools(w, r, u.String())
}

func (c *Campus) activateTool(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.Atoi(mux.Vars(r)["tool"])
	c.mu.Lock()
	for _, t := range c.tools {
		if err == nil && t.ID == id {
			t.Active = true
		}
	}
	c.mu.Unlock()
	http.Redirect(w, r, "/admin/tools", http.StatusSeeOther)
}
