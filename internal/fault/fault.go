// Package fault gives every error a kind and a message that is safe to show.
//
// Packages wrap a cause with a kind and a catalogue key; package web maps the
// kind to an HTTP status and the key to a sentence in the reader's language.
// An error without a kind is Internal: logged once, never shown.
package fault

import (
	"errors"
	"fmt"
	"runtime"
)

// Kind says who can do something about an error.
type Kind uint8

// The kinds of error. The zero value is Internal, so that an error nobody
// classified is never shown to a user.
const (
	Internal        Kind = iota // a defect or a broken disk: logged, never shown
	Invalid                     // the caller sent something it can correct
	Unauthenticated             // we do not know who this is
	Forbidden                   // we know, and it is not allowed
	NotFound                    // no such thing, or not for this caller
	Conflict                    // the thing changed or exists already
	Gone                        // the thing existed and was taken away
	Upstream                    // the LMS, the mail server or another service failed
)

// Error is a classified error. Key names a sentence of the catalogue and Args
// fill its gaps; neither may hold secrets, addresses or tokens.
type Error struct {
	Kind Kind
	Key  string
	Args map[string]any
	Err  error // the cause, for the log; may be nil
}

// New makes an error of a kind without a cause.
func New(kind Kind, key string) *Error { return &Error{Kind: kind, Key: key} }

// Wrap classifies the cause err.
func Wrap(err error, kind Kind, key string) *Error {
	return &Error{Kind: kind, Key: key, Err: err}
}

// With returns a copy of e with one more argument for its sentence.
func (e *Error) With(name string, value any) *Error {
	c := *e
	c.Args = make(map[string]any, len(e.Args)+1)
	for k, v := range e.Args {
		c.Args[k] = v
	}
	c.Args[name] = value
	return &c
}

func (e *Error) Error() string {
	if e.Err == nil {
		return e.Key
	}
	return fmt.Sprintf("%s: %v", e.Key, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// OfPanic names the value of a panic for the log. It quotes only what the runtime
// says: another value may hold names or addresses.
func OfPanic(value any) string {
	if e, ok := value.(runtime.Error); ok {
		return "panic: " + e.Error()
	}
	return fmt.Sprintf("panic with a %T", value)
}

// KindOf returns the kind of the outermost classified error in err's chain,
// Internal when there is none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}
