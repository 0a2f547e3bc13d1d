package e2e_test

import (
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/app"
	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/campus"
	"github.com/insigne-badges/insigne/store"
)

// BenchmarkSync10k reads a course of 10,000 learners who all earned its badge, and
// awards it, on SQLite with durable commits. Then it reads the course again, without
// changes. The service runs in a process of its own; its largest memory size is
// reported too.
//
//	go test ./e2e -run '^$' -bench Sync10k -benchtime 1x -count 6
func BenchmarkSync10k(b *testing.B) {
	const learners = 10_000
	for b.Loop() {
		b.StopTimer()
		d := largeDemo(b, learners)
		key := badges.CourseKey{Platform: platformOfDemo(b, d), Context: "2"}
		d.Campus.CompleteEverybody()
		b.StartTimer()
		pid, kill := d.serve(b)
		first := d.runAfter(b, key, time.Time{})
		if first.Awarded < learners*9/10 || first.Problem != "" { // a few learners are suspended
			b.Fatalf("first run: %+v", first)
		}
		b.StopTimer()
		err := d.App.Store().Tx(b.Context(), func(tx *store.Tx) error { return tx.RequestSync(b.Context(), key, badges.BySchedule) })
		if err != nil {
			b.Fatal(err)
		}
		second := d.runAfter(b, key, first.EndedAt)
		if second.Awarded != 0 || second.Problem != "" {
			b.Fatalf("second run: %+v", second)
		}
		b.ReportMetric(float64(first.Awarded)/first.EndedAt.Sub(first.DecidedAt).Seconds(), "awards/s")
		b.ReportMetric(first.DecidedAt.Sub(first.StartedAt).Seconds(), "s-reading")
		b.ReportMetric(float64(first.Calls), "calls")
		b.ReportMetric(peakMegabytes(b, pid), "MB-peak")
		b.ReportMetric(100*float64(second.Calls)/float64(first.Calls), "%-calls-again")
		b.ReportMetric(100*second.EndedAt.Sub(second.StartedAt).Seconds()/first.EndedAt.Sub(first.StartedAt).Seconds(), "%-time-again")
		kill()
		b.StartTimer()
	}
}

// largeDemo returns a registered campus with many learners and the demo's badge. The
// service does not run yet.
func largeDemo(b *testing.B, learners int) *demo {
	b.Helper()
	d := newDemoIn(b, campus.Faults{}, app.DemoConfig{Learners: learners, Log: slog.New(slog.DiscardHandler)})
	serveCampus(b, d)
	if err := d.Seed(b.Context()); err != nil {
		b.Fatal(err)
	}
	if err := d.Web.Close(); err != nil {
		b.Fatal(err)
	}
	d.Campus.SetFaults(campus.Faults{MailDown: true}) // we do not measure the mails
	return d
}

func platformOfDemo(b *testing.B, d *demo) badges.PlatformID {
	b.Helper()
	platforms, err := d.App.Store().Platforms(b.Context())
	if err != nil || len(platforms) != 1 {
		b.Fatalf("platforms: %v, %v", platforms, err)
	}
	return platforms[0].ID
}

// runAfter waits for a run that ended later than after.
func (d *demo) runAfter(b *testing.B, key badges.CourseKey, after time.Time) badges.SyncRun {
	b.Helper()
	for range 6000 {
		course, err := d.App.Store().Course(b.Context(), key)
		if err != nil {
			b.Fatal(err)
		}
		if run := course.Sync.Last; run != nil && run.EndedAt.After(after) {
			return *run
		}
		time.Sleep(20 * time.Millisecond)
	}
	b.Fatal("no run within two minutes")
	return badges.SyncRun{}
}

var peak = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// peakMegabytes returns the largest resident size of a process so far.
func peakMegabytes(b *testing.B, pid int) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Skip("the size of a process is read from /proc")
	}
	kilobytes, err := strconv.ParseFloat(string(peak.FindSubmatch(status)[1]), 64)
	if err != nil {
		b.Fatal(err)
	}
	return kilobytes / 1024
}
