package campus_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/campus"
)

// copied returns an activity made by deep linking and its copy in a copied course.
func copied(t *testing.T) (x tool, linked, copiedLink campus.Activity) {
	t.Helper()
	x = newSite(t).newActiveTool(t)
	x.deepLinked(t)
	x.score(t, x.open(t, "/mod/lti/launch.php?as=6&id="+number(x.added()[0].CMID)).claims[agsClaim].(map[string]any)["lineitem"].(string))
	if id := x.CopyCourse(); id != 3 {
		t.Fatalf("copy is %d, want 3", id)
	}
	activities := x.Activities(3)
	return x, x.added()[0], activities[len(activities)-1]
}

// The copy has the same activities with other ids.
func TestCopiedActivities(t *testing.T) {
	x, _, _ := copied(t)
	before, after := x.Activities(2), x.Activities(3)
	if len(before) != len(after) {
		t.Fatalf("copied %+v to %+v", before, after)
	}
	seen := map[int64]bool{}
	for i, a := range after {
		if a.Name != before[i].Name || a.Module != before[i].Module || a.Max != before[i].Max {
			t.Errorf("%+v became %+v", before[i], a)
		}
		for _, id := range []int64{a.CMID, before[i].CMID} {
			if seen[id] {
				t.Errorf("two activities %d", id)
			}
			seen[id] = true
		}
	}
}

// A launch from the copy contains the new ids, the parameters copied with the activity,
// and the course it was copied from.
func TestCopiedLaunch(t *testing.T) {
	x, old, link := copied(t)
	was, is := x.open(t, "/mod/lti/launch.php?as=6&id="+number(old.CMID)).claims, x.open(t, "/mod/lti/launch.php?as=6&id="+number(link.CMID)).claims
	compareShapes(t, is, was)
	inside := func(claims map[string]any, name, member string) any { return claims[name].(map[string]any)[member] }
	if id := inside(is, claim+"context", "id"); id != "3" {
		t.Errorf("context is %v", id)
	}
	for _, differs := range [][2]string{
		{claim + "resource_link", "id"},
		{agsClaim, "lineitem"},
		{agsClaim, "lineitems"},
		{"https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice", "context_memberships_url"},
	} {
		if got := inside(is, differs[0], differs[1]); got == nil || got == inside(was, differs[0], differs[1]) {
			t.Errorf("%s is %v in both courses", differs[1], got)
		}
	}
	for member, want := range map[string]string{"badge_id": "b-1", "context_id": "3", "dl_ctx": "3"} {
		if got := inside(is, claim+"custom", member); got != want {
			t.Errorf("custom parameter %s is %v, want %s", member, got, want)
		}
	}
	// The first activity was copied too.
	page := x.get(t, "/course/3?as=6").body
	if strings.Contains(page, "launch.php?id=18&") || !strings.Contains(page, "/mod/lti/view.php?id="+number(link.CMID)) {
		t.Errorf("the copy's page is %s", page)
	}
}

// $Context.id.history contains the copied course.
func TestCourseHistory(t *testing.T) {
	s := newSite(t)
	x := tool{site: s, home: "http://tool.example"}
	body := x.registration()
	body[toolConfiguration].(map[string]any)["custom_parameters"] = map[string]string{"history": "$Context.id.history", "link": "$ResourceLink.id"}
	client := s.register(t, body).json(t).(map[string]any)["client_id"].(string)
	if err := s.Activate(client); err != nil {
		t.Fatal(err)
	}
	s.CopyCourse()
	for course, want := range map[int64]string{2: "", 3: "2"} {
		activities := s.Activities(course)
		claims, err := s.ActivityClaims(client, activities[len(activities)-1].CMID, 6, "a-nonce")
		if err != nil {
			t.Fatal(err)
		}
		custom := claims[claim+"custom"].(map[string]any)
		if custom["history"] != want || custom["link"] != claims[claim+"resource_link"].(map[string]any)["id"] {
			t.Errorf("course %d: custom parameters are %v", course, custom)
		}
	}
	if _, err := s.ActivityClaims(client, campus.QuizCMID, 6, "a-nonce"); err == nil {
		t.Error("the quiz is launched")
	}
}

