package main

import (
	"bytes"
	"errors"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/insigne-badges/insigne/internal/keyring"
	"github.com/insigne-badges/insigne/store/storetest"
)

// asCommand names the environment variable that makes the test binary run as the
// command.
const asCommand = "INSIGNE_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// outcome is the result of a command.
type outcome struct {
	code           int
	stdout, stderr string
}

// command runs insigne as a process. env has the names and values of its environment,
// in turn.
func command(t *testing.T, args []string, env ...string) outcome {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Dir = t.TempDir()
	cmd.Env = []string{asCommand + "=1", "PATH=" + os.Getenv("PATH"), "HOME=" + cmd.Dir, "TMPDIR=" + os.TempDir()}
	for i := 0; i < len(env); i += 2 {
		cmd.Env = append(cmd.Env, env[i]+"="+env[i+1])
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if exit, failed := errors.AsType[*exec.ExitError](err); err != nil && !failed {
		t.Fatal(exit, err)
	}
	return outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// settings returns the environment of a service with a database of its own.
func settings(t *testing.T) []string {
	t.Helper()
	return []string{
		"INSIGNE_BASE_URL", "https://badges.example.org", "INSIGNE_SECRET_KEY", strings.Repeat("k3y-", 12),
		"INSIGNE_DATABASE_URL", "sqlite:" + filepath.Join(t.TempDir(), "insigne.db"),
	}
}

func TestAdminLink(t *testing.T) {
	env := settings(t)
	got := command(t, []string{"admin-link"}, env...)
	link := strings.TrimSpace(got.stdout)
	if u, err := url.Parse(link); got.code != 0 || err != nil || u.Host != "badges.example.org" || !strings.HasPrefix(u.Path, "/admin/sign-in/") {
		t.Errorf("admin-link gives %d %q %s", got.code, link, got.stderr)
	}
	if again := command(t, []string{"admin-link"}, env...); again.stdout == got.stdout {
		t.Error("two links are the same")
	}
}

func TestMigrateAndBackup(t *testing.T) {
	env := settings(t)
	for range 2 { // the second run has nothing to do
		if got := command(t, []string{"migrate"}, env...); got.code != 0 {
			t.Fatalf("migrate: %s", got.stderr)
		}
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	if got := command(t, []string{"backup", copied}, env...); got.code != 0 {
		t.Fatalf("backup: %s", got.stderr)
	}
	if got := command(t, []string{"backup", copied}, env...); got.code == 0 || got.stderr == "" {
		t.Error("a backup overwrites a file")
	}
	restored := append(env[:len(env):len(env)], "INSIGNE_DATABASE_URL", "sqlite:"+copied)
	if got := command(t, []string{"admin-link"}, restored...); got.code != 0 {
		t.Errorf("the copy cannot be used: %s", got.stderr)
	}
}

// TestSimultaneousMigrations starts four processes on one empty database. Afterwards
// there are exactly one current and one next key.
func TestSimultaneousMigrations(t *testing.T) {
	storetest.EachAddress(t, func(t *testing.T, address string) {
		env := append(settings(t), "INSIGNE_DATABASE_URL", address)
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				if got := command(t, []string{"migrate"}, env...); got.code != 0 {
					t.Errorf("migrate: %s", got.stderr)
				}
			})
		}
		group.Wait()
		keys, err := storetest.Open(t, address).SigningKeys(t.Context(), keyring.Set{Purpose: keyring.LTI})
		if err != nil || len(keys) != 2 || keys[0].State != keyring.Next || keys[1].State != keyring.Current {
			t.Errorf("keys = %+v, %v; want a next and a current one", keys, err)
		}
	})
}

// TestAnotherSecretKey starts with a secret key that does not fit the database.
func TestAnotherSecretKey(t *testing.T) {
	env := settings(t)
	if got := command(t, []string{"migrate"}, env...); got.code != 0 {
		t.Fatalf("migrate: %s", got.stderr)
	}
	other := append(env[:len(env):len(env)], "INSIGNE_SECRET_KEY", strings.Repeat("0ther", 12))
	for _, name := range []string{"migrate", "admin-link"} {
		got := command(t, []string{name}, other...)
		if got.code == 0 || !strings.Contains(got.stderr, "cannot be opened with this secret key") || strings.Contains(got.stderr, "goroutine") {
			t.Errorf("%s ends with %d: %s", name, got.code, got.stderr)
		}
	}
}

