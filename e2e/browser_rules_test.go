package e2e_test

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
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
	run(t, ctx, "open the form", chromedp.Click("#new-badge", chromedp.ByQuery, frame))
	frame = waitFrame(t, ctx, "#badge-form")
	const nested = ".rule-group .rule-group"
	run(t, ctx, "say what it says", badgeOfQuiz(frame, "Parcours complet", "A suivi le parcours.", "60"),
		chromedp.Click(`.rule-group > .rule-add [data-add="group"]`, chromedp.ByQuery, frame),
		chromedp.WaitVisible(nested+" .condition", chromedp.ByQuery, frame))
	run(t, ctx, "fill the group in",
		chromedp.Click(nested+` > .rule-add [data-add="condition"]`, chromedp.ByQuery, frame),
		chromedp.WaitVisible(nested+" .condition:nth-of-type(2)", chromedp.ByQuery, frame),
		chromedp.SetValue(nested+` > .rule-match select`, "any", chromedp.ByQuery, frame),
		chromedp.SetValue(nested+` .condition:nth-of-type(1) select`, "course_completed", chromedp.ByQuery, frame),
		chromedp.SetValue(nested+` .condition:nth-of-type(2) select`, "activity_passed:3", chromedp.ByQuery, frame))
	var said string
	run(t, ctx, "preview it", chromedp.Click("#preview-button", chromedp.ByQuery, frame),
		chromedp.WaitVisible(".preview-earns", chromedp.ByQuery, frame), chromedp.Text(".preview-earns", &said, chromedp.ByQuery, frame),
		chromedp.ScrollIntoView("#preview-button", chromedp.ByQuery, frame), shots("rule-form-fr"))
	if !strings.Contains(said, "obtenir au moins 60\u202f% à") && !strings.Contains(said, "Obtenir au moins 60\u202f% à") {
		t.Errorf("the preview says %.300q", said)
	}
	var before, after []*cdp.Node
	run(t, ctx, "show more", chromedp.Nodes(".preview-earns .preview-name", &before, chromedp.ByQueryAll, frame),
		chromedp.Click(".preview-earns .preview-more button", chromedp.ByQuery, frame),
		chromedp.WaitVisible(".preview-earns .preview-learners > li:nth-of-type(50)", chromedp.ByQuery, frame),
		chromedp.Nodes(".preview-earns .preview-name", &after, chromedp.ByQueryAll, frame))
	if len(before) != 25 || len(after) != 50 {
		t.Errorf("%d learners, then %d; want pages of 25", len(before), len(after))
	}
	run(t, ctx, "save", chromedp.Click("#save-badge", chromedp.ByQuery, frame))
	frame = waitFrame(t, ctx, "#switch-on")
	run(t, ctx, "read the rule", chromedp.Text(".rule-sentence", &said, chromedp.ByQuery, frame), shots("rule-badge-fr"))
	if !strings.Contains(said, "(achever le cours ou réussir «") {
		t.Errorf("the rule reads %q", said)
	}
	run(t, ctx, "edit", chromedp.Click(`.page-actions a`, chromedp.ByQuery, frame))
	frame = waitFrame(t, ctx, "#badge-form")
	run(t, ctx, "ask for more", chromedp.SetValue(`input[name="percent"]`, "95", chromedp.ByQuery, frame),
		chromedp.Click("#preview-button", chromedp.ByQuery, frame),
		chromedp.WaitVisible(".preview-changes", chromedp.ByQuery, frame), chromedp.Text(".preview-changes", &said, chromedp.ByQuery, frame), shots("rule-changes-fr"))
	if !strings.Contains(said, "ne l’obtiendraient plus") {
		t.Errorf("the preview says of the change %q", said)
	}
}
