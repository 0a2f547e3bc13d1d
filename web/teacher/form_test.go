package teacher_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/web/page"
)

// typed returns the form for a badge that asks for the quiz.
func (w *world) typed() url.Values {
	return url.Values{
		"name": {" Exploration "}, "description": {"Reads data."}, "criteria": {"Charts have legends."}, "issuer": {string(w.World.Issuer)},
		"valid_months": {""}, "picture": {w.Library.All()[0].Hash}, "match": {"all"}, "count": {""},
		"node": {"condition:1"}, "condition": {"activity_grade:17"}, "label": {""}, "percent": {"80"}, "from": {""}, "until": {""},
	}
}

// TestNewBadge makes a badge with the form.
func TestNewBadge(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := w.teacher.Who.Path("/badges/new")
	got := w.teacher.Get(path)
	expect(t, got, http.StatusOK, "New badge", "What the badge says", "Choose…", "Final quiz: grade at least", "Report: completed")
	expectLabels(t, got, "Star", "Reach a grade in an activity", "Be in a group")
	expectNot(t, got, "Learners who already have this badge")
	french := w.as(page.Session{User: nina, Teacher: true, Language: "fr"})
	got = french.Get(french.Who.Path("/badges/new"))
	expect(t, got, http.StatusOK, "Nouveau badge", "Ce que dit le badge", "Final quiz")
	expectLabels(t, got, "Étoile", "Faire partie d’un groupe")

	b := w.made(w.teacher.Post(path, w.typed()))
	want := badges.Content{
		Name: "Exploration", Description: "Reads data.", Criteria: "Charts have legends.", Language: "en", Issuer: w.World.Issuer,
		Picture: badges.PictureHash(w.Library.All()[0].Hash), Rule: badges.Rule{Kind: badges.All, Of: []badges.Rule{quiz}},
	}
	if diff := cmp.Diff(want, b.Current.Content); diff != "" || b.State != badges.Draft {
		t.Errorf("a %s with other content (-want +got):\n%s", b.State, diff)
	}
	if acts := w.acts(tomas, string(b.ID)); !slices.Equal(acts, []badges.Action{badges.BadgeCreated}) {
		t.Errorf("acts %v", acts)
	}
	w.teacher.Language = "fr" // the browser's language, because the session has none
	if language := w.made(w.teacher.Post(path, w.typed())).Current.Language; language != "fr" {
		t.Errorf("the texts of a French teacher are in %q", language)
	}
}

