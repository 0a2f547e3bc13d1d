package story_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// demo is a running "insigne demo".
type demo struct {
	url, campus, admin string
}

// startDemo builds the command, runs it and waits for its announcement. It is
// stopped as by Ctrl-C, which must end it cleanly.
func startDemo(t *testing.T, flags ...string) demo {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "insigne")
	if out, err := exec.Command("go", "build", "-o", binary, "../cmd/insigne").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	d := demo{url: "http://localhost:" + freePort(t), campus: "http://127.0.0.1:" + freePort(t)}
	args := append([]string{"demo", "--addr", strings.TrimPrefix(d.url, "http://"), "--campus-addr", strings.TrimPrefix(d.campus, "http://")}, flags...)
	cmd := exec.Command(binary, args...)
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("the demo did not stop cleanly: %v", err)
		}
	})
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if line := strings.TrimSpace(lines.Text()); strings.Contains(line, "/admin/sign-in/") {
			d.admin = line
			return d
		}
	}
	t.Fatal("the demo ended before it was ready")
	return d
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }() // the demo takes the port over
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// mail is a mail in the campus's inbox.
type mail struct {
	To, Subject, Text string
	Links             []string
}

// waitMail waits until somebody has a mail.
func (d demo) waitMail(t *testing.T, to string, patience time.Duration) mail {
	t.Helper()
	deadline := time.Now().Add(patience)
	for time.Now().Before(deadline) {
		for _, m := range d.inbox(t) {
			if m.To == to {
				return m
			}
		}
		time.Sleep(200 * time.Millisecond)
	}
	t.Fatalf("no mail to %s within %v", to, patience)
	return mail{}
}

func (d demo) inbox(t *testing.T) []mail {
	t.Helper()
	resp, err := http.Get(d.campus + "/inbox.json")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var mails []mail
	if err := json.NewDecoder(resp.Body).Decode(&mails); err != nil {
		t.Fatal(err)
	}
	return mails
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
	ctx, cancelTime := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancelTime)
	// The browser lives as long as the context of its first run.
	if err := chromedp.Run(ctx); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	return ctx
}

// run runs actions and names the step that failed.
func run(t *testing.T, ctx context.Context, step string, actions ...chromedp.Action) {
	t.Helper()
	bounded, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Run(bounded, actions...); err != nil {
		var text string
		_ = chromedp.Run(ctx, chromedp.Evaluate(`document.body.innerText + (document.querySelector("iframe")?.contentDocument?.body.innerText ?? "")`, &text))
		t.Fatalf("%s: %v\npage: %s", step, err, text)
	}
}

// shot keeps a screenshot for whoever asked with STORY_SCREENSHOTS=folder.
func shot(name string, width int64) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		folder := os.Getenv("STORY_SCREENSHOTS")
		if folder == "" {
			return nil
		}
		if err := chromedp.EmulateViewport(width, 900).Do(ctx); err != nil {
			return err
		}
		time.Sleep(300 * time.Millisecond) // pictures are drawn
		var png []byte
		if err := chromedp.FullScreenshot(&png, 100).Do(ctx); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(folder, fmt.Sprintf("%s-%d.png", name, width)), png, 0o600)
	})
}

// shots keeps both widths.
func shots(name string) chromedp.Action {
	return chromedp.Tasks{shot(name, 390), shot(name, 1280)}
}
