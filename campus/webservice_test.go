package campus_test

import (
	"net/http"
	"testing"
)

// TestWebServiceShapes replays recorded calls: the campus must send Moodle's
// members and types, and no others.
func TestWebServiceShapes(t *testing.T) {
	for _, tt := range []struct {
		name   string
		except []string
	}{
		{name: "ws-site-info"},
		{name: "ws-courses-by-field"},
		{name: "ws-course-contents"},
		{name: "ws-enrolled-users"},
		{name: "ws-enrolled-users-suspended"},
		{name: "ws-users-by-id"},
		{name: "ws-user-groups"},
		{name: "ws-grade-items-all"},
		{name: "ws-grade-items-one"},
		{name: "ws-grade-items-no-grade"},
		{name: "ws-course-completion-complete"},
		{name: "ws-course-completion-incomplete"},
		{name: "ws-course-completion-untouched"},
		{name: "ws-activities-completion-complete"},
		{name: "ws-activities-completion-failed"},
		{name: "ws-activities-completion-overridden"},
		{name: "ws-activities-completion-untouched"},
		{name: "ws-message-send"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t)
			r := recorded(t, tt.name)
			got := s.post(t, "/webservice/rest/server.php", r.Request.form(s))
			if got.status != http.StatusOK || got.header.Get("Content-Type") != r.Response.mediaType() {
				t.Errorf("answer is %d %s", got.status, got.header.Get("Content-Type"))
			}
			compareShapes(t, got.json(t), r.Response.JSON, tt.except...)
		})
	}
}
