// Package testlength says how long tests may run. There are three lengths: short (go
// test -short), normal, and long (INSIGNE_TEST_LONG=1). The script test.sh can run each
// of them.
package testlength

import (
	"os"
	"testing"
)

// Long reports whether tests may take many minutes.
func Long() bool { return os.Getenv("INSIGNE_TEST_LONG") == "1" && !testing.Short() }

// Choose returns one of its arguments for the length of this run, such as how many
// random cases a test tries.
func Choose[T any](short, normal, long T) T {
	switch {
	case testing.Short():
		return short
	case Long():
		return long
	default:
		return normal
	}
}
