package e2e_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/campus"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
)

// TestGradebookColumn gives a badge a column in the LMS's gradebook. The learners who
// have the badge get a score there, with the public link after they claim, and so do
// learners who earn it later.
func TestGradebookColumn(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	v := d.visitor()
	session := v.launch(t, 3)
	badge := d.seededBadge(t)
	page := session + "/badges/" + string(badge.ID)
	column := func(state string) {
		t.Helper()
		w := v.post(t, page+"/column", url.Values{"csrf": {v.csrf(t, page)}, "column": {state}})
		if w.Code != http.StatusSeeOther {
			t.Fatalf("column %s: %d %s", state, w.Code, said(w))
		}
	}
	column("on")
	entered := func(user int64) bool {
		points, _, ok := d.Campus.Score(user, badge.Current.Name)
		return ok && points == 100
	}
	eventually(t, "Zoë's grade", func() bool { return entered(6) })
	if _, comment, _ := d.Campus.Score(6, badge.Current.Name); comment != "" {
		t.Errorf("before she claims, the comment is %q", comment)
	}
	claimed := d.assertions(t, "6")[0]
	d.visitor().post(t, d.claimPath(t, zoesMail), url.Values{"decision": {"accept"}})
	eventually(t, "the link in the comment", func() bool {
		_, comment, _ := d.Campus.Score(6, badge.Current.Name)
		return strings.Contains(comment, "/v/"+string(claimed.ID))
	})
	grade := 95.0
	must(t, d.Campus.SetGrade(sinead, quiz, &grade))
	eventually(t, "Sinéad's grade", func() bool { return entered(sinead) })
	// A learner who has left the course cannot be graded. The teacher can see that.
	must(t, d.Campus.Unenrol(2, 6))
	column("on") // a second time does no harm and sends all scores again
	eventually(t, "the refusal on the badge's page", func() bool { return strings.Contains(said(v.get(t, page)), "Absent du carnet de notes") })
	column("off")
	if _, _, ok := d.Campus.Score(6, badge.Current.Name); ok {
		t.Error("the column is still there")
	}
	if w := v.post(t, page+"/column", url.Values{"csrf": {v.csrf(t, page)}, "column": {"off"}}); w.Code != http.StatusNotFound {
		t.Errorf("removing a missing column: %d", w.Code)
	}
	d.Campus.SetFaults(campus.Faults{Maintenance: true})
	if w := v.post(t, page+"/column", url.Values{"csrf": {v.csrf(t, page)}, "column": {"on"}}); w.Code != http.StatusBadGateway || !strings.Contains(said(w), "Code") {
		t.Errorf("while the LMS is closed: %d %s", w.Code, said(w))
	}
}

// TestWithoutWebServices uses an LMS that offers only LTI. Its roster and the results
// of Insigne's own line items earn badges.
func TestWithoutWebServices(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	v := d.visitor()
	session := v.launch(t, 3)
	course, ok := d.course(t)
	if !ok {
		t.Fatal("no course")
	}
	platform, err := d.App.Store().Platform(t.Context(), course.Platform)
	must(t, err)
	services, err := d.App.Store().Services(t.Context(), course.CourseKey)
	must(t, err)
	grades := d.App.Tool().Grades(platform.Registration, services)
	jury, err := grades.CreateLineItem(t.Context(), lti.LineItem{Label: "Jury", ScoreMaximum: 20})
	must(t, err)
	given := map[string]float64{"7": 15, "11": 9}
	for user, points := range given {
		err := grades.PostScore(t.Context(), jury.ID, lti.Score{
			User: user, Given: &points, Maximum: 20, Activity: lti.ActivityCompleted, Grading: lti.FullyGraded, Timestamp: time.Now(),
		})
		must(t, err)
	}
	err = d.App.Store().Tx(t.Context(), func(tx *store.Tx) error {
		if err := tx.SwitchBadge(t.Context(), course.CourseKey, d.seededBadge(t).ID, badges.Off, "3"); err != nil {
			return err
		}
		return tx.SetService(t.Context(), course.Platform, badges.Service{})
	})
	must(t, err)
	form := said(v.get(t, session+"/badges/new"))
	if !strings.Contains(form, "Jury") || strings.Contains(form, "Quiz d’évaluation") {
		t.Errorf("the form offers %s", form)
	}
	rule := url.Values{
		"csrf": {v.csrf(t, session+"/badges/new")}, "name": {"Reçu par le jury"}, "description": {"x"}, "match": {"all"},
		"picture": {string(d.seededBadge(t).Current.Picture)}, "issuer": {string(d.seededBadge(t).Current.Issuer)},
		"node": {"condition:1"}, "condition": {"line_item_grade:" + url.QueryEscape(jury.ID)}, "percent": {"50"},
	}
	made := v.post(t, session+"/badges/new", rule)
	if made.Code != http.StatusSeeOther {
		t.Fatalf("saving is answered %d: %s", made.Code, said(made))
	}
	page := made.Header().Get("Location")
	if w := v.get(t, page+"/preview"); !strings.Contains(said(w), "Sinéad") {
		t.Errorf("the preview says %s", said(w))
	}
	if w := v.post(t, page+"/switch", url.Values{"csrf": {v.csrf(t, page)}, "state": {"on"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("switching on is answered %d: %s", w.Code, said(w))
	}
	eventually(t, "the award to Sinéad and nobody else", func() bool {
		return len(d.assertions(t, "7")) == 1 && len(d.assertions(t, "11")) == 0
	})
	if facts := d.assertions(t, "7")[0].Facts; len(facts) != 1 || facts[0].Percent != 75 || facts[0].Name != "Jury" || facts[0].Source != "lti:results" {
		t.Errorf("facts = %+v", facts)
	}
	eventually(t, "the mail", func() bool { return d.mailsTo(sineadsMail) == 1 })
}
