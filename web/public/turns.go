package public

import (
	"context"
	"runtime"
	"time"

	"github.com/insigne-badges/insigne/web/page"
)

// Limits of the requests for certificates. One takes up to 100 ms of a processor and some
// megabytes, far more than any other document.
const (
	maxWaiting  = 32
	longestWait = 5 * time.Second
)

// turns lets a few requests at a time do slow work, so that nobody who asks for it very
// often takes the processors from everybody else.
type turns struct {
	working chan struct{} // one element for each request that works
	present chan struct{} // one element for each request that works or waits
}

// newTurns returns turns for half of the processors, but at least one.
func newTurns() turns {
	most := max(1, runtime.GOMAXPROCS(0)/2)
	return turns{working: make(chan struct{}, most), present: make(chan struct{}, most+maxWaiting)}
}

// take waits for a turn, which ends with a call of done. The error is page.ErrBusy if too
// many wait already, or if the turn does not come within longestWait.
func (t turns) take(ctx context.Context) (done func(), err error) {
	select {
	case t.present <- struct{}{}:
	default:
		return nil, page.ErrBusy
	}
	ctx, cancel := context.WithTimeout(ctx, longestWait)
	defer cancel()
	select {
	case t.working <- struct{}{}:
		return func() { <-t.working; <-t.present }, nil
	case <-ctx.Done():
		<-t.present
		return nil, page.ErrBusy
	}
}
