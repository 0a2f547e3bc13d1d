package e2e_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
)

// teacherAwardsByHand finds somebody by typing a part of the name, then gives a
// list that also names them, reads the dry run, carries it out and saves the
// table of who holds the badge.
func teacherAwardsByHand(t *testing.T, d *demo, ctx context.Context, learner string) {
	frame := inFrame(t, ctx, d, "3", ".badge-list")
	address := learner + "@example.org"
	before := d.mailsTo(address)
	run(t, ctx, "open the demo's badge", chromedp.Click(".badge-list li:last-child a", chromedp.ByQuery, frame))
	frame = waitFrame(t, ctx, "#award-by-hand")
	run(t, ctx, "open the form", chromedp.Click("#award-by-hand", chromedp.ByQuery, frame))
	frame = waitFrame(t, ctx, "#award-form")
	var found string
	run(t, ctx, "search", chromedp.SendKeys("#q", learner, chromedp.ByQuery, frame),
		chromedp.WaitVisible(`.choices-page li:only-child input:enabled`, chromedp.ByQuery, frame), chromedp.Text("#choices", &found, chromedp.ByQuery, frame))
	if !strings.Contains(found, address) {
		t.Errorf("the search finds %q", found)
	}
	var problems string
	run(t, ctx, "tick, and give a list", chromedp.Click(".choices-page input", chromedp.ByQuery, frame),
		chromedp.SendKeys("#list", address+"\npersonne@example.org\n", chromedp.ByQuery, frame),
		chromedp.SendKeys("#text", "Soutenance du 12 mars", chromedp.ByQuery, frame), shots("award-fr"),
		chromedp.Click("#award", chromedp.ByQuery, frame))
	frame = waitFrame(t, ctx, "#carry-out")
	run(t, ctx, "read the dry run", chromedp.Text("#problems", &problems, chromedp.ByQuery, frame), shots("award-check-fr"))
	if !strings.Contains(problems, "personne@example.org") || !strings.Contains(problems, address) {
		t.Errorf("the dry run says %q", problems)
	}
	run(t, ctx, "carry it out", chromedp.Click("#carry-out", chromedp.ByQuery, frame))
	frame = waitFrame(t, ctx, "#awarded")
	run(t, ctx, "back to the badge", chromedp.Click(".back a", chromedp.ByQuery, frame))
	frame = waitFrame(t, ctx, "#recipients-csv")
	folder := t.TempDir()
	run(t, ctx, "save the table", chromedp.WaitVisible("#preview:not(:has([data-loading]))", chromedp.ByQuery, frame), // nothing moves any more
		shots("awarded-fr"),
		cdpbrowser.SetDownloadBehavior(cdpbrowser.SetDownloadBehaviorBehaviorAllow).WithDownloadPath(folder),
		chromedp.Click("#recipients-csv", chromedp.ByQuery, frame))
	eventually(t, "the saved table", func() bool {
		table, err := os.ReadFile(filepath.Join(folder, "insigne-recipients.csv"))
		return err == nil && strings.Contains(string(table), address)
	})
	eventually(t, "a mail to the awarded learner", func() bool { return d.mailsTo(address) > before })
}
