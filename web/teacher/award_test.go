package teacher_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/webtest"
)

// TestAwardPage offers the learners who can be awarded a badge, and says why others
// cannot.
func TestAwardPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.on("Exploration", both)
	w.has(b, chloe, badges.Claimed)
	got := w.teacher.Get(at(w.teacher, b.ID, "/award"))
	expect(t, got, http.StatusOK, "Award by hand", "1–5 of 5", "Zoë D’Alembert zoe@u.example", "Chloé Martin Holds the badge already",
		"Jean Suspendu Suspended, or no longer in the course", "Nora Sansadresse", "Award the badge", "Check first")
	expectNot(t, got, "Tomás", "Nina Noneditor", "Next", "needs a second teacher")
	for user, offered := range map[badges.UserID]bool{zoe: true, angel: true, chloe: false, jean: false, nora: true} {
		if enabled := strings.Contains(got.Body, `name="learner" value="`+string(user)+`">`); enabled != offered {
			t.Errorf("%s can be ticked: %t, want %t", user, enabled, offered)
		}
	}
	french := w.as(page.Session{User: nina, Teacher: true, Language: "fr"})
	expect(t, french.Get(at(french, b.ID, "/award")), http.StatusOK, "Décerner à la main", "1–5 sur 5", "Décerner le badge")

	draft := w.teacher.Get(at(w.teacher, w.draft("Draft", both).ID, "/award"))
	expect(t, draft, http.StatusOK, "Only a badge that is switched on can be awarded by hand.")
	expectNot(t, draft, "Zoë")
}

// TestAwardSearch searches learners by name, address and id. Ticked learners and what
// was typed are kept.
func TestAwardSearch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.class(60, 10)
	w.save()
	b := w.on("Exploration", both)
	path := at(w.teacher, b.ID, "/award")
	tests := []struct {
		name    string
		form    url.Values
		says    []string
		omitted []string
	}{
		{"by name, without accents", url.Values{"q": {"ANGEL nunez"}}, []string{"1–1 of 1", "Ángel Núñez"}, []string{"Zoë"}},
		{"by a name with another apostrophe", url.Values{"q": {"d'alembert"}}, []string{"1–1 of 1", "Zoë D’Alembert"}, nil},
		{"by address", url.Values{"q": {"zoe@"}}, []string{"1–1 of 1", "Zoë D’Alembert"}, []string{"Ángel"}},
		{"by id", url.Values{"q": {"1059"}}, []string{"1–1 of 1", "Learner 059"}, nil},
		{"nobody", url.Values{"q": {"%"}}, []string{"Nobody is found."}, []string{"Zoë"}},
		{"a teacher", url.Values{"q": {"tomas"}}, []string{"Nobody is found."}, []string{"Tomás"}},
		{"the first page", nil, []string{"1–40 of 65", "Learner 000", "Next"}, []string{"Previous", "Learner 059"}},
		{"the second page", url.Values{"from": {"40"}}, []string{"41–65 of 65", "Learner 059", "Previous"}, []string{"Learner 000", "Next"}},
		{"within the second page", url.Values{"from": {"55"}}, []string{"41–65 of 65"}, nil},
		{"a negative page", url.Values{"from": {"-1"}}, []string{"1–40 of 65"}, nil},
		{"a huge page", url.Values{"from": {"99999999999999999999"}}, []string{"41–65 of 65"}, nil},
		{"a page that is no number", url.Values{"from": {"x"}}, []string{"1–40 of 65"}, nil},
		{"ticked", url.Values{"q": {"angel"}, "learner": {string(zoe), string(zoe), ""}}, []string{"One person ticked Zoë D’Alembert", "1–1 of 1", "Ángel Núñez"}, nil},
		{"back from the dry run", url.Values{"do": {"edit"}, "learner": {string(zoe), string(angel)}}, []string{"2 people ticked"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			form := with(url.Values{"do": {"search"}, "text": {"A talk."}, "links": {"https://u.example/"}, "list": {"zoe@u.example"}}, tt.form)
			got := w.teacher.Post(path, form)
			expect(t, got, http.StatusOK, tt.says...)
			expectNot(t, got, tt.omitted...)
			kept := sent(t, got, "award-form")
			for _, field := range []string{"text", "links", "list"} {
				if kept.Get(field) != form.Get(field) {
					t.Errorf("%s is %q, want %q", field, kept.Get(field), form.Get(field))
				}
			}
		})
	}
	if n := len(w.awarded(b.ID)); n != 0 {
		t.Errorf("%d awards by a search", n)
	}
}

