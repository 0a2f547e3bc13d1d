package e2e_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web"
)

// evidenceText is a teacher's evidence for an award. Nobody outside the course may read
// it.
const evidenceText = "Soutenance à huis clos"

// tenant is a course with one of each thing that has an id.
type tenant struct {
	values map[string]string // values for the variables of routes
	form   url.Values        // values for every form field that names something
	words  words             // texts that nobody outside may read
	ids    words             // ids that nothing outside may refer to
}

// tenant fills the demo's course with an award, a proposal and a deep linking request.
func (d *demo) tenant(t *testing.T) tenant {
	t.Helper()
	badge := d.seededBadge(t)
	for _, learner := range []int64{6, sinead} {
		d.visitor().launch(t, learner)
	}
	v := d.visitor()
	place := v.launchWith(t, 3, d.placing)
	page := sessionOf(place) + "/badges/" + string(badge.ID)
	csrf := v.token(t, page)
	for _, step := range []struct {
		path string
		form url.Values
	}{
		{"/award", url.Values{"do": {"award"}, "learner": {"6"}, "text": {evidenceText}}},
		{"/endorsed", url.Values{"endorsed": {"on"}}},
		{"/award", url.Values{"do": {"award"}, "learner": {"7"}, "text": {evidenceText}}},
	} {
		step.form.Set("csrf", csrf)
		if w := v.post(t, page+step.path, step.form); w.Code != http.StatusSeeOther {
			t.Fatalf("%s is answered %d: %s", step.path, w.Code, said(w))
		}
	}
	awards := d.assertions(t, "6")
	proposals, err := d.App.Store().Proposals(t.Context(), badge.Course, badge.ID)
	if err != nil || len(awards) != 1 || len(proposals) != 1 {
		t.Fatalf("awards = %v, proposals = %v, %v; want one each", awards, proposals, err)
	}
	return tenant{
		values: map[string]string{
			"badge": string(badge.ID), "assertion": string(awards[0].ID), "learner": "6", "placement": place[strings.LastIndex(place, "/")+1:],
			"issuer": string(badge.Current.Issuer),
		},
		form: url.Values{
			"name": {"Taken over"}, "description": {"x"}, "match": {"all"}, "picture": {string(badge.Current.Picture)}, "issuer": {string(badge.Current.Issuer)},
			"node": {"condition:1"}, "condition": {"badge_held:" + string(badge.ID)}, "percent": {"50"}, "badge": {string(badge.ID)},
			"state": {"off"}, "column": {"on"}, "policy": {"take_back"}, "jury": {"on"}, "endorsed": {"off"}, "source": {"2"}, "choice": {"course"},
			"do": {"award"}, "learner": {"6"}, "award": {string(awards[0].ID)}, "all": {"1"}, "reason": {"Taken"},
			"proposal": {string(proposals[0].ID)}, "decision": {"confirm"}, "address": {"eve@evil.example"},
		},
		words: words{badge.Current.Name, evidenceText, zoesMail, sineadsMail},
		ids:   words{string(badge.ID), string(awards[0].ID), string(proposals[0].ID)},
	}
}

// with returns the form with the token of a session.
func (of tenant) with(csrf string) url.Values {
	form := url.Values{"csrf": {csrf}}
	for name, values := range of.form {
		form[name] = values
	}
	return form
}

// words are texts to look for in other people's answers.
type words []string

func (list words) in(text string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(word string) bool { return !strings.Contains(text, word) })
}

func framed(r web.Route) bool { return strings.HasPrefix(r.Path, "/c/") }

// byID reports whether a route names something by an id of ours. A learner's id is from
// the LMS and can exist elsewhere too. A learner's own page of a badge is about the
// learner, so it exists for every badge, but not for an award to somebody else.
func byID(r web.Route) bool {
	mine := strings.Contains(r.Path, "/mine/") && !ofOwnAward(r)
	return len(pathVariable.FindAllString(r.Path, -1)) > 1 && !mine && !strings.Contains(r.Path, "{learner")
}

// ofOwnAward reports whether a route is about one award and exists only for its learner.
func ofOwnAward(r web.Route) bool { return strings.Contains(r.Path, "/mine/awards/") }

// stranger is a teacher, but not of this course.
type stranger struct {
	at     *demo
	user   int64
	course badges.CourseKey
	claims func(map[string]any)
	own    []string // texts; each row of theirs has one
	theirs tenant   // what they must not reach
}

