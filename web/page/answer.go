package page

import (
	"io"
	"net/http"
	"strconv"
)

// SeeOther answers a form with a redirect to path, a page of ours. The path must never
// come from the request.
func SeeOther(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}

// WriteBytes answers with body as a file of mediaType.
func WriteBytes(w http.ResponseWriter, mediaType string, body []byte) error {
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	// An error here means that the reader has left. That is no error of ours.
	_, _ = w.Write(body)
	return nil
}

// WriteText answers with one line of plain text.
func WriteText(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	// An error here means that the client has left: nobody is there to read it.
	_, _ = io.WriteString(w, text)
}
