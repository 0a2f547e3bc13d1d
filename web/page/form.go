package page

import (
	"cmp"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/insigne-badges/insigne/internal/fault"
)

// MaxBody bounds every request body, in bytes; the largest legitimate one is a
// picture.
const MaxBody = 4 << 20

// csrfField is the name of the token in every form.
const csrfField = "csrf"

// CheckCSRF compares the form's token, or the header htmx sends, on requests
// that change something.
func CheckCSRF(r *http.Request, want string) error {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil
	}
	if err := ParseForm(r); err != nil {
		return err
	}
	got := cmp.Or(r.Header.Get("X-CSRF-Token"), r.PostFormValue(csrfField))
	if want == "" || subtle.ConstantTimeCompare([]byte(got), []byte(want)) != 1 {
		return fault.New(fault.Forbidden, "problem.form_stale")
	}
	return nil
}

// ParseForm reads a form of either encoding, and the query; fault.Invalid if it is
// broken, larger than what a person would send, or has text that databases refuse.
func ParseForm(r *http.Request) error {
	// This comes first: ParseMultipartForm hides the errors of a form that it does not
	// read.
	err := r.ParseForm()
	if err == nil {
		err = r.ParseMultipartForm(MaxBody) //nolint:gosec // the server bounds every request by MaxBody
	}
	if errors.Is(err, http.ErrNotMultipart) {
		err = nil
	}
	switch {
	case err == nil && readable(r.Form):
		return nil
	case err == nil:
		return fault.New(fault.Invalid, "problem.form_unreadable")
	case tooLarge(err) || strings.Contains(err.Error(), "too large"):
		return fault.Wrap(err, fault.Invalid, "problem.too_large")
	default:
		return fault.Wrap(err, fault.Invalid, "problem.form_unreadable")
	}
}

// readable reports whether every value is text that any database takes.
func readable(form url.Values) bool {
	for _, values := range form {
		if slices.ContainsFunc(values, func(v string) bool { return !utf8.ValidString(v) || strings.ContainsRune(v, 0) }) {
			return false
		}
	}
	return true
}

// tooLarge reports whether err came from the bound on request bodies.
func tooLarge(err error) bool {
	_, ok := errors.AsType[*http.MaxBytesError](err)
	return ok
}
