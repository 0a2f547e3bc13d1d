package moodle

import (
	"fmt"
	"runtime/debug"
)

// Crash is the value of a panic in a goroutine of this package, where nobody could
// recover from it. It is passed on as a panic in the caller's goroutine.
type Crash struct {
	Value any
	Stack []byte // where it happened
}

// Error says where it happened. It leaves out the value, which may hold names or
// addresses.
func (c *Crash) Error() string { return fmt.Sprintf("panic with a %T\n%s", c.Value, c.Stack) }

// contained runs do and returns a panic of it as a *Crash.
func contained(do func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &Crash{v, debug.Stack()}
		}
	}()
	return do()
}
