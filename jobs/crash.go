package jobs

import (
	"runtime/debug"

	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/moodle"
)

// crash is an error made of a panic. It ends only the work that panicked.
type crash struct {
	what  string
	stack []byte
}

// Error returns the panic and its stack, for the log.
func (c *crash) Error() string { return c.what + "\n" + string(c.stack) }

// caught stores a panic of the calling function in err. It must be deferred
// directly.
func caught(err *error) {
	v := recover()
	if v == nil {
		return
	}
	stack := debug.Stack()
	if elsewhere, ok := v.(*moodle.Crash); ok { // the panic was in another goroutine of the reading
		v, stack = elsewhere.Value, elsewhere.Stack
	}
	*err = &crash{fault.OfPanic(v), stack}
}

// contained runs do and returns its panic as an error.
func contained(do func() error) (err error) {
	defer caught(&err)
	return do()
}
