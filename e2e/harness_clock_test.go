package e2e_test

import (
	"sync/atomic"
	"time"
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
