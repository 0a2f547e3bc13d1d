package jobs

import (
	"runtime/debug"

	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/moodle"
)

// crash is a panic as an error: a fault of ours, which ends one thing only.
type crash struct {
	what  string
	stack []byte
}

// Error names what happened and where, for the log.
func (c *crash) Error() string { return c.what + "\n" + string(c.stack) }

// caught turns a panic into an error. It has to be deferred itself.
func caught(err *error) {
	v := recover()
	if v == nil {
		return
	}
	stack := debug.Stack()
	if elsewhere, ok := v.(*moodle.Crash); ok { // in a goroutine of a reading
		v, stack = elsewhere.Value, elsewhere.Stack
	}
	*err = &crash{fault.OfPanic(v), stack}
}

// contained runs do and returns a panic of it as an error.
func contained(do func() error) (err error) {
	defer caught(&err)
	return do()
}
