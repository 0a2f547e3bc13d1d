package teacher_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/webtest"
)

// details returns what a teacher types in the section that is closed at first.
func details() url.Values {
	return url.Values{
		"language": {"fr"}, "caption": {" A summit "}, "tags": {"data, society ,, Data"}, "credits": {"1,5"}, "level": {"6"}, "hours": {"40"},
		"alignment_name": {"analyse data", "", "statistician"}, "alignment_framework": {"ESCO", " ", "ROME"}, "alignment_code": {"", "", "M1403"},
		"alignment_url":        {"http://data.europa.eu/esco/skill/1", "", "https://rome.example/été"},
		"translation_language": {"de", "es", ""}, "translation_name": {"Forscherin", "", ""}, "translation_description": {"Liest Daten.", "", ""},
		"translation_criteria": {"Mit Legenden.", "", ""},
	}
}

// filled returns the content that a badge has after details.
func filled(c badges.Content) badges.Content {
	c.Language, c.Caption, c.Tags = "fr", "A summit", []string{"data", "society"}
	c.Credits, c.Level, c.Hours = 1.5, 6, 40
	c.Alignments = []badges.Alignment{
		{Name: "analyse data", Framework: "ESCO", URL: "http://data.europa.eu/esco/skill/1"},
		{Name: "statistician", Framework: "ROME", Code: "M1403", URL: "https://rome.example/%C3%A9t%C3%A9"},
	}
	c.Translations = []badges.Translation{{Language: "de", Name: "Forscherin", Description: "Liest Daten.", Criteria: "Mit Legenden."}}
	return c
}

func opens(a webtest.Answer) bool { return strings.Contains(a.Body, `id="details" open`) }

// TestDetails makes a badge that says everything, saves it again as the form shows it,
// and then empties the section.
func TestDetails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := w.teacher.Who.Path("/badges/new")
	open := w.teacher.Get(path)
	expect(t, open, http.StatusOK, "More about this badge", "Add a skill", "Add a language", "Deutsch", "العربية")
	if opens(open) {
		t.Error("the section of a new badge is open")
	}
	if language := sent(t, open, "badge-form").Get("language"); language != "en" {
		t.Errorf("the texts of a new badge are in %q", language)
	}

	b := w.made(w.teacher.Post(path, with(w.typed(), details())))
	want := filled(b.Current.Content)
	if diff := cmp.Diff(want, b.Current.Content); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
	shown := w.teacher.Get(at(w.teacher, b.ID, ""))
	expect(t, shown, http.StatusOK, "Skills analyse data ESCO statistician ROME M1403", "Level 6 of the European Qualifications Framework 1.5 ECTS 40 hours of work",
		"Tags data society", "Also in these languages Deutsch")

	edit := w.teacher.Get(at(w.teacher, b.ID, "/edit"))
	if !opens(edit) {
		t.Error("the section of a badge that says more is closed")
	}
	form := sent(t, edit, "badge-form")
	if form.Get("credits") != "1.5" || form.Get("tags") != "data, society" || len(form["alignment_name"]) != 3 || len(form["translation_language"]) != 2 {
		t.Errorf("the form has %v", form)
	}
	expectGoes(t, w.teacher.Post(at(w.teacher, b.ID, "/edit"), form), at(w.teacher, b.ID, ""))
	if diff := cmp.Diff(b.Current, w.badge(b.ID).Current); diff != "" {
		t.Errorf("saved without a change (-before +after):\n%s", diff)
	}
	if acts := w.acts(tomas, string(b.ID)); len(acts) != 1 {
		t.Errorf("acts %v, want only that it was made", acts)
	}

	// The language of the texts is that of the badge, not that of the teacher who edits it.
	empty := with(w.typed(), url.Values{"language": {"fr"}})
	expectGoes(t, w.teacher.Post(at(w.teacher, b.ID, "/edit"), empty), at(w.teacher, b.ID, ""))
	plain := w.badge(b.ID).Current.Content
	want = badges.Content{
		Name: plain.Name, Description: plain.Description, Criteria: plain.Criteria, Language: "fr", Picture: plain.Picture, Issuer: plain.Issuer, Rule: plain.Rule,
	}
	if diff := cmp.Diff(want, plain); diff != "" {
		t.Errorf("emptied (-want +got):\n%s", diff)
	}
	expectGoes(t, w.teacher.Post(at(w.teacher, b.ID, "/edit"), with(w.typed(), url.Values{"name": {"Other"}})), at(w.teacher, b.ID, ""))
	if language := w.badge(b.ID).Current.Language; language != "fr" {
		t.Errorf("without a choice the texts are in %q", language)
	}
}

