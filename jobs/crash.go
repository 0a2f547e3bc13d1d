package jobs

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/insigne-badges/insigne/moodle"
)

// crash is a panic as an error: a fault of ours, which ends one thing only.
type crash struct {
	what  string
	stack []byte
}

// Error names what happened and where, for the log. Only what the runtime says is
// quoted: another value may hold names or addresses.
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
	what := fmt.Sprintf("panic with a %T", v)
	if e, ok := v.(runtime.Error); ok {
		what = "panic: " + e.Error()
	}
	*err = &crash{what, stack}
}

// contained runs do and returns a panic of it as an error.
func contained(do func() error) (err error) {
	defer caught(&err)
	return do()
}
