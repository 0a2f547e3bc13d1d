package campus

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/gorilla/mux"
)

func (c *Campus) ltiRoutes(r *mux.Router) {
	lti := r.PathPrefix("/mod/lti").Subrouter()
	lti.Use(c.inMaintenance)
	handle := func(path string, h http.HandlerFunc, methods ...string) {
		lti.HandleFunc(path, h).Methods(methods...)
	}
	handle("/openid-configuration.php", c.openIDConfiguration, http.MethodGet)
	handle("/openid-registration.php", c.registerTool, http.MethodGet, http.MethodPost)
	handle("/certs.php", c.certs, http.MethodGet)
	handle("/launch.php", c.initiateLogin, http.MethodGet)
	handle("/view.php", c.viewActivity, http.MethodGet)
	handle("/grade.php", c.gradePage, http.MethodGet)
	handle("/contentitem.php", c.chooseContent, http.MethodGet)
	handle("/contentitem_return.php", c.receiveContent, http.MethodPost)
	handle("/auth.php", c.authorise, http.MethodGet, http.MethodPost)
	handle("/return.php", c.returned, http.MethodGet)
	service := func(h http.HandlerFunc) http.HandlerFunc { return c.counted(c.injectFaults(h)).ServeHTTP }
	handle("/token.php", service(c.accessToken), http.MethodGet, http.MethodPost)
	handle("/services.php/CourseSection/{course}/bindings/{tool}/memberships", service(c.memberships), http.MethodGet)
	handle("/services.php/{course}/lineitems", service(c.listLineItems), http.MethodGet)
	handle("/services.php/{course}/lineitems", service(c.createLineItem), http.MethodPost)
	handle("/services.php/{course}/lineitems/{item}/lineitem", service(c.oneLineItem), http.MethodGet, http.MethodPut, http.MethodDelete)
	handle("/services.php/{course}/lineitems/{item}/lineitem/scores", service(c.postScore), http.MethodPost)
	handle("/services.php/{course}/lineitems/{item}/lineitem/results", service(c.listResults), http.MethodGet)
	// Without these, the router tries the site's pages.
	lti.PathPrefix("/services.php/").HandlerFunc(notAllowed)
	lti.MethodNotAllowedHandler = http.HandlerFunc(notAllowed)
}

// release and version are those of the recorded Moodle.
const (
	release = "4.5.5+ (Build: 20250613)"
	version = "2024100705.01"
)

// Names from the specifications.
const (
	ltiClaim   = "https://purl.imsglobal.org/spec/lti/claim/"
	toolConfig = "https://purl.imsglobal.org/spec/lti-tool-configuration"

	scopeLineItem         = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"
	scopeLineItemReadOnly = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly"
	scopeResult           = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly"
	scopeScore            = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
	scopeRoster           = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
	scopeToolSetting      = "https://purl.imsglobal.org/spec/lti-ts/scope/toolsetting"
	scopeBasicOutcome     = "https://purl.imsglobal.org/spec/lti-bo/scope/basicoutcome"
)

// agsScopes returns the scopes of the grade service in Moodle's order.
func agsScopes() []string {
	return []string{scopeLineItem, scopeLineItemReadOnly, scopeResult, scopeScore}
}

// object is a JSON object.
type object = map[string]any

const plainJSON = "application/json; charset=utf-8"

// writeJSON sends a value without escaping HTML, like the recordings.
func writeJSON(w http.ResponseWriter, status int, mediaType string, v any) {
	w.Header().Set("Content-Type", mediaType)
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // the client may have gone
}

// fail answers for a defect of the campus itself.
func (c *Campus) fail(w http.ResponseWriter, message string, err error) {
	c.cfg.Log.Error("campus request failed", "reason", message, "error", err)
	http.Error(w, message, http.StatusInternalServerError)
}

// escape escapes HTML as Moodle does: quotes stay.
func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}
