package e2e_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// teacherAwardsByHand finds somebody by typing a part of the name, then gives a
// list that also names them, reads the dry run, carries it out and saves the
// table of who holds the badge.
func teacherAwardsByHand(t *testing.T, d *demo, ctx context.Context, learner string) {
	frame := inFrame(t, ctx, d, "3", ".badge-list")
	address := learner + "@example.org"
	before := d.mailsTo(address)
	run(t, ctx, "open the demo's badge", chromedp.Click(chromedp.CSS(".badge-list li:last-child a"), frame))
	frame = waitFrame(t, ctx, "#contentframe", "#award-by-hand")
	run(t, ctx, "open the form", chromedp.Click(chromedp.CSS("#award-by-hand"), frame))
	frame = waitFrame(t, ctx, "#contentframe", "#award-form")
	run(t, ctx, "search", chromedp.SendKeys(chromedp.CSS("#q"), learner, frame),
		chromedp.WaitVisible(chromedp.CSS(`.choices-page li:only-child input:enabled`), frame))
	found := read(t, ctx, "read what it finds", chromedp.Text(chromedp.CSS("#choices"), frame))
	if !strings.Contains(found, address) {
		t.Errorf("the search finds %q", found)
	}
	run(t, ctx, "tick, and give a list", chromedp.Click(chromedp.CSS(".choices-page input"), frame),
		chromedp.SendKeys(chromedp.CSS("#list"), address+"\npersonne@example.org\n", frame),
		chromedp.SendKeys(chromedp.CSS("#text"), "Soutenance du 12 mars", frame), shots("award-fr"),
		chromedp.Click(chromedp.CSS("#award"), frame))
	frame = waitFrame(t, ctx, "#contentframe", "#carry-out")
	problems := read(t, ctx, "read the dry run", chromedp.Text(chromedp.CSS("#problems"), frame))
	run(t, ctx, "look at the dry run", shots("award-check-fr"))
	if !strings.Contains(problems, "personne@example.org") || !strings.Contains(problems, address) {
		t.Errorf("the dry run says %q", problems)
	}
	run(t, ctx, "carry it out", chromedp.Click(chromedp.CSS("#carry-out"), frame))
	frame = waitFrame(t, ctx, "#contentframe", "#awarded")
	run(t, ctx, "back to the badge", chromedp.Click(chromedp.CSS(".back a"), frame))
	frame = waitFrame(t, ctx, "#contentframe", "#recipients-csv")
	folder := t.TempDir()
	run(t, ctx, "save the table", chromedp.WaitVisible(chromedp.CSS("#preview:not(:has([data-loading]))"), frame), // nothing moves any more
		shots("awarded-fr"),
		saveDownloads(folder),
		chromedp.Click(chromedp.CSS("#recipients-csv"), frame))
	eventually(t, "the saved table", func() bool {
		table, err := os.ReadFile(filepath.Join(folder, "insigne-recipients.csv"))
		return err == nil && strings.Contains(string(table), address)
	})
	eventually(t, "a mail to the awarded learner", func() bool { return d.mailsTo(address) > before })
}