// TestDetailsRefused sends mistakes in the section. The section is open, the problem is
// also beside its field, and everything is there as it was typed.
func TestDetailsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	saved := w.draft("Saved", report)
	tests := []struct {
		name string
		form url.Values
		says string
	}{
		{"a long caption", url.Values{"caption": {strings.Repeat("é", badges.MaxCaption+1)}}, "The description of the picture is longer than 300 characters."},
		{"a caption that is reversed", url.Values{"caption": {"a\u202eb"}}, "a character that cannot be used (U+202E)"},
		{"a long tag", url.Values{"tags": {"data, " + strings.Repeat("x", badges.MaxTag+1)}}, "is longer than 60 characters."},
		{"too many tags", url.Values{"tags": {strings.Repeat("a,b,c,d,e,", 1) + "f,g,h,i,j,k,l,m,n,o,p,q,r,s,t,u"}}, "There are more than 20 tags."},
		{"credits that are no number", url.Values{"credits": {"three"}}, "Give the ECTS credits as a number up to 600 with at most two decimals, or none."},
		{"credits in hexadecimal", url.Values{"credits": {"0x10"}}, "Give the ECTS credits as a number"},
		{"credits with an exponent", url.Values{"credits": {"1e-7"}}, "Give the ECTS credits as a number"},
		{"no number of credits", url.Values{"credits": {"NaN"}}, "Give the ECTS credits as a number"},
		{"endless credits", url.Values{"credits": {"Inf"}}, "Give the ECTS credits as a number"},
		{"negative credits", url.Values{"credits": {"-1"}}, "Give the ECTS credits as a number"},
		{"credits of three decimals", url.Values{"credits": {"1,125"}}, "Give the ECTS credits as a number"},
		{"a level that is none", url.Values{"level": {"9"}}, "Choose a level from 1 to 8, or none."},
		{"half an hour", url.Values{"hours": {"0.5"}}, "Give a whole number of hours up to 20000, or none."},
		{"endless hours", url.Values{"hours": {"99999999999999999999"}}, "Give a whole number of hours up to 20000, or none."},
		{"an unknown language", url.Values{"language": {"tlh"}}, "Choose the language of the texts."},
		{"a skill without a name", url.Values{"alignment_name": {"analyse data", "", ""}}, "Skill 2: give its name."},
		{"a skill without a page", url.Values{"alignment_url": {"http://data.europa.eu/esco/skill/1", "", "M1403"}}, "Skill 2: give the address of its web page"},
		{"a script", url.Values{"alignment_url": {"javascript:alert(1)", "", "https://rome.example"}}, "Skill 1: give the address of its web page"},
		{"a language without a name", url.Values{"translation_name": {"", "Exploradora", ""}}, "Deutsch: give the badge a name."},
		{"texts without a language", url.Values{"translation_name": {"Forscherin", "", "Exploradora"}}, "Other language 2: choose the language."},
		{"the main language again", url.Values{"translation_language": {"fr", "es", ""}}, "The badge has texts in this language already: Français."},
		{"criteria in the main language only", url.Values{"translation_criteria": {"", "", ""}}, "Deutsch: give the criteria in your own words in this language too."},
	}
	for form, path := range map[string]string{"new": w.teacher.Who.Path("/badges/new"), "edit": at(w.teacher, saved.ID, "/edit")} {
		for _, tt := range tests {
			t.Run(form+" "+tt.name, func(t *testing.T) {
				before, typed := w.everything(), with(with(w.typed(), details()), tt.form)
				got := w.teacher.Post(path, typed)
				expect(t, got, http.StatusUnprocessableEntity, tt.says)
				if !opens(got) || strings.Count(got.Text(), tt.says) != 2 {
					t.Errorf("the section is open: %t; the problem is there %d times", opens(got), strings.Count(got.Text(), tt.says))
				}
				again := sent(t, got, "badge-form")
				for _, field := range []string{"caption", "tags", "credits", "hours"} {
					if again.Get(field) != typed.Get(field) {
						t.Errorf("%s: %q, want %q as it was typed", field, again.Get(field), typed.Get(field))
					}
				}
				for _, field := range []string{"alignment_name", "alignment_code", "alignment_url", "translation_name", "translation_description", "translation_criteria"} {
					if diff := cmp.Diff(someOf(typed[field]), someOf(again[field])); diff != "" {
						t.Errorf("%s (-typed +shown):\n%s", field, diff)
					}
				}
				if diff := cmp.Diff(before, w.everything()); diff != "" {
					t.Errorf("something was stored (-before +after):\n%s", diff)
				}
			})
		}
	}
}

