package e2e_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/insigne-badges/insigne/app"
)

// TestRules builds a rule of groups inside groups in a course of hundreds, looks
// at who would get the badge, and changes it.
func TestRules(t *testing.T) {
	t.Parallel()
	needsBrowser(t)
	d := browserDemo(t, app.DemoConfig{Learners: 600})
	d.waitMail(t, "zoe@example.org")
	ctx := browser(t, "fr")
	frame := inFrame(t, ctx, d, "3", "#new-badge")
	run(t, ctx, "open the form", chromedp.Click(chromedp.CSS("#new-badge"), frame))
	frame = waitFrame(t, ctx, "#contentframe", "#badge-form")
	const nested chromedp.CSS = ".rule-group .rule-group"
	run(t, ctx, "say what it says", badgeOfQuiz(frame, "Parcours complet", "A suivi le parcours.", "60"),
		chromedp.Click(chromedp.CSS(`.rule-group > .rule-add [data-add="group"]`), frame),
		chromedp.WaitVisible(nested+" .condition", frame))
	run(t, ctx, "fill the group in",
		chromedp.Click(nested+` > .rule-add [data-add="condition"]`, frame),
		chromedp.WaitVisible(nested+" .condition:nth-of-type(2)", frame),
		chromedp.SetValue(nested+` > .rule-match select`, "any", frame),
		chromedp.SetValue(nested+` .condition:nth-of-type(1) select`, "course_completed", frame),
		chromedp.SetValue(nested+` .condition:nth-of-type(2) select`, "activity_passed:3", frame))
	run(t, ctx, "preview it", chromedp.Click(chromedp.CSS("#preview-button"), frame),
		chromedp.WaitVisible(chromedp.CSS(".preview-earns"), frame))
	said := read(t, ctx, "read the preview", chromedp.Text(chromedp.CSS(".preview-earns"), frame))
	run(t, ctx, "look at the preview", chromedp.ScrollIntoView(chromedp.CSS("#preview-button"), frame), shots("rule-form-fr"))
	if !strings.Contains(said, "obtenir au moins 60\u202f% à") && !strings.Contains(said, "Obtenir au moins 60\u202f% à") {
		t.Errorf("the preview says %.300q", said)
	}
	names := chromedp.Nodes(chromedp.CSSAll(".preview-earns .preview-name"), frame)
	before := read(t, ctx, "count the learners", names)
	run(t, ctx, "show more", chromedp.Click(chromedp.CSS(".preview-earns .preview-more button"), frame),
		chromedp.WaitVisible(chromedp.CSS(".preview-earns .preview-learners > li:nth-of-type(50)"), frame))
	after := read(t, ctx, "count them again", names)
	if len(before) != 25 || len(after) != 50 {
		t.Errorf("%d learners, then %d; want pages of 25", len(before), len(after))
	}
	run(t, ctx, "save", chromedp.Click(chromedp.CSS("#save-badge"), frame))
	frame = waitFrame(t, ctx, "#contentframe", "#switch-on")
	said = read(t, ctx, "read the rule", chromedp.Text(chromedp.CSS(".rule-sentence"), frame))
	run(t, ctx, "look at the badge", shots("rule-badge-fr"))
	if !strings.Contains(said, "(achever le cours ou réussir «") {
		t.Errorf("the rule reads %q", said)
	}
	run(t, ctx, "edit", chromedp.Click(chromedp.CSS(`.page-actions a`), frame))
	frame = waitFrame(t, ctx, "#contentframe", "#badge-form")
	run(t, ctx, "ask for more", chromedp.SetValue(chromedp.CSS(`input[name="percent"]`), "95", frame),
		chromedp.Click(chromedp.CSS("#preview-button"), frame),
		chromedp.WaitVisible(chromedp.CSS(".preview-changes"), frame), shots("rule-changes-fr"))
	said = read(t, ctx, "read the changes", chromedp.Text(chromedp.CSS(".preview-changes"), frame))
	if !strings.Contains(said, "ne l’obtiendraient plus") {
		t.Errorf("the preview says of the change %q", said)
	}
}
