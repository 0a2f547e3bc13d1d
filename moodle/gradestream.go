package moodle

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// readGrades decodes one learner after the other: the answer for a large course
// is tens of megabytes, of which a hundredth is wanted.
func readGrades(r io.Reader, into Grades) error {
	dec := json.NewDecoder(r)
	if err := delimiter(dec, '{'); err != nil {
		return err
	}
	var x exception
	found := false
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return err
		}
		switch key {
		case "usergrades":
			found = true
			err = readBooks(dec, into)
		case "exception":
			err = dec.Decode(&x.Exception)
		case "errorcode":
			err = dec.Decode(&x.ErrorCode)
		case "message":
			err = dec.Decode(&x.Message)
		default:
			var skipped json.RawMessage
			err = dec.Decode(&skipped)
		}
		if err != nil {
			return err
		}
	}
	return finish(dec, x, found)
}

// finish checks that the answer ended well; one that breaks off would leave out
// learners unnoticed.
func finish(dec *json.Decoder, x exception, found bool) error {
	if err := delimiter(dec, '}'); err != nil {
		return err
	}
	switch {
	case x.is():
		return exceptionError(x)
	case !found:
		return errMissing("usergrades")
	}
	return nil
}

func readBooks(dec *json.Decoder, into Grades) error {
	if err := delimiter(dec, '['); err != nil {
		return err
	}
	for dec.More() {
		var user userGrades
		if err := dec.Decode(&user); err != nil {
			return err
		}
		if user.UserID <= 0 || user.Items == nil {
			return errMissing("userid or gradeitems")
		}
		book, err := user.book()
		if err != nil {
			return err
		}
		into[id[UserID](user.UserID)] = book
	}
	return delimiter(dec, ']')
}

func delimiter(dec *json.Decoder, want json.Delim) error {
	token, err := dec.Token()
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	if err != nil {
		return err
	}
	if token != want {
		return fmt.Errorf("the answer has no %v where one belongs", want)
	}
	return nil
}
