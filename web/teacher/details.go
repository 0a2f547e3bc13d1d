package teacher

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/page"
)

// detailsForm is the part of the badge form with what a badge need not say. All fields
// are as they were typed.
type detailsForm struct {
	Open  bool   // something in it is filled or wrong
	Wrong string // the field that is wrong; empty if none is
	Why   string // what is wrong with it

	Language     string // of the main texts
	Languages    []badges.Language
	Caption      string
	Tags         string
	Credits      string
	Level        string
	Levels       []string
	Hours        string
	Alignments   []alignmentRow   // the last is empty if there may be more
	Translations []translationRow // the last is empty if there may be more
}

// alignmentRow is one alignment in the form.
type alignmentRow struct {
	badges.Alignment

	Wrong string // what is wrong with it; empty if nothing is
}

// translationRow is one other language in the form.
type translationRow struct {
	badges.Translation

	Title     string // the name of the language; empty if none is chosen
	Open      bool
	Languages []badges.Language
	Wrong     string // what is wrong with it; empty if nothing is
}

// detailsOf returns the part of the form for a stored content.
func detailsOf(c badges.Content, locale templates.Locale) detailsForm {
	d := detailsForm{
		Language: c.Language, Caption: c.Caption, Tags: strings.Join(c.Tags, ", "),
		Level: typedWhole(c.Level), Hours: typedWhole(c.Hours),
	}
	if c.Credits != 0 {
		d.Credits = locale.Number(c.Credits)
	}
	d.addRows(c.Alignments, c.Translations)
	return d
}

// typedDetails returns the part of the form as it was sent.
func typedDetails(form url.Values) detailsForm {
	d := detailsForm{
		Language: form.Get("language"), Caption: form.Get("caption"), Tags: form.Get("tags"),
		Level: form.Get("level"), Hours: form.Get("hours"), Credits: form.Get("credits"),
	}
	d.addRows(readAlignments(form), readTranslations(form))
	return d
}

func (d *detailsForm) addRows(alignments []badges.Alignment, translations []badges.Translation) {
	d.Languages = badges.Languages()
	for level := 1; level <= badges.MaxLevel; level++ {
		d.Levels = append(d.Levels, strconv.Itoa(level))
	}
	d.Open = len(alignments)+len(translations) > 0 || d.Caption+d.Tags+d.Credits+d.Level+d.Hours != ""
	for _, a := range alignments {
		d.Alignments = append(d.Alignments, alignmentRow{Alignment: a})
	}
	for _, t := range translations {
		d.Translations = append(d.Translations, newTranslationRow(t))
	}
	if len(alignments) < badges.MaxAlignments {
		d.Alignments = append(d.Alignments, alignmentRow{})
	}
	if len(translations) < badges.MaxTranslations {
		d.Translations = append(d.Translations, newTranslationRow(badges.Translation{}))
	}
}

func newTranslationRow(t badges.Translation) translationRow {
	row := translationRow{Translation: t, Languages: badges.Languages()}
	if t.Language != "" {
		row.Title = badges.LanguageName(t.Language)
	}
	return row
}

// refused opens the part and puts the reason beside the field that refused names, if it
// is one of this part.
func (d *detailsForm) refused(refused error, locale templates.Locale) {
	problem, ok := errors.AsType[*fault.Error](refused)
	if !ok {
		return
	}
	field, inBadge := strings.CutPrefix(problem.Key(), "badge.")
	field, _, _ = strings.Cut(field, "_")
	why := page.Message(problem, locale)
	position, _ := problem.Args["Position"].(int) // 0: the problem is not that of a row
	switch {
	case !inBadge:
		return
	case field == "alignment" && position > 0 && position <= len(d.Alignments):
		d.Alignments[position-1].Wrong = why
	case field == "translation" && position > 0 && position <= len(d.Translations):
		d.Translations[position-1].Wrong, d.Translations[position-1].Open = why, true
	case field == "alignment", field == "translation", field == "language", field == "caption", field == "tags", field == "credits", field == "level", field == "hours":
		d.Wrong, d.Why = field, why
	default:
		return
	}
	d.Open = true
}

// readDetails reads the part into c. Numbers that are none become -1, which is invalid.
func readDetails(form url.Values, c *badges.Content) {
	if language := form.Get("language"); language != "" {
		c.Language = language
	}
	c.Caption, c.Tags = form.Get("caption"), badges.ParseTags(form.Get("tags"))
	c.Level, c.Hours, c.Credits = readWhole(form, "level"), readWhole(form, "hours"), readCredits(form)
	c.Alignments, c.Translations = readAlignments(form), readTranslations(form)
}

// readWhole returns the whole number in a field; 0 if nothing was typed, and -1 if the
// text is not a number.
func readWhole(form url.Values, field string) int {
	text := strings.TrimSpace(form.Get(field))
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}

// readCredits reads a number with a decimal point or comma, as readWhole does.
func readCredits(form url.Values) float64 {
	text := strings.Replace(strings.TrimSpace(form.Get("credits")), ",", ".", 1)
	if text == "" {
		return 0
	}
	credits, err := strconv.ParseFloat(text, 64)
	if err != nil || strings.Trim(text, "0123456789.") != "" {
		return -1
	}
	return credits
}

// typedWhole returns n as a form shows it: empty for 0.
func typedWhole(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// readAlignments returns the rows in which something was typed.
func readAlignments(form url.Values) []badges.Alignment {
	var list []badges.Alignment
	for i := range form["alignment_name"] {
		a := badges.Alignment{
			Name: typedAt(form, "alignment_name", i), Framework: typedAt(form, "alignment_framework", i),
			Code: typedAt(form, "alignment_code", i), URL: typedAt(form, "alignment_url", i),
		}
		if a != (badges.Alignment{}) {
			list = append(list, a)
		}
	}
	return list
}

// readTranslations returns the rows in which something was typed. A language alone is
// nothing.
func readTranslations(form url.Values) []badges.Translation {
	var list []badges.Translation
	for i := range form["translation_language"] {
		t := badges.Translation{
			Name: typedAt(form, "translation_name", i), Description: typedAt(form, "translation_description", i),
			Criteria: typedAt(form, "translation_criteria", i),
		}
		if t == (badges.Translation{}) {
			continue
		}
		t.Language = typedAt(form, "translation_language", i)
		list = append(list, t)
	}
	return list
}

// typedAt returns the i-th value of a field, without spaces around it; empty if it was
// not sent.
func typedAt(form url.Values, field string, i int) string {
	if values := form[field]; i < len(values) {
		return strings.TrimSpace(values[i])
	}
	return ""
}

// alignmentRow shows the empty row that the "add a skill" button requests.
func (h *Handler) alignmentRow(w http.ResponseWriter, r *http.Request, who page.Session) error {
	return h.Show(w, r, h.Locale(r, &who), "teacher/fragment/alignment", who.Page("", alignmentRow{}))
}

// translationRow shows the empty row that the "add a language" button requests.
func (h *Handler) translationRow(w http.ResponseWriter, r *http.Request, who page.Session) error {
	row := newTranslationRow(badges.Translation{})
	row.Open = true
	return h.Show(w, r, h.Locale(r, &who), "teacher/fragment/translation", who.Page("", row))
}
