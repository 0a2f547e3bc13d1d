package page

import (
	"io"
	"net/http"
	"strconv"
)

// SeeOther answers a form with the page to go to. The path is one of our own, never
// from the request.
func SeeOther(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}

// WriteBytes answers with a file of a media type.
func WriteBytes(w http.ResponseWriter, mediaType string, body []byte) error {
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	// A reader that has gone is no error of ours.
	_, _ = w.Write(body)
	return nil
}

// WriteText answers with a line of text.
func WriteText(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	// The client may have gone; there is nobody left to tell.
	_, _ = io.WriteString(w, text)
}
