package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/campus"
)

// TestGradebookColumn gives a badge a column in the LMS's gradebook: whoever
// holds it is entered, with the public link once there is one, and so is who
// earns it later.
func TestGradebookColumn(t *testing.T) {
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
		points, _, ok := d.campus.Score(user, badge.Current.Name)
		return ok && points == 100
	}
	eventually(t, "Zoë's grade", func() bool { return entered(6) })
	if _, comment, _ := d.campus.Score(6, badge.Current.Name); comment != "" {
		t.Errorf("before she claims, the comment is %q", comment)
	}
	claimed := d.assertions(t, "6")[0]
	d.visitor().post(t, d.claimPath(t, zoesMail), url.Values{"decision": {"accept"}})
	eventually(t, "the link in the comment", func() bool {
		_, comment, _ := d.campus.Score(6, badge.Current.Name)
		return strings.Contains(comment, "/v/"+string(claimed.ID))
	})
	grade := 95.0
	if err := d.campus.SetGrade(sinead, quiz, &grade); err != nil {
		t.Fatal(err)
	}
	eventually(t, "Sinéad's grade", func() bool { return entered(sinead) })
	column("on") // twice does no harm
	column("off")
	if _, _, ok := d.campus.Score(6, badge.Current.Name); ok {
		t.Error("the column is still there")
	}
	if w := v.post(t, page+"/column", url.Values{"csrf": {v.csrf(t, page)}, "column": {"off"}}); w.Code != http.StatusNotFound {
		t.Errorf("removing what is not there: %d", w.Code)
	}
	d.campus.SetFaults(campus.Faults{Maintenance: true})
	if w := v.post(t, page+"/column", url.Values{"csrf": {v.csrf(t, page)}, "column": {"on"}}); w.Code != http.StatusBadGateway || !strings.Contains(said(w), "Code") {
		t.Errorf("while the LMS is closed: %d %s", w.Code, said(w))
	}
}