// TestBadgeFormRefused sends forms with mistakes. Each answer names the mistake and
// keeps what was typed; nothing is stored.
func TestBadgeFormRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, stranger := w.anotherPlatform()
	saved := w.draft("Saved", report)
	long := func(n int) []string { return []string{strings.Repeat("é", n)} }
	tests := []struct {
		name  string
		form  url.Values
		fails bool
		says  string
	}{
		{name: "no name", form: url.Values{"name": {"  "}}, says: "Give the badge a name."},
		{name: "a long name", form: url.Values{"name": long(badges.MaxName + 1)}, says: "The name is longer than 120 characters."},
		{name: "a name with control characters", form: url.Values{"name": {"Explo\x07ration"}}, says: "The name contains a character that cannot be used (U+0007)."},
		{name: "no description", form: url.Values{"description": nil}, says: "Describe what the badge stands for."},
		{name: "a long description", form: url.Values{"description": long(badges.MaxDescription + 1)}, says: "The description is longer than 1000 characters."},
		{name: "long criteria", form: url.Values{"criteria": long(badges.MaxCriteria + 1)}, says: "The criteria are longer than 4000 characters."},
		{name: "no organisation", form: url.Values{"issuer": nil}, says: "Choose the issuing organisation."},
		{name: "an unknown organisation", form: url.Values{"issuer": {"1"}}, says: "There is nothing at this address."},
		{name: "an organisation of another platform", form: url.Values{"issuer": {string(stranger.Issuer)}}, says: "There is nothing at this address."},
		{name: "no picture", form: url.Values{"picture": nil}, says: "Choose a picture."},
		{name: "an unknown picture", form: url.Values{"picture": {strings.Repeat("0", 64)}}, says: "Choose a picture."},
		{name: "a negative validity", form: url.Values{"valid_months": {"-1"}}, says: "Give a whole number of months, from 1 to 120, or none."},
		{name: "a long validity", form: url.Values{"valid_months": {"121"}}, says: "Give a whole number of months, from 1 to 120, or none."},
		{name: "a huge validity", form: url.Values{"valid_months": {"99999999999999999999"}}, says: "Give a whole number of months, from 1 to 120, or none."},
		{name: "a validity that is no number", form: url.Values{"valid_months": {"1.5"}}, says: "Give a whole number of months, from 1 to 120, or none."},
		{name: "no condition", form: url.Values{"node": nil}, says: "Pick at least one condition."},
		{name: "nothing picked", form: url.Values{"condition": {""}}, says: "Pick at least one condition."},
		{name: "no percentage", form: url.Values{"percent": {""}}, says: "Give a percentage above 0 and at most 100 for each grade."},
		{name: "zero percent", form: url.Values{"percent": {"0"}}, says: "Give a percentage above 0 and at most 100 for each grade."},
		{name: "a negative percentage", form: url.Values{"percent": {"-80"}}, says: "Give a percentage above 0 and at most 100 for each grade."},
		{name: "more than everything", form: url.Values{"percent": {"100.01"}}, says: "Give a percentage above 0 and at most 100 for each grade."},
		{name: "a percentage that is no number", form: url.Values{"percent": {"NaN"}}, says: "Give a percentage above 0 and at most 100 for each grade."},
		{name: "an infinite percentage", form: url.Values{"percent": {"Inf"}}, says: "Give a percentage above 0 and at most 100 for each grade."},
		{name: "a huge percentage", form: url.Values{"percent": {"1e999"}}, says: "Give a percentage above 0 and at most 100 for each grade."},
		{name: "an unknown kind", form: url.Values{"condition": {"course_liked"}}, says: "The rule has a condition of an unknown kind (course_liked)."},
		{name: "an activity without an id", form: url.Values{"condition": {"activity_completed"}}, says: "Pick an activity for each condition."},
		{name: "an activity that is gone", form: url.Values{"condition": {"activity_completed:99"}, "label": {"Old forum"}}, says: "The activity “Old forum” is no longer in this course."},
		{name: "a grade that nobody gets", form: url.Values{"condition": {"activity_grade:18"}}, says: "The activity “Report” has no grade in Moodle."},
		{name: "a completion that is off", form: url.Values{"condition": {"activity_completed:19"}}, says: "The activity “Essay” has no completion in Moodle."},
		{name: "a pass without a grade", form: url.Values{"condition": {"activity_passed:18"}}, says: "nobody can pass it. Edit the rule."},
		{name: "a group that is gone", form: url.Values{"condition": {"group_member:99"}, "label": {"Group Z"}}, says: "The group “Group Z” is no longer in this course."},
		{name: "a badge of another course", form: url.Values{"condition": {"badge_held:" + string(stranger.Badge.ID)}, "label": {"Theirs"}}, says: "The badge “Theirs” is not one of the courses you teach."},
		{name: "a course that the teacher does not teach", form: url.Values{"condition": {"course_completed::99"}}, says: "is not one you teach."},
		{name: "a day that is none", form: url.Values{"from": {"2026-02-30"}}, says: "A date could not be read."},
		{name: "a day long ago", form: url.Values{"until": {"1999-12-31"}}, says: "A date could not be read."},
		{name: "the last day of time", form: url.Values{"until": {"9999-12-31"}}, says: "A date could not be read."},
		{name: "days the wrong way round", form: url.Values{"from": {"2026-03-02"}, "until": {"2026-03-01"}}, says: "The first day must not be after the last day."},
		{name: "some of none", form: url.Values{"match": {"at_least"}, "count": {"0"}}, says: "Say how many of the conditions must be met"},
		{name: "some of too few", form: url.Values{"match": {"at_least"}, "count": {"2"}}, says: "Say how many of the conditions must be met"},
		{name: "a negative number of conditions", form: url.Values{"match": {"at_least"}, "count": {"-1"}}, says: "Say how many of the conditions must be met"},
		{name: "a huge number of conditions", form: url.Values{"match": {"at_least"}, "count": {"99999999999999999999"}}, says: "Say how many of the conditions must be met"},
		{name: "the LMS does not answer", fails: true, says: downText},
	}
	for form, path := range map[string]string{"new": w.teacher.Who.Path("/badges/new"), "edit": at(w.teacher, saved.ID, "/edit")} {
		for _, tt := range tests {
			t.Run(form+" "+tt.name, func(t *testing.T) {
				w.lms.err = nil
				if tt.fails {
					w.lms.err = down
				}
				before := w.everything()
				got := w.teacher.Post(path, with(w.typed(), tt.form))
				expect(t, got, http.StatusUnprocessableEntity, tt.says)
				if _, other := tt.form["description"]; !other && sent(t, got, "badge-form").Get("description") != "Reads data." {
					t.Error("the description was lost")
				}
				if diff := cmp.Diff(before, w.everything()); diff != "" {
					t.Errorf("something was stored (-before +after):\n%s", diff)
				}
			})
		}
	}
}

// TestBadgeFormWithoutLMS shows the activities of the last reading if the LMS does not
// answer. A badge by hand needs no LMS.
func TestBadgeFormWithoutLMS(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.lms.err = down
	path := w.teacher.Who.Path("/badges/new")
	expect(t, w.teacher.Get(path), http.StatusOK, downText, "The list of activities below is from the last successful reading.", "Final quiz: grade at least")
	b := w.made(w.teacher.Post(path, with(w.typed(), url.Values{"match": {"by_hand"}})))
	if diff := cmp.Diff(byHand, b.Current.Rule); diff != "" {
		t.Errorf("another rule (-want +got):\n%s", diff)
	}
}

// TestNoIssuer checks that the form says who can add an organisation if there is none.
func TestNoIssuer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	elsewhere := w.as(page.Session{Course: badges.CourseKey{Platform: "none", Context: "2"}, User: tomas, Teacher: true})
	expect(t, elsewhere.Get(elsewhere.Who.Path("/badges/new")), http.StatusOK, "No issuing organisation has been set up.")
}

