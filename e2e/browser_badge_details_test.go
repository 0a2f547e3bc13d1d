package e2e_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// teacherSaysMore makes a badge with skills and another language: rows are added and
// removed, a mistake keeps everything, and the badge's page shows it.
func teacherSaysMore(t *testing.T, d *demo, ctx context.Context) {
	frame := inFrame(t, ctx, d, "3", "#new-badge")
	run(t, ctx, "open the form", chromedp.Click(chromedp.CSS("#new-badge"), frame))
	frame = waitFrame(t, ctx, "#contentframe", "#badge-form")
	run(t, ctx, "fill in what it must say", badgeOfQuiz(frame, "Quiz détaillé", "A réussi le quiz.", "90"),
		chromedp.WaitReady(chromedp.CSS("#details:not([open])"), frame))
	run(t, ctx, "say more", chromedp.Click(chromedp.CSS("#details > summary"), frame),
		chromedp.SendKeys(chromedp.CSS(".alignment input[name=alignment_name]"), "à retirer", frame),
		chromedp.Click(chromedp.CSS("#add-alignment"), frame),
		chromedp.WaitVisible(chromedp.CSS(".alignment:nth-of-type(2)"), frame),
		chromedp.SendKeys(chromedp.CSS(".alignment:nth-of-type(2) input[name=alignment_name]"), "analyser", frame),
		chromedp.Click(chromedp.CSS(".alignment [data-remove]"), frame),
		chromedp.WaitNotPresent(chromedp.CSS(".alignment:nth-of-type(2)"), frame),
		chromedp.SendKeys(chromedp.CSS("#tags"), "données, société", frame),
		chromedp.Click(chromedp.CSS("#add-translation"), frame),
		chromedp.WaitVisible(chromedp.CSS(".translation:nth-of-type(2) select"), frame),
		chromedp.SetValue(chromedp.CSS(".translation:nth-of-type(2) select"), "de", frame),
		chromedp.SendKeys(chromedp.CSS(".translation:nth-of-type(2) [name=translation_name]"), "Quiz bestanden", frame),
		chromedp.SendKeys(chromedp.CSS(".translation:nth-of-type(2) [name=translation_description]"), "Hat das Quiz bestanden.", frame),
		chromedp.Click(chromedp.CSS("#save-badge"), frame))
	frame = waitFrame(t, ctx, "#contentframe", "#form-problem")
	problem := read(t, ctx, "read what is missing", chromedp.Text(chromedp.CSS(".alignment .invalid-feedback"), frame))
	typed := read(t, ctx, "read what was typed", chromedp.Value(chromedp.CSS(".translation [name=translation_name]"), frame))
	if !strings.HasPrefix(problem, "Compétence 1") || typed != "Quiz bestanden" {
		t.Errorf("the form says %q and has %q", problem, typed)
	}
	run(t, ctx, "give the address", shots("teacher-details-fr"),
		chromedp.SendKeys(chromedp.CSS(".alignment input[name=alignment_url]"), "https://esco.example/1", frame),
		chromedp.Click(chromedp.CSS("#save-badge"), frame))
	frame = waitFrame(t, ctx, "#contentframe", "#switch-on")
	said := read(t, ctx, "read the badge", chromedp.Text(chromedp.CSS("#more"), frame))
	if words := strings.Fields(said); !slices.Contains(words, "analyser") || !slices.Contains(words, "Deutsch") || !slices.Contains(words, "société") || strings.Contains(said, "retirer") {
		t.Errorf("the badge says %q", said)
	}
	run(t, ctx, "look at it", shots("teacher-badge-details-fr"))
}