// strangers returns teachers of another course of the same LMS, and of the same course
// of another LMS.
func (d *demo) strangers(t *testing.T, theirs tenant) map[string]stranger {
	t.Helper()
	other := d.another(t)
	here, there := d.platformOf(t, d.CampusURL), d.platformOf(t, other.CampusURL)
	besides, beyond := theirs, theirs
	besides.words = append(slices.Clone(theirs.words), "Zoë")
	beyond.ids = append(slices.Clone(theirs.ids), theirs.form.Get("issuer"))
	return map[string]stranger{
		"another course": {d, 14, badges.CourseKey{Platform: here, Context: "77"}, func(c map[string]any) {
			otherCourse(c)
			c[ltiClaim+"roles"] = []string{membership + "#Instructor"}
		}, []string{"|77|"}, besides},
		"another platform": {other, 3, badges.CourseKey{Platform: there, Context: "2"}, nil, []string{string(there)}, beyond},
	}
}

// TestStrangersWalkEveryRoute sends every request with the ids of this course as a
// stranger, also below a badge of the stranger's own. Strangers read nothing of the
// course, change nothing in it and cannot refer to it.
func TestStrangersWalkEveryRoute(t *testing.T) {
	t.Parallel()
	d := seededDemo(t)
	for name, who := range d.strangers(t, d.tenant(t)) {
		t.Run(name, func(t *testing.T) {
			v := who.at.visitor()
			session := sessionOf(v.launchWith(t, who.user, who.claims))
			own := who.badge(t)
			form := who.theirs.with(v.token(t, session+"/badges/"+own))
			for _, route := range d.routes(t) {
				if !framed(route) {
					continue
				}
				values := merged(who.theirs.values, "session", session[len("/c/"):])
				who.tries(t, v, route, filled(t, route.Path, values), form, byID(route), own)
				if strings.Contains(route.Path, "{badge") {
					values["badge"] = own
					who.tries(t, v, route, filled(t, route.Path, values), form, strings.Contains(route.Path, "{assertion"), own)
				}
			}
		})
	}
}

// tries sends a request. If missing is true, the answer must be that the named thing
// does not exist.
func (who stranger) tries(t *testing.T, v visitor, route web.Route, path string, form url.Values, missing bool, own string) {
	t.Helper()
	before := who.at.rows(t)
	w := v.ask(t, route.Method, path, form)
	c := changed(before, who.at.rows(t))
	switch {
	case w.Code >= http.StatusInternalServerError && w.Code != http.StatusBadGateway: // the stranger's own LMS may not answer
		t.Errorf("%s %s is answered %d: %s", route.Method, path, w.Code, said(w))
	case missing && (w.Code != http.StatusNotFound && w.Code != http.StatusGone || !c.nothing()):
		t.Errorf("%s %s is answered %d and changes %s: %s", route.Method, path, w.Code, c, said(w))
	}
	if shown := who.theirs.words.in(w.Body.String() + said(w)); len(shown) > 0 {
		t.Errorf("%s %s shows %q: %s", route.Method, path, shown, said(w))
	}
	for _, row := range c.gone {
		if len(words(append(who.own, own)).in(row)) == 0 {
			t.Errorf("%s %s changes %s", route.Method, path, row)
		}
	}
	for _, row := range c.added {
		if named := who.theirs.ids.in(row); len(named) > 0 {
			t.Errorf("%s %s writes %q: %s", route.Method, path, named, row)
		}
	}
}

// badge makes a badge in the stranger's own course.
func (who stranger) badge(t *testing.T) string {
	t.Helper()
	content := badges.Content{
		Name: "Mine", Description: "x", Language: "en", Picture: badges.PictureHash(who.theirs.form.Get("picture")), Rule: badges.Rule{Kind: badges.CourseCompleted},
	}
	var made badges.Badge
	must(t, who.at.App.Store().Tx(t.Context(), func(tx *store.Tx) error {
		issuer := badges.Issuer{Platform: who.course.Platform, Name: "Mine", URL: "https://mine.example", Email: "me@example.org"}
		var err error
		if content.Issuer, err = tx.SaveIssuer(t.Context(), issuer); err != nil {
			return err
		}
		made, err = tx.CreateBadge(t.Context(), who.course, content, "14")
		return err
	}))
	return string(made.ID)
}