// Each service keeps the two courses apart.
func TestCopiedServices(t *testing.T) {
	x, _, link := copied(t)
	token := x.token(t, allScopes)
	read := func(path, accept string) any {
		got := x.get(t, path, "Authorization", "Bearer "+token, "Accept", accept)
		if got.status != http.StatusOK {
			t.Fatalf("%s: answer is %d %s", path, got.status, got.body)
		}
		return got.json(t)
	}
	roster := read("/mod/lti/services.php/CourseSection/3/bindings/2/memberships", "application/vnd.ims.lti-nrps.v2.membershipcontainer+json").(map[string]any)
	first := read("/mod/lti/services.php/CourseSection/2/bindings/2/memberships", "application/vnd.ims.lti-nrps.v2.membershipcontainer+json").(map[string]any)
	if roster["context"].(map[string]any)["id"] != "3" || len(roster["members"].([]any)) != len(first["members"].([]any)) {
		t.Errorf("roster is %v", roster)
	}
	items := read("/mod/lti/services.php/3/lineitems?type_id=2&tag=tag-1", "application/vnd.ims.lis.v2.lineitemcontainer+json").([]any)
	if len(items) != 1 || items[0].(map[string]any)["label"] != link.Name {
		t.Fatalf("line items are %v", items)
	}
	address := strings.TrimPrefix(items[0].(map[string]any)["id"].(string), x.url)
	results := read(strings.Replace(address, "/lineitem?", "/lineitem/results?", 1), "application/vnd.ims.lis.v2.resultcontainer+json")
	if len(results.([]any)) != 0 {
		t.Errorf("scores were copied: %v", results)
	}
	wrong := strings.Replace(address, "services.php/3/", "services.php/2/", 1)
	if got := x.get(t, wrong, "Authorization", "Bearer "+token, "Accept", "application/vnd.ims.lis.v2.lineitem+json"); got.status != http.StatusNotFound {
		t.Errorf("the copy's line item in the first course: %d %s", got.status, got.body)
	}
}

// Zoë, who completed everything in the first course, has no results in the copy.
func TestCopiedWebServices(t *testing.T) {
	x, _, _ := copied(t)
	call := func(function, course string) any {
		got := x.post(t, "/webservice/rest/server.php", url.Values{
			"wstoken": {x.Token()}, "moodlewsrestformat": {"json"}, "wsfunction": {function}, "courseid": {course}, "userid": {"6"},
		})
		return got.json(t)
	}
	for course, want := range map[string]bool{"2": true, "3": false} {
		status := call("core_completion_get_course_completion_status", course).(map[string]any)["completionstatus"].(map[string]any)
		if status["completed"] != want {
			t.Errorf("course %s: completed is %v", course, status["completed"])
		}
	}
	for _, function := range []string{
		"core_course_get_contents", "core_completion_get_activities_completion_status", "core_enrol_get_enrolled_users", "gradereport_user_get_grade_items",
	} {
		t.Run(function, func(t *testing.T) {
			if got, isError := call(function, "3").(map[string]any); isError && got["exception"] != nil {
				t.Errorf("answer is %v", got)
			}
		})
	}
	if err := x.SetGrade(6, x.Activities(3)[2].CMID, new(float64)); err != nil {
		t.Error(err)
	}
	if report := call("gradereport_user_get_grade_items", "3").(map[string]any)["usergrades"].([]any)[0].(map[string]any); report["courseid"] != 3.0 {
		t.Errorf("report is of course %v", report["courseid"])
	}
	if got := call("core_course_get_contents", "4").(map[string]any); got["errorcode"] != "invalidrecord" {
		t.Errorf("a course that there is not: %v", got)
	}
}

// The administrator's button copies the course.
func TestCopyButton(t *testing.T) {
	s := newSite(t)
	if got := s.post(t, "/admin/courses/copy", nil, "Sec-Fetch-Site", "cross-site"); got.status != http.StatusForbidden {
		t.Errorf("from foreign: %d", got.status)
	}
	if got := s.post(t, "/admin/courses/copy", nil); got.status != http.StatusSeeOther {
		t.Errorf("answer is %d", got.status)
	}
	for path, want := range map[string]string{"/admin/tools": `id="course-3"`, "/": "/course/3?as=6", "/gradebook?course=3": "copie 1"} {
		if page := s.get(t, path); !strings.Contains(page.body, want) {
			t.Errorf("%s does not show %s", path, want)
		}
	}
	if got := s.get(t, "/gradebook?course=9"); got.status != http.StatusNotFound {
		t.Errorf("gradebook of no course: %d", got.status)
	}
}
