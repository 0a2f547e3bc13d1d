package campus

import (
	"errors"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/gorilla/mux"
)

// serviceError is a refusal by one of Moodle's LTI services.
type serviceError struct {
	status int
	reason string
}

func (e *serviceError) Error() string { return e.reason }

func refuse(status int, format string, args ...any) error {
	return &serviceError{status, fmt.Sprintf(format, args...)}
}

// writeServiceError sends a refusal, or status 500 for another error.
func (c *Campus) writeServiceError(w http.ResponseWriter, r *http.Request, err error) {
	var refused *serviceError
	if !errors.As(err, &refused) {
		c.fail(w, "LTI service failed", err)
		return
	}
	writeRefusal(w, r, refused)
}

func writeRefusal(w http.ResponseWriter, r *http.Request, e *serviceError) {
	writeJSON(w, e.status, plainJSON, object{
		"status": e.status,
		"reason": e.reason,
		"request": object{
			"method": r.Method, "url": r.URL.RequestURI(), "accept": r.Header.Get("Accept"), "contentType": r.Header.Get("Content-Type"),
		},
	})
}

func notAllowed(w http.ResponseWriter, r *http.Request) {
	writeRefusal(w, r, &serviceError{http.StatusMethodNotAllowed, "Method Not Allowed"})
}

// caller returns the tool of a request's access token if the token has one of the
// scopes. The caller must hold the lock.
func (c *Campus) caller(r *http.Request, scopes ...string) (*tool, error) {
	bearer, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	g, ok := c.access[bearer]
	opens := slices.ContainsFunc(scopes, func(s string) bool { return slices.Contains(g.scopes, s) })
	if !ok || !opens || !c.cfg.Now().Before(g.expires) {
		return nil, refuse(http.StatusUnauthorized, "Unauthorized")
	}
	return g.tool, nil
}

// courseOf finds the course of a request. The caller must hold the lock.
func (c *Campus) courseOf(r *http.Request) (*course, error) {
	id := mux.Vars(r)["course"]
	if k := c.school.course(id); k != nil {
		return k, nil
	}
	return nil, refuse(http.StatusNotFound, "Not Found: Course %s doesn't exist", id)
}

// accepts requires exactly one media type in Accept, because Moodle compares texts.
func accepts(r *http.Request, mediaType string) error {
	switch accept := r.Header.Get("Accept"); accept {
	case mediaType:
		return nil
	case "", "*/*":
		return refuse(http.StatusBadRequest, "No context or unsupported content type")
	default:
		return refuse(http.StatusBadRequest, "No handler found for %s %s ", servicePath(r), accept)
	}
}

// sends requires a media type of the request; it ignores a charset.
func sends(r *http.Request, mediaType string) error {
	sent := r.Header.Get("Content-Type")
	if parsed, _, err := mime.ParseMediaType(sent); err == nil && parsed == mediaType {
		return nil
	}
	return refuse(http.StatusBadRequest, "No handler found for %s  %s", servicePath(r), sent)
}

func servicePath(r *http.Request) string {
	return strings.TrimPrefix(r.URL.Path, "/mod/lti/services.php")
}