// TestNobodyWalksEveryRoute sends every request without a session, with other people's
// sessions, and as a learner of the course. Pages for teachers are refused, and nothing
// changes.
func TestNobodyWalksEveryRoute(t *testing.T) {
	t.Parallel()
	d := seededDemo(t)
	theirs := d.tenant(t)
	teacher, learner := d.visitor(), d.visitor()
	teaching, learning := teacher.launch(t, 3), learner.launch(t, sinead)
	csrf := map[string]string{teaching: teacher.token(t, teaching+"/badges"), learning: learner.token(t, learning+"/mine")}
	before := d.rows(t)
	for _, route := range d.routes(t) {
		// These are the pages for learners. All others are for teachers.
		mine := slices.Contains([]string{"", "/mine", "/mine/list", "/mine/{badge:[0-9a-f-]{36}}"}, strings.TrimPrefix(route.Path, "/c/{session:[0-9a-f]{32}}"))
		for _, tt := range []struct {
			name    string
			v       visitor
			session string
			want    int
		}{
			{"without a session", d.visitor(), teaching, http.StatusUnauthorized},
			{"with a learner's cookie", learner, teaching, http.StatusUnauthorized},
			{"as a learner", learner, learning, http.StatusForbidden},
		} {
			if tt.want == http.StatusForbidden && ofOwnAward(route) {
				tt.want = http.StatusNotFound
			}
			form := theirs.with(csrf[tt.session])
			values := merged(theirs.values, "session", tt.session[len("/c/"):], "platform", string(d.platform(t)), "about", "award", "channel", "mail")
			switch {
			case framed(route) && (tt.want == http.StatusUnauthorized || !mine):
			case strings.HasPrefix(route.Path, "/admin") && !strings.Contains(route.Path, "sign-in"):
				tt.want = http.StatusUnauthorized
			default:
				continue
			}
			path := filled(t, route.Path, values)
			w := tt.v.ask(t, route.Method, path, form)
			if shown := theirs.words.in(w.Body.String() + said(w)); w.Code != tt.want || len(shown) > 0 {
				t.Errorf("%s: %s %s is answered %d, want %d, and shows %q", tt.name, route.Method, path, w.Code, tt.want, shown)
			}
			if stale := strings.Contains(said(w), "Code: form_stale"); stale && tt.want == http.StatusForbidden {
				t.Errorf("%s: %s %s is refused only because of its token", tt.name, route.Method, path)
			}
		}
	}
	if c := changed(before, d.rows(t)); !c.nothing() {
		t.Errorf("something changed: %s", c)
	}
}

// TestTeachersWalkEveryRoute is the opposite of the tests above: for a teacher of the
// course, the same requests find what they name.
func TestTeachersWalkEveryRoute(t *testing.T) {
	t.Parallel()
	d := seededDemo(t)
	theirs := d.tenant(t)
	v := d.visitor()
	session := v.launch(t, 3)
	form := theirs.with(v.token(t, session+"/badges"))
	// What this teacher may not do, and why.
	refused := map[string]string{
		"/badges/take-over": "not_found",           // the course is not a copy
		"/proposals":        "byhand.own_proposal", // only another teacher may decide
		"/learners":         "learner_forbidden",   // only for mentors
		"/address":          "not_found",           // only for the award's learner
		"/erase":            "not_found",           // the same
	}
	for _, route := range d.routes(t) {
		if !framed(route) {
			continue
		}
		path := filled(t, route.Path, merged(theirs.values, "session", session[len("/c/"):]))
		w := v.ask(t, route.Method, path, form)
		for end, code := range refused {
			if strings.HasSuffix(path, end) && strings.Contains(said(w), "Code : "+code) {
				w.Code = http.StatusOK
			}
		}
		if slices.Contains([]int{401, 403, 404, 405, 410, 500}, w.Code) {
			t.Errorf("%s %s is answered %d: %s", route.Method, path, w.Code, said(w))
		}
	}
}

func merged(values map[string]string, more ...string) map[string]string {
	all := map[string]string{}
	for name, value := range values {
		all[name] = value
	}
	for i := 0; i < len(more); i += 2 {
		all[more[i]] = more[i+1]
	}
	return all
}
