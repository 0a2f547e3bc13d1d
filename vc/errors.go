package vc

import (
	"errors"
	"fmt"
)

var (
	// ErrMalformed says that a document breaks a rule of its format, or that part of it
	// would stay unsigned.
	ErrMalformed = errors.New("malformed")
	// ErrUnsupported says that a document cannot be checked here: another kind of
	// signature, an unknown context, or more work than is allowed.
	ErrUnsupported = errors.New("not supported")
	// ErrSignature says that the signature does not belong to the document and the key.
	ErrSignature = errors.New("the signature does not match")
	// ErrKey says that a key is of a kind or size that cannot be used.
	ErrKey = errors.New("unsuitable key")
)

// UnknownContextError names a JSON-LD context that is not among the embedded ones.
// It is also an ErrUnsupported.
type UnknownContextError struct {
	URL string
}

func (e *UnknownContextError) Error() string {
	return fmt.Sprintf("the JSON-LD context %q is not known", e.URL)
}

// Unwrap returns ErrUnsupported.
func (e *UnknownContextError) Unwrap() error { return ErrUnsupported }

func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrMalformed}, args...)...)
}

func unsupported(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrUnsupported}, args...)...)
}

func keyError(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrKey}, args...)...)
}
