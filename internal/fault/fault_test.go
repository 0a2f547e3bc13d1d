package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/insigne-badges/insigne/internal/fault"
)

func TestKinds(t *testing.T) {
	cause := errors.New("no row")
	wrapped := fault.Wrap(cause, fault.NotFound, "problem.not_found")
	for _, tt := range []struct {
		name string
		err  error
		want fault.Kind
		text string
	}{
		{"new", fault.New(fault.Conflict, "problem.conflict"), fault.Conflict, "problem.conflict"},
		{"wrapped", wrapped, fault.NotFound, "problem.not_found: no row"},
		{"below other text", fmt.Errorf("read badge 7: %w", wrapped), fault.NotFound, "read badge 7: problem.not_found: no row"},
		{"the first kind counts", fault.Wrap(wrapped, fault.Gone, "problem.gone"), fault.Gone, "problem.gone: problem.not_found: no row"},
		{"without a kind", cause, fault.Internal, "no row"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := fault.KindOf(tt.err); got != tt.want || tt.err.Error() != tt.text {
				t.Errorf("kind %d, %q; want %d, %q", got, tt.err, tt.want, tt.text)
			}
			for kind := fault.Internal; kind <= fault.Upstream; kind++ {
				if fault.Is(tt.err, kind) != (kind == tt.want) {
					t.Errorf("Is(err, %d) is %v", kind, kind != tt.want)
				}
			}
		})
	}
	if !errors.Is(wrapped, cause) {
		t.Error("the cause is lost")
	}
}

func TestNilIsOfNoKind(t *testing.T) {
	for kind := fault.Internal; kind <= fault.Upstream; kind++ {
		if fault.Is(nil, kind) {
			t.Errorf("Is(nil, %d)", kind)
		}
	}
}

// A user never reads the sentence of an internal error.
func TestKey(t *testing.T) {
	if key := fault.New(fault.Gone, "problem.gone").Key(); key != "problem.gone" {
		t.Error(key)
	}
	internal := fault.Wrap(errors.New("disk full"), fault.Internal, "save picture")
	if internal.Key() != "problem.internal" || internal.Error() != "save picture: disk full" {
		t.Errorf("%s: %v", internal.Key(), internal)
	}
}

func TestWithCopies(t *testing.T) {
	first := fault.New(fault.Invalid, "badge.name_too_long").With("Most", 80)
	second := first.With("Got", 90)
	if len(first.Args) != 1 || len(second.Args) != 2 || second.Args["Most"] != 80 || second.Key() != "badge.name_too_long" {
		t.Errorf("%v, %v, %s", first.Args, second.Args, second.Key())
	}
}

// A value that is no runtime error may contain a name: the log gets its type only.
func TestOfPanic(t *testing.T) {
	if got := fault.OfPanic("Zoë D’Alembert"); got != "panic with a string" {
		t.Error(got)
	}
	defer func() {
		if got := fault.OfPanic(recover()); got != "panic: runtime error: index out of range [1] with length 0" {
			t.Error(got)
		}
	}()
	var none []int
	_ = none[len(none)+1]
}