// TestEditBadge changes a draft, and makes a new version of a badge that was switched
// on. Awards keep their version.
func TestEditBadge(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		state   badges.BadgeState
		version int
		hint    bool
		acts    []badges.Action
	}{
		{"draft", badges.Draft, 1, false, []badges.Action{badges.BadgeCreated, badges.BadgeEdited}},
		{"on", badges.On, 2, true, []badges.Action{badges.BadgeCreated, badges.BadgeSwitchedOn, badges.BadgeEdited}},
		{"off", badges.Off, 2, true, []badges.Action{badges.BadgeCreated, badges.BadgeSwitchedOff, badges.BadgeEdited}},
	}
	w := newWorld(t)
	w.requested()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := w.draft("Exploration", both)
			if tt.state != badges.Draft {
				w.turn(b, tt.state)
			}
			a := w.has(b, zoe, badges.Claimed)
			path := at(w.teacher, b.ID, "/edit")
			open := w.teacher.Get(path)
			expect(t, open, http.StatusOK, "Exploration", "Take the rule from a file")
			if hint := open.Shows("Learners who already have this badge keep it as it was."); hint != tt.hint {
				t.Errorf("the page says that awards stay: %t", hint)
			}
			form := with(sent(t, open, "badge-form"), url.Values{"name": {"Data exploration"}, "valid_months": {"24"}})
			expectGoes(t, w.teacher.Post(path, form), at(w.teacher, b.ID, ""))
			after := w.badge(b.ID)
			want := b.Current.Content
			want.Name, want.ValidMonths = "Data exploration", 24
			if diff := cmp.Diff(want, after.Current.Content); diff != "" || after.Current.Number != tt.version || after.State != tt.state {
				t.Errorf("version %d, want %d, is %s (-want +got):\n%s", after.Current.Number, tt.version, after.State, diff)
			}
			issued, err := w.Store.Version(t.Context(), w.award(a.ID).Version)
			if err != nil || tt.version == 2 && issued.Name != "Exploration" {
				t.Errorf("the award says %q now: %v", issued.Name, err)
			}
			if acts := w.acts(tomas, string(b.ID)); !slices.Equal(acts, tt.acts) {
				t.Errorf("acts %v, want %v", acts, tt.acts)
			}
			if !w.requested() {
				t.Error("the course is not read by the new rule")
			}
		})
	}
}

// TestEditGone shows which condition cannot be met any more, and keeps it selected.
func TestEditGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := w.teacher.Get(at(w.teacher, w.on("Exploration", gone).ID, "/edit"))
	expect(t, got, http.StatusOK, "The activity “Old forum” is no longer in this course.", "Old forum: completed")
	if form := sent(t, got, "badge-form"); form.Get("condition") != "activity_completed:99" || form.Get("label") != "Old forum" {
		t.Errorf("the form asks for %q, %q", form.Get("condition"), form.Get("label"))
	}
}

// TestNextStep makes the next step after a badge.
func TestNextStep(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bronze := w.on("Bronze", badges.Rule{Kind: badges.All, Of: []badges.Rule{quiz}})
	open := w.teacher.Get(w.teacher.Who.Path("/badges/new?after=" + string(bronze.ID)))
	expect(t, open, http.StatusOK, "Next step after “Bronze”", "Everything is copied from “Bronze”.")
	form := sent(t, open, "badge-form")
	path := w.teacher.Who.Path("/badges/new")

	before := w.everything()
	expect(t, w.teacher.Post(path, form), http.StatusUnprocessableEntity, "This step asks for the same as the one before it.", "Next step after “Bronze”")
	if diff := cmp.Diff(before, w.everything()); diff != "" {
		t.Errorf("something was stored (-before +after):\n%s", diff)
	}

	raised := with(form, url.Values{"name": {"Silver"}, "percent": {"95"}})
	silver := w.made(w.teacher.Post(path, raised))
	if silver.StepAfter != bronze.ID || silver.Current.Name != "Silver" || silver.Current.Rule.Of[0].Percent != 95 {
		t.Errorf("the step %q follows %q and asks for %v%%", silver.Current.Name, silver.StepAfter, silver.Current.Rule.Of[0].Percent)
	}

	// A badge can have only one next step.
	before = w.everything()
	expect(t, w.teacher.Get(w.teacher.Who.Path("/badges/new?after="+string(bronze.ID))), http.StatusConflict, "This badge has a next step already.")
	expect(t, w.teacher.Post(path, raised), http.StatusConflict, "This badge has a next step already.")
	if diff := cmp.Diff(before, w.everything()); diff != "" {
		t.Errorf("something was stored (-before +after):\n%s", diff)
	}

	// A badge by hand asks for nothing, so any badge can be a higher step.
	hand := w.on("Hand", byHand)
	form = sent(t, w.teacher.Get(w.teacher.Who.Path("/badges/new?after="+string(hand.ID))), "badge-form")
	expect(t, w.teacher.Post(path, form), http.StatusSeeOther)
}