// TestConfig prints the effective configuration, without secrets.
func TestConfig(t *testing.T) {
	got := command(t, []string{"config"},
		"INSIGNE_BASE_URL", "https://badges.example.org", "INSIGNE_SECRET_KEY", "very-secret", "INSIGNE_SMTP_URL", "smtp://user:hidden@mail.example:587",
		"INSIGNE_DATABASE_URL", "postgres://insigne:hidden@db.example/insigne", "INSIGNE_ALLOWED_NETWORKS", "10.0.0.0/8,192.168.0.0/16",
		"INSIGNE_FORMER_BASE_URLS", "https://old.example.org, https://older.example.org")
	if got.code != 0 || strings.Contains(got.stdout, "secret\n") || strings.Contains(got.stdout, "hidden") {
		t.Errorf("config gives %d\n%s%s", got.code, got.stdout, got.stderr)
	}
	for _, line := range []string{
		"INSIGNE_BASE_URL=https://badges.example.org", "INSIGNE_FORMER_BASE_URLS=https://old.example.org,https://older.example.org", "INSIGNE_LISTEN=:8080", "INSIGNE_ALLOWED_NETWORKS=10.0.0.0/8,192.168.0.0/16", "INSIGNE_SECRET_KEY=******",
	} {
		if !strings.Contains(got.stdout, line+"\n") {
			t.Errorf("config lacks %q:\n%s", line, got.stdout)
		}
	}
}

// TestRefusedSettings starts with settings that cannot work. The error names the
// setting and says what to write, and nothing starts.
func TestRefusedSettings(t *testing.T) {
	good := settings(t)
	for name, tt := range map[string]struct{ variable, value, want string }{
		"no address":       {"INSIGNE_BASE_URL", "", "INSIGNE_BASE_URL"},
		"plain http":       {"INSIGNE_BASE_URL", "http://badges.example.org", "must be https"},
		"a path":           {"INSIGNE_BASE_URL", "https://badges.example.org/insigne", "without a path"},
		"no secret":        {"INSIGNE_SECRET_KEY", "", "openssl rand"},
		"short secret":     {"INSIGNE_SECRET_KEY", "short", "INSIGNE_SECRET_KEY"},
		"two secrets":      {"INSIGNE_SECRET_KEY_FILE", "/etc/hostname", "keep one"},
		"unknown database": {"INSIGNE_DATABASE_URL", "mysql://x", "INSIGNE_DATABASE_URL"},
		"mail server":      {"INSIGNE_SMTP_URL", "http://mail.example", "INSIGNE_SMTP_URL"},
		"network":          {"INSIGNE_ALLOWED_NETWORKS", "everything", "everything"},
		"a user":           {"INSIGNE_BASE_URL", "https://me@badges.example.org", "without a path"},
		"former, http":     {"INSIGNE_FORMER_BASE_URLS", "http://old.example.org", `INSIGNE_FORMER_BASE_URLS "http://old.example.org": must be https`},
		"former, a path":   {"INSIGNE_FORMER_BASE_URLS", "https://old.example.org/badges", "INSIGNE_FORMER_BASE_URLS"},
		"former, a slash":  {"INSIGNE_FORMER_BASE_URLS", "https://old.example.org/", "leave out the slash"},
		"former, no URL":   {"INSIGNE_FORMER_BASE_URLS", "old.example.org", "without a path"},
		"former, current":  {"INSIGNE_FORMER_BASE_URLS", "https://a.example.org,https://Badges.example.org:443", "has the same host"},
		"former, twice":    {"INSIGNE_FORMER_BASE_URLS", "https://a.example.org,https://a.example.org", "has the same host"},
	} {
		t.Run(name, func(t *testing.T) {
			got := command(t, []string{"serve", "--listen", "127.0.0.1:0"}, append(good[:len(good):len(good)], tt.variable, tt.value)...)
			if got.code == 0 || !strings.Contains(got.stderr, tt.want) || strings.Contains(got.stderr, "goroutine") {
				t.Errorf("serve ends with %d: %s; want %q", got.code, got.stderr, tt.want)
			}
		})
	}
}

func TestVersionAndHelp(t *testing.T) {
	if got := command(t, []string{"version"}); got.code != 0 || !strings.HasPrefix(got.stdout, "insigne ") {
		t.Errorf("version gives %d %q", got.code, got.stdout)
	}
	if got := command(t, []string{"--help"}); got.code != 0 || !strings.Contains(got.stdout, "admin-link") {
		t.Errorf("help gives %d %q", got.code, got.stdout)
	}
	if got := command(t, []string{"fly"}); got.code == 0 || !strings.Contains(got.stderr, "fly") {
		t.Errorf("an unknown command gives %d %q", got.code, got.stderr)
	}
}
