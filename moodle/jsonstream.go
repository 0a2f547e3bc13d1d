package moodle

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Large answers are read value by value, so that memory contains the wanted values and
// one more, however much the site sends.

// newDecoder returns a decoder that keeps numbers as text, because numbers that are
// skipped may not fit any type.
func newDecoder(r io.Reader) *json.Decoder {
	dec := json.NewDecoder(r)
	dec.UseNumber()
	return dec
}

// readObject calls member for each key; member reads or skips the value.
func readObject(dec *json.Decoder, member func(key string) error) error {
	if err := delimiter(dec, '{'); err != nil {
		return err
	}
	return readMembers(dec, member)
}

// readMembers does the same after the opening brace.
func readMembers(dec *json.Decoder, member func(key string) error) error {
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return err
		}
		key, _ := token.(string) // the decoder accepts only strings as keys
		if err := member(key); err != nil {
			return err
		}
	}
	return delimiter(dec, '}')
}

// readArray calls element for each value; element reads it.
func readArray(dec *json.Decoder, element func() error) error {
	if err := delimiter(dec, '['); err != nil {
		return err
	}
	return readElements(dec, element)
}

// readElements does the same after the opening bracket.
func readElements(dec *json.Decoder, element func() error) error {
	for dec.More() {
		if err := element(); err != nil {
			return err
		}
	}
	return delimiter(dec, ']')
}

// skip reads over one value without keeping it.
func skip(dec *json.Decoder) error {
	for depth := 0; ; {
		token, err := dec.Token()
		if err != nil {
			return err
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}

func delimiter(dec *json.Decoder, want json.Delim) error {
	token, err := next(dec)
	if err != nil {
		return err
	}
	if token != want {
		return fmt.Errorf("the answer has no %v where one is expected", want)
	}
	return nil
}

// next returns the next token. The end of the answer is an error, because the answer is
// incomplete.
func next(dec *json.Decoder) (json.Token, error) {
	token, err := dec.Token()
	if errors.Is(err, io.EOF) {
		return nil, io.ErrUnexpectedEOF
	}
	return token, err
}

// atEnd returns an error if anything follows: text that a proxy or a PHP error added
// makes the whole answer unreliable.
func atEnd(dec *json.Decoder) error {
	_, err := dec.Token()
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return err
	}
	return errors.New("more text follows the answer")
}

// member reads the key's value if it belongs to an exception.
func (x *exception) member(dec *json.Decoder, key string) (bool, error) {
	switch key {
	case "exception":
		return true, dec.Decode(&x.Exception)
	case "errorcode":
		return true, dec.Decode(&x.ErrorCode)
	case "message":
		return true, dec.Decode(&x.Message)
	}
	return false, nil
}

// callerError carries an error of the caller's function through a call. It has no
// Unwrap method, because that error says nothing about the site.
type callerError struct{ err error }

func (s callerError) Error() string { return s.err.Error() }

// unwrapCallerError returns the caller's own error unchanged.
func unwrapCallerError(err error) error {
	if s, ok := errors.AsType[callerError](err); ok {
		return s.err
	}
	return err
}
