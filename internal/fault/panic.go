package fault

import (
	"fmt"
	"runtime"
)

// OfPanic describes the value of a panic for the log. It quotes the text of a runtime
// error; of any other value it gives the type only, because the value may contain names
// or addresses.
func OfPanic(value any) string {
	if e, ok := value.(runtime.Error); ok {
		return "panic: " + e.Error()
	}
	return fmt.Sprintf("panic with a %T", value)
}
