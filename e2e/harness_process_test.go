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

// asService makes the test binary a service of its own, so that a test can kill
// it and a benchmark can measure it alone.
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

// long reports whether tests that try chance should try much more of it.
func long() bool { return os.Getenv("INSIGNE_TEST_LONG") != "" }

// runMany runs more tests at once than there are processors, because most of them
// wait most of the time; fewer with the race detector, which needs the processors.
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
	debug.SetGCPercent(400) // installations are many and small
	return m.Run()
}

// serveFromEnvironment serves until the process is told to end.
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

// serve starts the service in a process of its own on the demo's database
// and returns its id and what kills it; the end of the test does it too.
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
		_ = cmd.Process.Kill() // already gone is as good
		_ = cmd.Wait()         // it was killed: that is the error
		if t.Failed() {
			t.Logf("the service said:\n%s", &output)
		}
	}
	t.Cleanup(kill)
	return cmd.Process.Pid, kill
}
