package campus

import (
	"net/http"
	"slices"

	"github.com/gorilla/mux"
)

func (c *Campus) webServiceRoutes(r *mux.Router) {
	ws := r.PathPrefix("/webservice/rest").Subrouter()
	ws.Use(formInOrder, c.counted, c.inMaintenance, c.injectFaults, c.answerFaults)
	ws.HandleFunc("/server.php", c.webService).Methods(http.MethodGet, http.MethodPost)
}

// wsFunction is one function of the service. Its caller must hold the campus's lock.
type wsFunction func(c *Campus, a wsArgs) (any, error)

// wsFunctions returns the functions of the service. The batch is not among them,
// because it calls them.
func wsFunctions() map[string]wsFunction {
	return map[string]wsFunction{
		"core_webservice_get_site_info":                    (*Campus).wsSiteInfo,
		"core_course_get_contents":                         (*Campus).wsContents,
		"core_course_get_courses_by_field":                 (*Campus).wsCourses,
		"core_enrol_get_enrolled_users":                    (*Campus).wsEnrolled,
		"core_user_get_users_by_field":                     (*Campus).wsUsers,
		"core_enrol_get_users_courses":                     (*Campus).wsUsersCourses,
		"core_completion_get_course_completion_status":     (*Campus).wsCourseCompletion,
		"core_completion_get_activities_completion_status": (*Campus).wsActivityCompletion,
		"gradereport_user_get_grade_items":                 (*Campus).wsGrades,
		"core_group_get_course_user_groups":                (*Campus).wsGroups,
		"core_group_get_course_groups":                     (*Campus).wsCourseGroups,
		"core_reportbuilder_list_reports":                  (*Campus).wsReports,
		"core_reportbuilder_retrieve_report":               (*Campus).wsReport,
		"core_reportbuilder_set_filters":                   (*Campus).wsSetFilters,
		"core_message_send_instant_messages":               (*Campus).wsSendMessages,
		batchFunction:                                      (*Campus).wsBatch,
	}
}

// outsideService are functions of Moodle that are not in the service.
var outsideService = []string{"core_user_create_users", "core_user_delete_users", "core_course_delete_courses"}

// webService answers a call with HTTP 200, also for errors. It reads forms, and answers
// in XML by default.
func (c *Campus) webService(w http.ResponseWriter, r *http.Request) {
	var answer any
	var err error
	c.locked(func() { answer, err = c.authorisedCall(wsArgs(r.Form)) })
	if r.Form.Get("moodlewsrestformat") != "json" {
		c.locked(func() { answer = plain(answer) })
		writeXML(w, answer, err)
		return
	}
	if err != nil {
		answer = asException(err)
	}
	if long, ok := answer.(stream); ok {
		w.Header().Set("Content-Type", "application/json")
		_ = long.writeTo(w, c.locked) // the client may have gone
		return
	}
	writeJSON(w, http.StatusOK, "application/json", answer)
}

// locked runs a function under the campus's lock.
func (c *Campus) locked(run func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	run()
}

func (c *Campus) authorisedCall(a wsArgs) (any, error) {
	switch {
	case a.text("wstoken") != c.token || c.faults.TokenRevoked:
		return nil, errToken
	case c.faults.SiteMaintenance:
		return nil, errMaintenance
	case !c.can("webservice/rest:use"):
		return nil, errAccess
	}
	return c.call(a.text("wsfunction"), a)
}

// call runs one function of the service.
func (c *Campus) call(name string, a wsArgs) (any, error) {
	if slices.Contains(outsideService, name) || slices.Contains(c.faults.WithoutFunction, name) {
		return nil, errAccess
	}
	f, ok := wsFunctions()[name]
	if !ok {
		return nil, missingRecord("external_functions")
	}
	return f(c, a)
}
