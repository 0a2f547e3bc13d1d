package campus

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gorilla/mux"
)

// framePage is a page of a course that contains the tool in a frame.
type framePage struct {
	Person       Person
	Course       int64
	Title        string
	Frame, Allow string
	Storage      string     // origins that can store data in the page, separated by spaces; empty: none
	Links        []Activity // made by deep linking
	Adds         bool       // shows the button to add an activity
}

// coursePage shows a course to one person: the activity that opens the tool, and links
// to the activities that were made by deep linking.
func (c *Campus) coursePage(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	p, ok := c.school.person(id(r, "as"))
	k := c.school.course(mux.Vars(r)["course"])
	if !ok || k == nil {
		c.mu.Unlock()
		c.moodleError(w, r, "invalidrequest")
		return
	}
	data := c.frame(p, k, c.courseTool())
	data.Frame = c.url(fmt.Sprintf("/mod/lti/launch.php?id=%d&triggerview=0&as=%d", k.embedded().CMID, p.ID))
	data.Links = k.links()
	t := c.courseTool()
	data.Adds = p.addsActivities() && t != nil && t.deepLinkURL != ""
	c.mu.Unlock()
	c.render(w, r, http.StatusOK, "course", data)
}

// frame returns a page with the tool in a frame as in Moodle: full width, no sandbox,
// and a list of permissions for the tool's origin.
func (c *Campus) frame(p Person, k *course, t *tool) framePage {
	var allow []string
	for _, feature := range []string{"microphone", "camera", "geolocation", "midi", "encrypted-media", "autoplay"} {
		allow = append(allow, feature+" "+t.origin())
	}
	page := framePage{Person: p, Course: k.id, Title: k.full, Allow: strings.Join(allow, "; ")}
	if c.cfg.OfferStorage {
		page.Storage = strings.Join(t.origins(), " ")
	}
	return page
}

// origin returns the origin of the tool; empty if t is nil.
func (t *tool) origin() string {
	if t == nil {
		return ""
	}
	return originOf(t.loginURL)
}

// origins returns the origins of the tool's pages during a launch.
func (t *tool) origins() []string {
	if t == nil {
		return nil
	}
	list := []string{originOf(t.loginURL)}
	for _, address := range t.redirectURIs {
		list = append(list, originOf(address))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// embedded returns the activity that the course page opens; the zero value if there is
// none.
func (k *course) embedded() Activity {
	for _, a := range k.activities {
		if a.Module == "lti" && a.tool == nil {
			return a
		}
	}
	return Activity{}
}

// links returns the activities that were made by deep linking.
func (k *course) links() (list []Activity) {
	for _, a := range k.activities {
		if a.tool != nil {
			list = append(list, a)
		}
	}
	return list
}

// viewActivity shows one LTI activity in a frame.
func (c *Campus) viewActivity(w http.ResponseWriter, r *http.Request) { c.showActivity(w, r, "") }

// showActivity adds the purpose of the page to the launch.
func (c *Campus) showActivity(w http.ResponseWriter, r *http.Request, purpose string) {
	user, cmid := id(r, "as"), id(r, "id")
	c.mu.Lock()
	l, problem := c.launchOf(user, cmid)
	var data framePage
	if problem == "" {
		p, _ := c.school.person(user)
		data = c.frame(p, l.course, l.tool)
		data.Title = l.activity.Name
		data.Frame = c.url(fmt.Sprintf("/mod/lti/launch.php?id=%d&triggerview=0&as=%d", cmid, user)) + purpose
	}
	c.mu.Unlock()
	if problem != "" {
		c.moodleError(w, r, problem)
		return
	}
	c.render(w, r, http.StatusOK, "activity", data)
}

// addPage opens the tool for a teacher who chooses the content of a new activity.
func (c *Campus) addPage(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	p, ok := c.school.person(id(r, "as"))
	k, t := c.school.course(mux.Vars(r)["course"]), c.courseTool()
	if !ok || k == nil || t == nil || !p.addsActivities() {
		c.mu.Unlock()
		c.moodleError(w, r, "nopermissions")
		return
	}
	data := c.frame(p, k, t)
	data.Frame = c.url(fmt.Sprintf("/mod/lti/contentitem.php?id=%d&course=%d&as=%d", t.ID, k.id, p.ID))
	c.mu.Unlock()
	c.render(w, r, http.StatusOK, "add", data)
}