// someOf returns the values that are not empty.
func someOf(values []string) (some []string) {
	for _, v := range values {
		if v = strings.TrimSpace(v); v != "" {
			some = append(some, v)
		}
	}
	return some
}

// TestDetailsKept sends the section with a mistake elsewhere: it is there as it was
// typed, also a number of months that is none.
func TestDetailsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := w.teacher.Who.Path("/badges/new")
	got := w.teacher.Post(path, with(with(w.typed(), details()), url.Values{"name": {""}, "valid_months": {"-3"}}))
	expect(t, got, http.StatusUnprocessableEntity, "Give the badge a name.")
	form := sent(t, got, "badge-form")
	if form.Get("valid_months") != "-3" || form.Get("language") != "fr" || form.Get("tags") != "data, society ,, Data" {
		t.Errorf("the form has %v", form)
	}
	b := w.made(w.teacher.Post(path, with(form, url.Values{"name": {"Exploration"}, "valid_months": {""}})))
	if diff := cmp.Diff(filled(b.Current.Content), b.Current.Content); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestDetailRows requests the empty rows that the buttons add.
func TestDetailRows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	expect(t, w.teacher.Get(w.teacher.Who.Path("/badges/alignment")), http.StatusOK, "Name of the skill", "Its web page", "Framework", "Code")
	got := w.teacher.Get(w.teacher.Who.Path("/badges/language"))
	expect(t, got, http.StatusOK, "Another language", "Choose…", "Español", "Remove this language")
	if !strings.Contains(got.Body, "data-row open") {
		t.Error("the language that was asked for is closed")
	}
}

// TestDetailsFull offers no further row when a badge has the most rows.
func TestDetailsFull(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	content := w.draft("Full", report).Current.Content
	for _, l := range badges.Languages() {
		if l.Code != content.Language && len(content.Translations) < badges.MaxTranslations {
			content.Translations = append(content.Translations, badges.Translation{Language: l.Code, Name: "N", Description: "D"})
		}
	}
	for range badges.MaxAlignments {
		content.Alignments = append(content.Alignments, badges.Alignment{Name: "N", URL: "https://n.example"})
	}
	b := w.draftIn(w.World.Course, content)
	form := sent(t, w.teacher.Get(at(w.teacher, b.ID, "/edit")), "badge-form")
	if a, l := len(form["alignment_name"]), len(form["translation_name"]); a != badges.MaxAlignments || l != badges.MaxTranslations {
		t.Errorf("%d skills, %d languages", a, l)
	}
	form["alignment_name"], form["alignment_url"] = append(form["alignment_name"], "one more"), append(form["alignment_url"], "https://n.example")
	expect(t, w.teacher.Post(at(w.teacher, b.ID, "/edit"), form), http.StatusUnprocessableEntity, "There are more than 20 skills.")
}

// TestTeacherReadsEdition shows a badge to teachers of several languages.
func TestTeacherReadsEdition(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.made(w.teacher.Post(w.teacher.Who.Path("/badges/new"), with(w.typed(), details())))
	for language, name := range map[string]string{"en": "Exploration", "de": "Forscherin", "de_AT": "Forscherin", "es": "Exploration"} {
		reader := w.as(page.Session{User: nina, Teacher: true, Language: language})
		got := reader.Get(at(reader, b.ID, ""))
		expect(t, got, http.StatusOK, name+" Draft")
	}
}
