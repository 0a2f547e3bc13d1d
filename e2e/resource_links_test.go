package e2e_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
)

const (
	ltiClaim   = "https://purl.imsglobal.org/spec/lti/claim/"
	membership = "http://purl.imsglobal.org/vocab/lis/v2/membership"
)

// placing turns a launch into a deep linking request of the campus.
func (d *demo) placing(claims map[string]any) {
	claims[ltiClaim+"message_type"] = "LtiDeepLinkingRequest"
	claims["https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"] = map[string]any{
		"deep_link_return_url": d.CampusURL + "/mod/lti/contentitem_return.php?sesskey=abc", "accept_types": []string{"ltiResourceLink"},
		"accept_presentation_document_targets": []string{"iframe"}, "accept_multiple": true,
	}
	delete(claims, ltiClaim+"resource_link")
}

var hiddenJWT = regexp.MustCompile(`name="JWT" value="([^"]+)"`)

func TestPlacement(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	badge := d.seededBadge(t)
	v := d.visitor()
	page := v.launchWith(t, 3, d.placing)
	if !strings.Contains(page, "/place/") || !strings.Contains(said(v.get(t, page)), badge.Current.Name) {
		t.Fatalf("the launch opens %s: %s", page, said(v.get(t, page)))
	}
	choose := func(v visitor, choice string) (code int, token string) {
		t.Helper()
		w := v.post(t, page, url.Values{"csrf": {v.csrf(t, page)}, "choice": {choice}})
		if policy := w.Header().Get("Content-Security-Policy"); w.Code == http.StatusOK && !strings.Contains(policy, "form-action "+d.CampusURL+"/mod/lti/contentitem_return.php;") {
			t.Errorf("the answer may be posted elsewhere: %s", policy)
		}
		if found := hiddenJWT.FindStringSubmatch(w.Body.String()); found != nil {
			token = found[1]
		}
		return w.Code, token
	}
	if code, _ := choose(v, "00000000-0000-0000-0000-000000000000"); code != http.StatusNotFound {
		t.Errorf("a badge that is not there: %d", code)
	}
	stranger := d.visitor()
	stranger.launchWith(t, 3, otherCourse)
	if w := stranger.get(t, page); w.Code != http.StatusUnauthorized {
		t.Errorf("somebody else's choice: %d", w.Code)
	}
	csrf := v.csrf(t, page)
	if code, token := choose(v, string(badge.ID)); code != http.StatusOK || strings.Count(token, ".") != 2 {
		t.Errorf("choosing a badge: %d %q", code, token)
	}
	if w := v.post(t, page, url.Values{"csrf": {csrf}, "choice": {"course"}}); w.Code != http.StatusGone {
		t.Errorf("a second answer: %d, want 410", w.Code)
	}
	if w := v.get(t, page); w.Code != http.StatusGone {
		t.Errorf("the page after the answer: %d, want 410", w.Code)
	}

	student := d.visitor()
	nonce, state := student.login(t, 6)
	token, err := d.Campus.MintLaunch(student.client(t), 6, nonce, d.placing)
	must(t, err)
	w := student.post(t, "/lti/launch", url.Values{"id_token": {token}, "state": {state}})
	if w.Code != http.StatusBadRequest || !strings.Contains(said(w), string(lti.RoleForbidden)) {
		t.Errorf("a learner places content: %d %s", w.Code, said(w))
	}
}

// TestLinkToABadge opens links that name a badge of this course, a badge of another
// course, and something that is not a badge.
func TestLinkToABadge(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	id := string(d.seededBadge(t).ID)
	for _, tt := range []struct {
		name  string
		user  int64
		badge string
		other bool
		want  string
	}{
		{"teacher", 3, id, false, "/badges/" + id},
		{"learner", 6, id, false, "/mine/" + id},
		{"learner of a copied course", 6, id, true, "/mine"},
		{"teacher of a copied course", 3, id, true, "/badges"},
		{"no badge at all", 6, "../../admin", false, "/mine"},
	} {
		page := d.visitor().launchWith(t, tt.user, func(c map[string]any) {
			c[ltiClaim+"custom"] = map[string]string{"badge": tt.badge}
			if tt.other {
				otherCourse(c)
			}
		})
		if !strings.HasSuffix(page, tt.want) {
			t.Errorf("%s: opens %s, want …%s", tt.name, page, tt.want)
		}
	}
}

