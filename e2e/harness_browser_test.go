package e2e_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/insigne-badges/insigne/app"
	"github.com/insigne-badges/insigne/campus"
)

// browserDemo runs a demo for a browser until the test ends. Insigne is on
// localhost and the campus on 127.0.0.1.
func browserDemo(t *testing.T, cfg app.DemoConfig) *demo {
	t.Helper()
	cfg.Addr, cfg.Log, cfg.Pace = localhost, slog.New(slog.DiscardHandler), app.DemoPace()
	d := newDemoIn(t, campus.Faults{}, cfg)
	d.start(t)
	eventually(t, "the first badge", func() bool { return d.mailsTo(zoesMail) > 0 })
	return d
}

// adminLink makes a link that signs an administrator in once.
func (d *demo) adminLink(t *testing.T) string {
	t.Helper()
	link, err := d.App.AdminLink(t.Context())
	must(t, err)
	return link
}

// needsBrowser skips a test of the fast mode.
func needsBrowser(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a browser")
	}
}

// browser starts Chromium in one language. Site isolation is off so that one
// session sees into the LMS's frame; cookies stay third-party.
func browser(t *testing.T, lang string, flags ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1280, 900),
		chromedp.Flag("disable-features", "IsolateOrigins,site-per-process"), chromedp.Flag("disable-site-isolation-trials", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-quic", true), chromedp.Flag("accept-lang", lang), chromedp.Flag("lang", lang),
	)
	options = append(options, flags...)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	ctx, cancelTime := context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(cancelTime)
	// The browser lives as long as the context of its first run.
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	return ctx
}

// action is a step in the browser that returns no value.
type action = chromedp.Action[chromedp.Void]

// run runs actions and names the step that failed.
func run(t *testing.T, ctx context.Context, step string, actions ...action) {
	t.Helper()
	read(t, ctx, step, chromedp.Steps(actions...))
}

// read runs one action and returns its value. It names the step that failed.
func read[T any](t *testing.T, ctx context.Context, step string, a chromedp.Action[T]) T {
	t.Helper()
	bounded, cancel := context.WithTimeout(ctx, 90*time.Second)
	defer cancel()
	value, err := chromedp.Run(bounded, a)
	if err != nil {
		text, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText + (document.querySelector("iframe")?.contentDocument?.body.innerText ?? "")`))
		t.Fatalf("%s: %v\npage: %s", step, err, text)
	}
	return value
}

// waitFrame waits until a frame shows something, and returns the option that looks
// inside it. It finds the frame again each time: a frame that goes to another page
// has another document.
func waitFrame(t *testing.T, ctx context.Context, frame, shows string) chromedp.QueryOption {
	t.Helper()
	deadline := time.Now().Add(90 * time.Second)
	for {
		inside := chromedp.FromNode(read(t, ctx, "find "+frame, chromedp.Nodes(chromedp.CSS(frame)))[0])
		brief, cancel := context.WithTimeout(ctx, 2*time.Second)
		err := chromedp.Do(brief, chromedp.WaitVisible(chromedp.CSS(shows), inside))
		cancel()
		if err == nil {
			return inside
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s did not appear in %s: %v", shows, frame, err)
		}
	}
}

// saveDownloads makes the browser save files in folder.
func saveDownloads(folder string) action {
	return command(cdpbrowser.SetDownloadBehavior, cdpbrowser.SetDownloadBehaviorParams{
		Behavior: cdpbrowser.SetDownloadBehaviorBehaviorAllow, DownloadPath: folder,
	})
}

// beforeEveryPage makes the browser run script before the scripts of each page
// and frame that it opens from now on.
func beforeEveryPage(script string) action {
	return command(page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
}

// command sends one command of the browser's own protocol.
func command[P, R any](c cdp.Command[P, R], params P) action {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, c, params)
		return err
	})
}

// shot keeps a screenshot for whoever asked with STORY_SCREENSHOTS=folder.
func shot(name string, width int64) action {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		folder := os.Getenv("STORY_SCREENSHOTS")
		if folder == "" {
			return nil
		}
		if _, err := chromedp.EmulateViewport(width, 900)(ctx, tab); err != nil {
			return err
		}
		time.Sleep(300 * time.Millisecond) // pictures are drawn
		png, err := chromedp.FullScreenshot(100)(ctx, tab)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(folder, fmt.Sprintf("%s-%d.png", name, width)), png, 0o600)
	})
}

// shots keeps both widths.
func shots(name string) action {
	return chromedp.Steps(shot(name, 390), shot(name, 1280))
}
