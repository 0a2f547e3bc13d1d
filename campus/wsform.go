package campus

import (
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const maxForm = 10 << 20 // bytes

// formInOrder parses the form before any other code does. Moodle reads no parameters
// from a body that is not a form.
func formInOrder(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent := r.URL.RawQuery
		if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "application/x-www-form-urlencoded" {
			body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxForm))
			if err != nil {
				return // the client has gone, or sends without end
			}
			sent = string(body) + "&" + sent
		}
		r.Form = parseForm(sent)
		r.PostForm = r.Form
		next.ServeHTTP(w, r)
	})
}

// parseForm reads a form as Moodle does. PHP keeps the elements of a list in the order
// of arrival, and Moodle ignores their numbers: if requests[10] is sent before
// requests[2], it is answered first.
func parseForm(body string) url.Values {
	form := url.Values{}
	places := listPlaces{}
	for pair := range strings.SplitSeq(body, "&") {
		name, value, _ := strings.Cut(pair, "=")
		name, errName := url.QueryUnescape(name)
		value, errValue := url.QueryUnescape(value)
		if errName == nil && errValue == nil && name != "" {
			form.Add(places.renumber(name), value)
		}
	}
	return form
}

// listPlaces are the positions of the list elements that were read, by list and number.
type listPlaces map[string]map[string]int

// renumber replaces the numbers in requests[10][function] by positions.
func (l listPlaces) renumber(name string) string {
	parts := strings.SplitAfter(name, "[")
	for i := 1; i < len(parts); i++ {
		number, rest, closed := strings.Cut(parts[i], "]")
		if _, err := strconv.Atoi(number); err == nil && closed {
			parts[i] = strconv.Itoa(l.place(strings.Join(parts[:i], ""), number)) + "]" + rest
		}
	}
	return strings.Join(parts, "")
}

func (l listPlaces) place(list, number string) int {
	if l[list] == nil {
		l[list] = map[string]int{}
	}
	at, ok := l[list][number]
	if !ok {
		at = len(l[list])
		l[list][number] = at
	}
	return at
}
