package e2e_test

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/campus"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
)

// atCampus sends a request to the campus: a post if there is a form.
func (d *demo) atCampus(t *testing.T, address string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if form != nil {
		r = httptest.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	d.Campus.Handler().ServeHTTP(w, r)
	return w
}

// follow opens the tool from an address of the campus, including the login, and returns
// the path of the first page.
func (v visitor) follow(t *testing.T, address string) string {
	t.Helper()
	return v.page(t, v.opens(t, address))
}

// place puts a badge into the course as the teacher, with deep linking. It returns the
// activity that the campus made.
func (v visitor) place(t *testing.T, choice, column string) campus.Activity {
	t.Helper()
	page := v.follow(t, "/mod/lti/contentitem.php?id=2&course=2&as=3")
	w := v.post(t, page, url.Values{"csrf": {v.csrf(t, page)}, "choice": {choice}, "column": {column}})
	action := regexp.MustCompile(`<form method="post" action="([^"]+)"`).FindStringSubmatch(w.Body.String())
	if action == nil {
		t.Fatalf("no answer: %d %s", w.Code, said(w))
	}
	back, err := url.Parse(html.UnescapeString(action[1]))
	must(t, err)
	if w := v.atCampus(t, back.RequestURI(), hidden(w)); w.Code != http.StatusOK {
		t.Fatalf("the campus does not take the content: %d %s", w.Code, said(w))
	}
	list := v.Campus.Activities(2)
	return list[len(list)-1]
}

// columns returns the tool's line items for a badge.
func (d *demo) columns(t *testing.T, badge badges.BadgeID) []lti.LineItem {
	t.Helper()
	course, ok := d.course(t)
	if !ok {
		t.Fatal("no course")
	}
	platform, err := d.App.Store().Platform(t.Context(), course.Platform)
	must(t, err)
	services, err := d.App.Store().Services(t.Context(), course.CourseKey)
	must(t, err)
	items, err := d.App.Tool().Grades(platform.Registration, services).LineItems(t.Context(), lti.LineItemFilter{ResourceID: string(badge)})
	must(t, err)
	return items
}

// column returns the column to which Insigne sends the badge's scores; the zero value
// if there is none.
func (d *demo) column(t *testing.T, course badges.CourseKey, badge badges.BadgeID) store.Column {
	t.Helper()
	c, err := d.App.Store().Column(t.Context(), course, badge)
	if err != nil && !fault.Is(err, fault.NotFound) {
		t.Fatal(err)
	}
	return c
}

// setColumn adds or removes a badge's column on the badge's page.
func (v visitor) setColumn(t *testing.T, page, state string) {
	t.Helper()
	v.change(t, page+"/column", page, url.Values{"column": {state}})
}

// change posts a form of a page. The answer must be a redirect.
func (v visitor) change(t *testing.T, address, page string, form url.Values) {
	t.Helper()
	form.Set("csrf", v.csrf(t, page))
	if w := v.post(t, address, form); w.Code != http.StatusSeeOther {
		t.Fatalf("%s %v: %d %s", address, form, w.Code, said(w))
	}
}

func launchOf(a campus.Activity, user string) string {
	return "/mod/lti/launch.php?id=" + strconv.FormatInt(a.CMID, 10) + "&as=" + user
}

// TestPlacedColumn places a badge with a column. The first launch of the activity makes
// it the column of the badge. Learners who have the badge get a score there, no second
// column is made, and the LMS links from a grade to the learner's badges (cases 61 and
// 62).
func TestPlacedColumn(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	badge := d.seededBadge(t)
	v := d.visitor()
	session := v.launch(t, 3)
	placed := v.place(t, string(badge.ID), "on")
	items := d.columns(t, badge.ID)
	if len(items) != 1 || items[0].ScoreMaximum != 1 || items[0].ResourceLinkID == "" || items[0].Tag != badges.ColumnTag {
		t.Fatalf("the campus has the columns %+v", items)
	}
	course, _ := d.course(t)
	column := func() string { return d.column(t, course.CourseKey, badge.ID).LineItem }
	v.launch(t, 3) // launches another link
	if column() != "" {
		t.Error("the column belongs to the badge before its activity was opened")
	}
	learner := d.visitor()
	if page := learner.follow(t, launchOf(placed, "7")); !strings.HasSuffix(page, "/mine/"+string(badge.ID)) {
		t.Errorf("the activity opens %s", page)
	}
	if column() != items[0].ID {
		t.Errorf("the badge's column is %q, want %q", column(), items[0].ID)
	}
	eventually(t, "Zoë's point", func() bool {
		points, _, ok := d.Campus.Score(6, placed.Name)
		return ok && points == 1
	})
	page := session + "/badges/" + string(badge.ID)
	v.setColumn(t, page, "on")
	again := v.place(t, string(badge.ID), "on")
	learner.follow(t, launchOf(again, "7"))
	if items := d.columns(t, badge.ID); len(items) != 1 || column() != items[0].ID {
		t.Errorf("the columns are now %+v, the badge's %q", items, column())
	}
	if w := d.atCampus(t, "/gradebook?course=2", nil); !strings.Contains(w.Body.String(), "/mod/lti/grade.php?id="+strconv.FormatInt(placed.CMID, 10)+"&amp;userid=6") {
		t.Error("the gradebook has no link to the learner's badges")
	}
	review := v.follow(t, launchOf(placed, "3")+"&action=gradeReport&user=6")
	if w := v.get(t, review); !strings.HasSuffix(review, "/learners/6") || !strings.Contains(said(w), "Zoë") {
		t.Errorf("the review opens %s: %s", review, said(w))
	}
}

// TestPlacedColumnStays checks that Insigne never deletes a column that came with an
// activity. It belongs to the LMS, which deletes it with the activity.
func TestPlacedColumnStays(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	badge := d.seededBadge(t)
	v := d.visitor()
	page := v.launch(t, 3) + "/badges/" + string(badge.ID)
	course, _ := d.course(t)
	column := func() store.Column { return d.column(t, course.CourseKey, badge.ID) }
	placed := v.place(t, string(badge.ID), "on")
	v.follow(t, launchOf(placed, "3"))
	linked := store.Column{LineItem: d.columns(t, badge.ID)[0].ID, Placed: true}
	if said := said(v.get(t, page+"?lang=en")); column() != linked || !strings.Contains(said, "goes with it") || strings.Contains(said, "Remove the column") {
		t.Errorf("the badge's column is %+v, want %+v; its page: %s", column(), linked, said)
	}
	v.setColumn(t, page, "off")
	if len(d.columns(t, badge.ID)) != 1 || column().LineItem != "" {
		t.Errorf("given up: the LMS has %+v, the badge %+v", d.columns(t, badge.ID), column())
	}
	if v.follow(t, launchOf(placed, "3")); column().LineItem != "" {
		t.Errorf("opened after that: the badge has the column %+v", column())
	}
	v.setColumn(t, page, "on")
	if len(d.columns(t, badge.ID)) != 1 || column() != linked {
		t.Errorf("asked for again: the LMS has %+v, the badge %+v", d.columns(t, badge.ID), column())
	}
	v.setColumn(t, page, "off")
	v.place(t, string(badge.ID), "on")
	if len(d.columns(t, badge.ID)) != 1 || column() != linked {
		t.Errorf("placed again: the LMS has %+v, the badge %+v", d.columns(t, badge.ID), column())
	}
	d.Campus.DeleteActivity(placed.CMID)
	next := v.place(t, string(badge.ID), "on")
	v.follow(t, launchOf(next, "3"))
	if items := d.columns(t, badge.ID); len(items) != 1 || items[0].ID == linked.LineItem || column().LineItem != items[0].ID {
		t.Errorf("placed after the activity was deleted: the LMS has %+v, the badge %+v", items, column())
	}
	d.Campus.DeleteActivity(next.CMID)
	v.setColumn(t, page, "on")
	if items := d.columns(t, badge.ID); len(items) != 1 || column() != (store.Column{LineItem: items[0].ID}) {
		t.Errorf("made after the activity was deleted: the LMS has %+v, the badge %+v", items, column())
	}
	if v.setColumn(t, page, "off"); len(d.columns(t, badge.ID)) != 0 {
		t.Errorf("a column that Insigne made is left: %+v", d.columns(t, badge.ID))
	}
}

// TestPlacedColumnCopied copies a course with an activity and its column. The column
// becomes that of the copied badge, although it names the original. The badge gets no
// other column.
func TestPlacedColumnCopied(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	badge := d.seededBadge(t)
	v := d.visitor()
	v.launch(t, 3)
	v.follow(t, launchOf(v.place(t, string(badge.ID), "on"), "3"))
	copied := d.Campus.CopyCourse()
	list := d.Campus.Activities(copied)
	link := launchOf(list[len(list)-1], "3")
	offers := sessionOf(v.follow(t, link)) + "/badges"
	v.change(t, offers+"/take-over", offers, url.Values{"source": {"2"}})
	page := v.follow(t, link)
	taken := badges.BadgeID(page[strings.LastIndex(page, "/")+1:])
	here := badges.CourseKey{Platform: d.platform(t), Context: badges.ContextID(strconv.FormatInt(copied, 10))}
	column := d.column(t, here, taken)
	if taken == badge.ID || !column.Placed || !strings.Contains(column.LineItem, "/services.php/"+string(here.Context)+"/") {
		t.Fatalf("the copy %s has the column %+v", page, column)
	}
	v.setColumn(t, page, "on")
	if again := d.column(t, here, taken); again != column {
		t.Errorf("asked for again, the column is %+v, want %+v", again, column)
	}
}

// TestPlacedColumnUnasked places a badge while the LMS cannot list its columns. Nothing
// is sent that could make a second column, and the teacher can answer later.
func TestPlacedColumnUnasked(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	badge := d.seededBadge(t)
	v := d.visitor()
	v.launch(t, 3)
	page := v.follow(t, "/mod/lti/contentitem.php?id=2&course=2&as=3")
	choice := url.Values{"csrf": {v.csrf(t, page)}, "choice": {string(badge.ID)}, "column": {"on"}}
	d.Campus.SetFaults(campus.Faults{Maintenance: true})
	if w := v.post(t, page, choice); w.Code != http.StatusBadGateway {
		t.Errorf("while the LMS is closed: %d %s", w.Code, said(w))
	}
	d.Campus.SetFaults(campus.Faults{})
	if w := v.post(t, page, choice); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "contentitem_return") {
		t.Errorf("afterwards: %d %s", w.Code, said(w))
	}
}