// TestAwardByHand awards a badge to ticked learners, with evidence.
func TestAwardByHand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.on("Exploration", both)
	form := url.Values{"do": {"award"}, "learner": {string(zoe), string(angel)}, "text": {" An excellent talk. "}, "links": {"https://u.example/talk\n\n"}}
	expectGoes(t, w.teacher.Post(at(w.teacher, b.ID, "/award"), form), at(w.teacher, b.ID, "?awarded=2&proposed=0"))
	expect(t, w.teacher.Get(at(w.teacher, b.ID, "?awarded=2&proposed=0")), http.StatusOK, "The badge was awarded to 2 people.", "Awarded by hand by Tomás Ó Briain", "An excellent talk.")
	awarded := w.awarded(b.ID)
	a := awarded[zoe]
	want := []badges.Fact{{
		Kind: badges.ByHand, By: tomas, At: w.Clock.Now(), Source: badges.SourceTeacher,
		Given: &badges.GivenEvidence{Text: "An excellent talk.", Links: []string{"https://u.example/talk"}},
	}}
	if diff := cmp.Diff(want, a.Facts); diff != "" || len(awarded) != 2 || a.State != badges.Pending || a.Version != b.Current.ID {
		t.Errorf("%d awards, Zoë’s is %s (-want +got):\n%s", len(awarded), a.State, diff)
	}
	if diff := cmp.Diff(badges.Recipient{Name: "Zoë D’Alembert", Email: "zoe@u.example", Language: "fr"}, a.Recipient); diff != "" {
		t.Errorf("recipient (-want +got):\n%s", diff)
	}
	if acts := w.acts(tomas, string(a.ID)); !slices.Equal(acts, []badges.Action{badges.AssertionAwarded}) {
		t.Errorf("acts %v", acts)
	}
}

// TestAwardRefused sends forms with mistakes. Nothing is awarded, and what was typed is
// kept.
func TestAwardRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	on, off, draft := w.on("On", both), w.on("Off", both), w.draft("Draft", both)
	w.turn(off, badges.Off)
	var many []string
	for i := range 501 {
		many = append(many, fmt.Sprint(i))
	}
	ticked := url.Values{"do": {"award"}, "learner": {string(zoe)}}
	lines := strings.Repeat("x\n", badges.MaxHandLines+1)
	tests := []struct {
		name   string
		badge  badges.Badge
		form   url.Values
		status int
		says   string
	}{
		{"nobody", on, url.Values{"do": {"award"}}, http.StatusUnprocessableEntity, "Tick somebody, or give a list."},
		{"an empty list", on, url.Values{"do": {"check"}, "list": {" \n "}}, http.StatusUnprocessableEntity, "Tick somebody, or give a list."},
		{"a list of headings", on, url.Values{"do": {"check"}, "list": {"email"}}, http.StatusUnprocessableEntity, "The list names nobody."},
		{"a list with open quotation marks", on, url.Values{"do": {"check"}, "list": {"zoe@u.example,\"A talk"}}, http.StatusUnprocessableEntity, "The quotation marks in line 1 are not closed"},
		{"a long list", on, url.Values{"do": {"check"}, "list": {lines}}, http.StatusUnprocessableEntity, "The list has more than 5000 lines."},
		{"too many", on, url.Values{"do": {"award"}, "learner": many}, http.StatusUnprocessableEntity, "More than 500 people are ticked at once."},
		{"long evidence", on, with(ticked, url.Values{"text": {strings.Repeat("é", badges.MaxEvidenceText+1)}}), http.StatusUnprocessableEntity, "The evidence is longer than 2000 characters."},
		{"evidence with control characters", on, with(ticked, url.Values{"text": {"A\x07talk"}}), http.StatusUnprocessableEntity, "The evidence has characters that cannot be used."},
		{"a link that is none", on, with(ticked, url.Values{"links": {"javascript:alert(1)"}}), http.StatusUnprocessableEntity, "A link has to be a whole web address"},
		{"a link with a password", on, with(ticked, url.Values{"links": {"https://u:p@u.example/"}}), http.StatusUnprocessableEntity, "without a user name and password"},
		{"many links", on, with(ticked, url.Values{"links": {strings.Repeat("https://u.example/\n", 6)}}), http.StatusUnprocessableEntity, "There are more than 5 links."},
		{"a badge that is off", off, ticked, http.StatusConflict, "Only a badge that is switched on can be awarded by hand."},
		{"a draft", draft, ticked, http.StatusConflict, "Only a badge that is switched on can be awarded by hand."},
		{"check for a draft", draft, with(ticked, url.Values{"do": {"check"}}), http.StatusConflict, "Only a badge that is switched on can be awarded by hand."},
		{"a list for a draft", draft, url.Values{"do": {"award"}, "list": {"zoe"}}, http.StatusConflict, "Only a badge that is switched on can be awarded by hand."},
		{"carry out for a draft", draft, with(ticked, url.Values{"do": {"carry_out"}}), http.StatusConflict, "Only a badge that is switched on can be awarded by hand."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := w.teacher.Post(at(w.teacher, tt.badge.ID, "/award"), tt.form)
			expect(t, got, tt.status, tt.says)
			if n := len(w.awarded(tt.badge.ID)); n != 0 {
				t.Errorf("%d awards", n)
			}
			if tt.badge.ID != on.ID {
				return // the error page has no form
			}
			kept := sent(t, got, "award-form")
			for _, field := range []string{"text", "links"} {
				if kept.Get(field) != tt.form.Get(field) {
					t.Errorf("%s is %q, want %q", field, kept.Get(field), tt.form.Get(field))
				}
			}
		})
	}
}

