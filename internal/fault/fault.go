package fault

import (
	"errors"
	"fmt"
)

// Kind classifies an error by what can be done about it.
type Kind uint8

// The kinds of error. The zero value is Internal: an error without a kind is never
// shown to a user.
const (
	Internal        Kind = iota // a defect or a broken disk: logged, never shown
	Invalid                     // the caller sent something it can correct
	Unauthenticated             // the caller did not sign in, or the session ended
	Forbidden                   // the caller is signed in and may not do this
	NotFound                    // it does not exist, or this caller may not see it
	Conflict                    // it changed in the meantime, or exists already
	Gone                        // it existed and was removed
	Upstream                    // the LMS, the mail server or another service failed
)

// Error is an error with a kind and with a sentence of the catalogue that a user may
// read. It is made by New or Wrap. Its key and its Args contain no secrets, addresses
// or tokens.
type Error struct {
	Kind Kind
	Args map[string]any // fill the gaps of the sentence; see With
	Err  error          // the cause, for the log; may be nil
	key  string
}

// New returns an error of the kind, without a cause. The key is that of a sentence in
// the catalogue.
func New(kind Kind, key string) *Error { return &Error{Kind: kind, key: key} }

// Wrap returns an error of the kind whose cause is err.
func Wrap(err error, kind Kind, key string) *Error {
	return &Error{Kind: kind, key: key, Err: err}
}

// Key returns the catalogue key of the sentence that a user reads about e. It is
// "problem.internal" for every Internal error.
func (e *Error) Key() string {
	if e.Kind == Internal {
		return "problem.internal"
	}
	return e.key
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
		return e.key
	}
	return fmt.Sprintf("%s: %v", e.key, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// KindOf returns the kind of the first *Error in err's chain; Internal if there is
// none, also for nil. To ask for one kind, use Is.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// Is reports whether err is an error of the kind. It is false for a nil error.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }
