package moodle

import (
	"fmt"
	"runtime/debug"
)

// Crash is a panic in a goroutine that this package started. The package panics with it
// again in the caller's goroutine, where it can be recovered.
type Crash struct {
	Value any
	Stack []byte // of the goroutine that panicked
}

// Error describes the panic without its value, which may contain names or addresses.
func (c *Crash) Error() string { return fmt.Sprintf("panic with a %T\n%s", c.Value, c.Stack) }

// contained runs do. If do panics, it returns the panic as a *Crash.
func contained(do func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &Crash{v, debug.Stack()}
		}
	}()
	return do()
}
