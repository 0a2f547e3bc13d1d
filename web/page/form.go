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

// MaxBody is the largest request body that we accept, in bytes. The largest that a form
// needs is a picture.
const MaxBody = 4 << 20

// csrfField is the name of the token in every form.
const csrfField = "csrf"

// CheckCSRF compares the token of the form, or of the header that htmx sends, with
// want. It checks only requests that can change something. The error is
// fault.Forbidden if the tokens differ, or that of ParseForm.
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

// ParseForm parses the query and a form of either encoding into r.Form. The error is
// fault.Invalid if the form is broken, is larger than MaxBody, or has text that
// databases refuse.
func ParseForm(r *http.Request) error {
	// ParseForm first: ParseMultipartForm hides the errors of a form that is not
	// multipart.
	err := r.ParseForm()
	if err == nil {
		err = r.ParseMultipartForm(MaxBody) //nolint:gosec // the server limits every request to MaxBody
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

// readable reports whether every value is text that every database accepts.
func readable(form url.Values) bool {
	for _, values := range form {
		if slices.ContainsFunc(values, func(v string) bool { return !utf8.ValidString(v) || strings.ContainsRune(v, 0) }) {
			return false
		}
	}
	return true
}

// tooLarge reports whether err says that the request body is larger than the limit.
func tooLarge(err error) bool {
	_, ok := errors.AsType[*http.MaxBytesError](err)
	return ok
}
