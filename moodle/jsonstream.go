package moodle

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Large answers are read value by value, so that memory holds what is wanted
// and one value more, however much the site sends.

// newDecoder leaves numbers as they are written: those that are skipped need
// not fit anywhere.
func newDecoder(r io.Reader) *json.Decoder {
	dec := json.NewDecoder(r)
	dec.UseNumber()
	return dec
}

// readObject hands each key to member, which reads or skips the value.
func readObject(dec *json.Decoder, member func(key string) error) error {
	if err := delimiter(dec, '{'); err != nil {
		return err
	}
	return readMembers(dec, member)
}

// readMembers goes on after the opening brace.
func readMembers(dec *json.Decoder, member func(key string) error) error {
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return err
		}
		key, _ := token.(string) // the decoder takes nothing else for a key
		if err := member(key); err != nil {
			return err
		}
	}
	return delimiter(dec, '}')
}

// readArray calls element before each value, which it reads.
func readArray(dec *json.Decoder, element func() error) error {
	if err := delimiter(dec, '['); err != nil {
		return err
	}
	return readElements(dec, element)
}

// readElements goes on after the opening bracket.
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
		return fmt.Errorf("the answer has no %v where one belongs", want)
	}
	return nil
}

// next is the next token. That there is none is an answer broken off.
func next(dec *json.Decoder) (json.Token, error) {
	token, err := dec.Token()
	if errors.Is(err, io.EOF) {
		return nil, io.ErrUnexpectedEOF
	}
	return token, err
}

// atEnd reads what is left, which must be nothing: a page appended by a proxy or
// an error of PHP makes the whole doubtful.
func atEnd(dec *json.Decoder) error {
	_, err := dec.Token()
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return err
	}
	return errors.New("the answer goes on after its end")
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

// callerError carries the error of a caller's function out of a call. It does not
// unwrap: what the caller's function failed at says nothing about the site.
type callerError struct{ err error }

func (s callerError) Error() string { return s.err.Error() }

// unwrapCallerError gives the caller's own error back as it was.
func unwrapCallerError(err error) error {
	if s, ok := errors.AsType[callerError](err); ok {
		return s.err
	}
	return err
}