// TestAwardLeftOut leaves out learners who cannot be awarded the badge, and says why.
func TestAwardLeftOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tests := []struct {
		name    string
		learner badges.UserID
		has     badges.AssertionState // state of an award before; empty: no award
		says    string                // empty: the badge is awarded
	}{
		{name: "a learner", learner: zoe},
		{name: "has it", learner: zoe, has: badges.Pending, says: "Holds the badge already"},
		{name: "declined it", learner: zoe, has: badges.Declined, says: "Declined the badge"},
		{name: "is suspended", learner: jean, says: "Suspended, or no longer in the course"},
		{name: "has no address", learner: nora},
		{name: "teaches", learner: nina, says: "Teaches this course"},
		{name: "the teacher", learner: tomas, says: "Teaches this course"},
		{name: "is not in the course", learner: "4711", says: "Nobody in this course has this e-mail address or id"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := w.on("Exploration", both)
			if tt.has != "" {
				w.has(b, tt.learner, tt.has)
			}
			before := len(w.awarded(b.ID))
			got := w.teacher.Post(at(w.teacher, b.ID, "/award"), url.Values{"do": {"award"}, "learner": {string(tt.learner)}})
			made := len(w.awarded(b.ID)) - before
			if tt.says == "" {
				expectGoes(t, got, at(w.teacher, b.ID, "?awarded=1&proposed=0"))
				if made != 1 {
					t.Errorf("%d awards, want 1", made)
				}
				return
			}
			expect(t, got, http.StatusOK, "Nobody was awarded the badge.", "One entry is left out", tt.says)
			if made != 0 {
				t.Errorf("%d awards, want none", made)
			}
		})
	}
}

// TestAwardByStranger refuses a person whose session says that they teach, but who is
// not stored as a teacher of the course.
func TestAwardByStranger(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.on("Exploration", both)
	stranger := w.as(page.Session{User: "5", Teacher: true})
	got := stranger.Post(at(stranger, b.ID, "/award"), url.Values{"do": {"award"}, "learner": {string(zoe)}})
	expect(t, got, http.StatusForbidden, "This page is for those who teach the course.")
	if n := len(w.awarded(b.ID)); n != 0 {
		t.Errorf("%d awards", n)
	}
}

// TestAwardFile reads a list from a file, as spreadsheets save it.
func TestAwardFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tests := []struct {
		name   string
		data   []byte
		status int
		says   []string
	}{
		{"comma", []byte("email,evidence\nzoe@u.example,A talk\nangel\n"), http.StatusOK, []string{"2 people get the badge", "Zoë D’Alembert line 2", "Ángel Núñez line 3"}},
		{"semicolon and byte order mark", []byte("\ufeffzoe@u.example;A talk\r\n"), http.StatusOK, []string{"One person gets the badge", "Zoë D’Alembert line 1"}},
		{"Windows-1252", []byte("zoe@u.example,Pr\xe9sentation\n"), http.StatusOK, []string{"One person gets the badge"}},
		{"UTF-16", []byte("\xff\xfe6\x00\n\x00"), http.StatusOK, []string{"One person gets the badge", "Zoë D’Alembert line 1"}},
		{"empty", nil, http.StatusUnprocessableEntity, []string{"Tick somebody, or give a list."}},
		{"a picture", aPNG(t), http.StatusUnprocessableEntity, []string{"This is not a text file."}},
		{"a huge file", bytes.Repeat([]byte("x"), badges.MaxHandList+1), http.StatusUnprocessableEntity, []string{"The list is larger than 1 MB."}},
	}
	b := w.on("Exploration", both)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := upload(t, w.teacher, at(w.teacher, b.ID, "/award"), url.Values{"do": {"award"}}, file{"file", tt.data})
			expect(t, got, tt.status, tt.says...)
			if n := len(w.awarded(b.ID)); n != 0 {
				t.Errorf("%d awards before anybody confirmed", n)
			}
		})
	}
}

// dryRun sends a list and returns the dry run.
func (w *world) dryRun(b badges.Badge, list string) webtest.Answer {
	return w.teacher.Post(at(w.teacher, b.ID, "/award"), url.Values{"do": {"award"}, "list": {list}, "text": {"For everybody."}})
}