// TestPlacedWithoutColumn checks that a column stays unused if nobody asked for one.
func TestPlacedWithoutColumn(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	badge := d.seededBadge(t)
	v := d.visitor()
	v.launch(t, 3)
	course, _ := d.course(t)
	for name, a := range map[string]campus.Activity{
		"no column":  v.place(t, string(badge.ID), ""),
		"all badges": v.place(t, "course", "on"),
	} {
		if v.follow(t, launchOf(a, "3")); len(d.columns(t, badge.ID)) != 0 {
			t.Errorf("%s: columns %v", name, d.columns(t, badge.ID))
		}
	}
	services, err := d.App.Store().Services(t.Context(), course.CourseKey)
	must(t, err)
	endpoint := func(more map[string]any) map[string]any {
		claim := map[string]any{"lineitems": services.LineItemsURL, "lineitem": services.LineItemsURL + "&x=1", "scope": services.GradeScopes}
		for name, value := range more {
			claim[name] = value
		}
		return claim
	}
	custom := map[string]string{"badge": string(badge.ID), "column": "earned"}
	for name, change := range map[string]func(map[string]any){
		"a column of the teacher's": func(c map[string]any) {
			c[ltiClaim+"custom"], c[agsClaim] = map[string]string{"badge": string(badge.ID)}, endpoint(nil)
		},
		"another badge": func(c map[string]any) {
			c[ltiClaim+"custom"], c[agsClaim] = map[string]string{"badge": "none", "column": "earned"}, endpoint(nil)
		},
		"no column came": func(c map[string]any) {
			c[ltiClaim+"custom"], c[agsClaim] = custom, endpoint(map[string]any{"lineitem": ""})
		},
		"scores not granted": func(c map[string]any) {
			c[ltiClaim+"custom"], c[agsClaim] = custom, endpoint(map[string]any{"scope": []string{lti.ScopeLineItem}})
		},
		"another course": func(c map[string]any) {
			c[ltiClaim+"custom"], c[agsClaim] = custom, endpoint(nil)
			otherCourse(c)
		},
	} {
		d.visitor().launchWith(t, 3, change)
		if c := d.column(t, course.CourseKey, badge.ID); c.LineItem != "" {
			t.Errorf("%s: the badge has the column %v", name, c)
		}
	}
}

// TestColumnIsOffered checks that a column is offered only if the LMS may accept one.
func TestColumnIsOffered(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	for name, tt := range map[string]struct {
		change func(claims map[string]any)
		want   bool
	}{
		"Moodle, which says nothing": {func(map[string]any) {}, true},
		"taken":                      {func(c map[string]any) { deepLinking(c)["accept_lineitem"] = true }, true},
		"not taken":                  {func(c map[string]any) { deepLinking(c)["accept_lineitem"] = false }, false},
		"no grades for tools":        {func(c map[string]any) { delete(c, agsClaim) }, false},
	} {
		v := d.visitor()
		page := v.launchWith(t, 3, func(c map[string]any) {
			d.placing(c)
			tt.change(c)
		})
		if got := strings.Contains(v.get(t, page).Body.String(), `name="column"`); got != tt.want {
			t.Errorf("%s: offered %t, want %t", name, got, tt.want)
		}
	}
}

const agsClaim = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"

func deepLinking(claims map[string]any) map[string]any {
	return claims["https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"].(map[string]any)
}
