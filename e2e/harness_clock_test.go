package e2e_test

import (
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/app"
	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/campus"
)

// calendar is a clock that runs and that a test can move forward.
type calendar struct{ ahead atomic.Int64 }

func (c *calendar) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

func (c *calendar) jump(days int) { c.wait(time.Duration(days) * 24 * time.Hour) }

func (c *calendar) wait(by time.Duration) { c.ahead.Add(int64(by)) }

func (d *demo) present() time.Time {
	if d.Config.Now == nil {
		return time.Now()
	}
	return d.Config.Now()
}

// calendarDemo is a demo with a clock of its own. Its first mail was sent, and its
// teacher made a second badge.
type calendarDemo struct {
	*demo
	*calendar

	teacher visitor
	page    string // path of the second badge's page, for the teacher
	badge   badges.BadgeID
}

func newCalendarDemo(t *testing.T) calendarDemo {
	t.Helper()
	d := calendarDemo{calendar: &calendar{}}
	d.demo = newDemoIn(t, campus.Faults{}, app.DemoConfig{Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Now: d.now})
	d.start(t)
	eventually(t, "the first mail", func() bool { return d.mailsTo(zoesMail) == 1 })
	d.teacher = d.visitor()
	d.page, d.badge = d.teacher.secondBadge(t, d.teacher.launch(t, 3))
	return d
}
