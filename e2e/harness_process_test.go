package e2e_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/app"
	"github.com/insigne-badges/insigne/internal/secret"
	"github.com/insigne-badges/insigne/jobs"
)

// asService names the environment variable that makes the test binary run as a service,
// so that a test can kill it and a benchmark can measure it alone.
const asService = "INSIGNE_TEST_AS_SERVICE"

func TestMain(m *testing.M) {
	if os.Getenv(asService) == "" {
		os.Exit(runMany(m))
	}
	if err := serveFromEnvironment(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// long reports whether random tests should try many more cases.
func long() bool { return os.Getenv("INSIGNE_TEST_LONG") != "" }

// runMany runs more tests at once than there are processors, because most tests wait
// most of the time. It runs fewer with the race detector, which needs the processors.
func runMany(m *testing.M) int {
	flag.Parse()
	chosen := false
	flag.Visit(func(f *flag.Flag) { chosen = chosen || f.Name == "test.parallel" })
	if !chosen {
		number := "16"
		if info, ok := debug.ReadBuildInfo(); ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
			number = "8"
		}
		if err := flag.Set("test.parallel", number); err != nil {
			panic(err)
		}
	}
	debug.SetGCPercent(400) // there are many small installations
	return m.Run()
}

// serveFromEnvironment serves until the process is stopped.
func serveFromEnvironment() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	key, err := secret.New([]byte(secretKey), rand.Reader)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", os.Getenv("INSIGNE_LISTEN"))
	if err != nil {
		return err
	}
	a, err := app.New(ctx, app.Config{
		BaseURL: os.Getenv("INSIGNE_BASE_URL"), AllowHTTP: true, DatabaseURL: os.Getenv("INSIGNE_DATABASE_URL"), Secret: key,
		SMTPURL: os.Getenv("INSIGNE_SMTP_URL"), MailFrom: os.Getenv("INSIGNE_MAIL_FROM"), AllowedNetworks: app.Loopback(),
		Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
	}, jobs.DefaultPace())
	if err != nil {
		return err
	}
	return errors.Join(a.Run(ctx, listener), a.Close())
}

// serve starts the service on the demo's database in a process of its own. It returns
// the process id and a function that kills it. The end of the test kills it too.
func (d *demo) serve(t testing.TB) (pid int, kill func()) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), asService+"=1",
		"INSIGNE_BASE_URL="+d.Config.BaseURL, "INSIGNE_LISTEN="+strings.TrimPrefix(d.Config.BaseURL, "http://"),
		"INSIGNE_DATABASE_URL="+d.Config.DatabaseURL,
		"INSIGNE_SMTP_URL="+d.Config.SMTPURL, "INSIGNE_MAIL_FROM="+d.Config.MailFrom)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	must(t, cmd.Start())
	dead := false
	kill = func() {
		if dead {
			return
		}
		dead = true
		_ = cmd.Process.Kill() // it may have ended already
		_ = cmd.Wait()         // it was killed, so it returns an error
		if t.Failed() {
			t.Logf("the service said:\n%s", &output)
		}
	}
	t.Cleanup(kill)
	return cmd.Process.Pid, kill
}