func TestReviewAndMentor(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	review := func(learner string) func(map[string]any) {
		return func(c map[string]any) {
			c[ltiClaim+"message_type"], c[ltiClaim+"for_user"] = "LtiSubmissionReviewRequest", map[string]string{"user_id": learner}
		}
	}
	teacher := d.visitor()
	page := teacher.launchWith(t, 3, review("6"))
	if text := said(teacher.get(t, page)); !strings.Contains(text, "Zoë") || strings.Contains(teacher.get(t, page).Body.String(), "/claim/") {
		t.Errorf("the teacher reads %s", text)
	}
	student := d.visitor()
	if w := student.get(t, student.launchWith(t, 7, review("6"))); w.Code != http.StatusForbidden {
		t.Errorf("a learner reviews another learner: %d", w.Code)
	}
	mentor := d.visitor()
	page = mentor.launchWith(t, 8, func(c map[string]any) {
		c[ltiClaim+"roles"], c[ltiClaim+"role_scope_mentor"] = []string{membership + "#Mentor"}, []string{"6"}
	})
	if !strings.HasSuffix(page, "/learners") || !strings.Contains(said(mentor.get(t, page)), "Zoë") {
		t.Errorf("the mentor opens %s: %s", page, said(mentor.get(t, page)))
	}
	if w := mentor.get(t, page+"/6"); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "/claim/") {
		t.Errorf("the mentor's learner: %d %s", w.Code, said(w))
	}
	if w := mentor.get(t, page+"/7"); w.Code != http.StatusForbidden {
		t.Errorf("somebody else's learner: %d", w.Code)
	}
	many := make([]string, 60)
	for i := range many {
		many[i] = fmt.Sprint("unknown-", i)
	}
	many[55] = "6"
	page = mentor.launchWith(t, 8, func(c map[string]any) {
		c[ltiClaim+"roles"], c[ltiClaim+"role_scope_mentor"] = []string{membership + "#Mentor"}, many
	})
	if w := mentor.get(t, page); !strings.Contains(w.Body.String(), "/learners?from=50") || strings.Contains(said(w), "Zoë") {
		t.Errorf("the first fifty: %s", said(w))
	}
	if w := mentor.get(t, page+"?from=50"); !strings.Contains(said(w), "Zoë") || strings.Contains(w.Body.String(), "<html") {
		t.Errorf("the rest: %s", said(w))
	}
	if w := mentor.get(t, page+"?from=-1"); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("no page: %d", w.Code)
	}
}

// TestLinkOutsideACourse shows a person's badges of all courses (case 35).
func TestLinkOutsideACourse(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	v := d.visitor()
	page := v.launchWith(t, 6, func(c map[string]any) { delete(c, ltiClaim+"context") })
	if w := v.get(t, page); w.Code != http.StatusOK || !strings.Contains(said(w), d.seededBadge(t).Current.Name) {
		t.Errorf("%s: %d %s", page, w.Code, said(w))
	}
	if w := v.get(t, strings.Replace(page, "/mine", "/badges", 1)); w.Code != http.StatusForbidden {
		t.Errorf("the teacher's page outside a course: %d", w.Code)
	}
}

// TestCopiedCourse takes over the badges of the course that this one was copied from:
// their content, and no awards. Links to the originals open the copies.
func TestCopiedCourse(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	v := d.visitor()
	v.launchWith(t, 3, otherCourse)
	here := badges.CourseKey{Platform: d.platform(t), Context: "2"}
	content := d.seededBadge(t).Current.Content
	content.Name = "From last year"
	content.Rule = badges.Rule{Kind: badges.ActivityGrade, Activity: "903", Name: "Quiz d'évaluation", Percent: 60}
	var source badges.Badge
	err := d.App.Store().Tx(t.Context(), func(tx *store.Tx) error {
		var err error
		source, err = tx.CreateBadge(t.Context(), badges.CourseKey{Platform: here.Platform, Context: "77"}, content, "3")
		return err
	})
	must(t, err)
	copied := func(c map[string]any) {
		c[ltiClaim+"custom"] = map[string]string{"context_history": "76, 77", "badge": string(source.ID)}
	}
	list := sessionOf(v.launchWith(t, 3, copied)) + "/badges"
	if text := said(v.get(t, list)); !strings.Contains(text, "From last year") {
		t.Fatalf("nothing is offered: %s", text)
	}
	form := url.Values{"csrf": {v.csrf(t, list)}, "source": {"999"}}
	if w := v.post(t, list+"/take-over", form); w.Code != http.StatusNotFound {
		t.Errorf("a course that is not in its history: %d", w.Code)
	}
	form.Set("source", "77")
	for range 2 { // the second press finds nothing left
		if w := v.post(t, list+"/take-over", form); w.Code != http.StatusSeeOther {
			t.Fatalf("taking over: %d %s", w.Code, said(w))
		}
	}
	found, err := d.App.Store().Badges(t.Context(), here)
	if err != nil || len(found) != 2 {
		t.Fatalf("badges here = %+v, %v; want the demo's and the copy", found, err)
	}
	taken := found[0]
	if taken.State != badges.Draft || taken.Current.Name != "From last year" || taken.Counts != (badges.Counts{}) || taken.Current.Rule.Activity != "3" {
		t.Errorf("copy = %+v, want a draft about this course's quiz without awards", taken)
	}
	if page := v.launchWith(t, 3, copied); !strings.HasSuffix(page, "/badges/"+string(taken.ID)) {
		t.Errorf("the copied link opens %s", page)
	}
	if strings.Contains(v.get(t, list).Body.String(), `id="take-over"`) {
		t.Error("the offer is still there")
	}
	learner := d.visitor()
	if w := learner.post(t, sessionOf(learner.launchWith(t, 6, copied))+"/badges/take-over", form); w.Code != http.StatusForbidden {
		t.Errorf("a learner takes badges over: %d", w.Code)
	}
}
