package notify_test

import (
	"errors"
	"io"
	"iter"
	"testing"

	"github.com/emersion/go-message/mail"
)

// parts iterates over the parts of a mail.
func parts(r *mail.Reader) iter.Seq2[*mail.Part, error] {
	return func(yield func(*mail.Part, error) bool) {
		for {
			part, err := r.NextPart()
			if errors.Is(err, io.EOF) || !yield(part, err) || err != nil {
				return
			}
		}
	}
}

func read(t *testing.T, r io.Reader) []byte {
	t.Helper()
	body, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return body
}
