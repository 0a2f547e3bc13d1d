package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
)

// runningDemo has the addresses of "insigne demo".
type runningDemo struct{ insigne, campus string }

// startDemo runs the command and waits for its announcement. When the test ends, it
// stops the command like Ctrl-C; the command must then end without an error.
func startDemo(t *testing.T) runningDemo {
	t.Helper()
	addr, campusAddr := freeAddress(t), freeAddress(t)
	cmd := exec.Command(os.Args[0], "demo", "--addr", addr, "--campus-addr", campusAddr)
	cmd.Env = []string{asCommand + "=1", "PATH=" + os.Getenv("PATH"), "TMPDIR=" + t.TempDir()}
	cmd.Stderr = t.Output()
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
		if strings.Contains(lines.Text(), "/admin/sign-in/") {
			return runningDemo{insigne: "http://" + addr, campus: "http://" + campusAddr}
		}
	}
	t.Fatal("the demo ended before it was ready")
	return runningDemo{}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }() // the demo will use the port
	return l.Addr().String()
}

// firstLink waits for the first mail and returns the link in it.
func (d runningDemo) firstLink(t *testing.T) string {
	t.Helper()
	for deadline := time.Now().Add(40 * time.Second); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		var mails []struct{ Links []string }
		if err := json.Unmarshal(get(t, d.campus+"/inbox.json"), &mails); err != nil {
			t.Fatal(err)
		}
		if len(mails) > 0 {
			return mails[len(mails)-1].Links[0]
		}
	}
	t.Fatal("no mail")
	return ""
}

func get(t *testing.T, address string) []byte {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	content, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s answers %s, %v", address, resp.Status, err)
	}
	return content
}

// TestDemoAndVerify claims the first badge of the demo and verifies it by its address
// and by its picture.
func TestDemoAndVerify(t *testing.T) {
	d := startDemo(t)
	link := d.firstLink(t)
	token, err := base64.RawURLEncoding.DecodeString(link[strings.LastIndex(link, "/")+1:])
	if err != nil {
		t.Fatal(err)
	}
	page := d.insigne + "/v/" + uuid.UUID(token[:16]).String()
	if got := command(t, []string{"verify", "--private", page}); got.code == 0 {
		t.Errorf("an unclaimed badge is found: %s", got.stdout)
	}
	resp, err := http.PostForm(link, url.Values{"decision": {"accept"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("claiming is answered %s, %v", resp.Status, err)
	}
	picture := filepath.Join(t.TempDir(), "badge.png")
	if err := os.WriteFile(picture, get(t, page+".png"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, badge := range []string{page, picture} {
		if got := command(t, []string{"verify", "--private", badge}); got.code != 0 || !strings.Contains(got.stdout, "status: valid") {
			t.Errorf("verify %s gives %d: %s%s", badge, got.code, got.stdout, got.stderr)
		}
	}
	if got := command(t, []string{"verify", page}); got.code == 0 || got.stderr == "" {
		t.Error("an address of this machine is opened without --private")
	}
}
