package campus

import (
	"io"
	"math"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// injectFaults makes calls of the services fail on the way, at the rates in Faults.
func (c *Campus) injectFaults(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		function, call := nameCall(r)
		f := c.faultsOf(function, call)
		switch {
		case f.hangs:
			// The end of the connection is noticed only after the request was read.
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
		case f.retryAfter > 0:
			w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(f.retryAfter.Seconds()))))
			w.WriteHeader(http.StatusServiceUnavailable)
		case f.cut:
			next.ServeHTTP(&cutWriter{ResponseWriter: w, room: f.room}, r)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// callFaults are the faults of one call on the way.
type callFaults struct {
	hangs      bool
	retryAfter time.Duration // 0: no fault
	cut        bool
	room       int // bytes to send of an answer that is cut
}

func (c *Campus) faultsOf(function, call string) (m callFaults) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := c.faults
	m.hangs = c.dice.throw(f.Hangs, "hangs", function, call)
	if c.dice.throw(f.Busy, "busy", function, call) {
		m.retryAfter = max(f.RetryAfter, time.Second)
	}
	if c.dice.throw(f.CutShort, "cut short", function, call) {
		m.cut, m.room = true, c.dice.random("room "+call).IntN(maxCut)
	}
	return m
}

// nameCall returns the function that a request calls, and the call with its arguments.
func nameCall(r *http.Request) (function, call string) {
	if rest, isLTI := strings.CutPrefix(r.URL.Path, "/mod/lti/"); isLTI {
		return strings.TrimSuffix(path.Base(rest), ".php"), r.Method + " " + r.URL.RequestURI()
	}
	if err := r.ParseForm(); err != nil {
		return "", ""
	}
	return r.Form.Get("wsfunction"), wsArgs(r.Form).call()
}

// maxCut is the most bytes that are sent of an answer that is cut.
const maxCut = 16 << 10

// cutWriter ends an answer early, as if it were complete. It never sends the last
// bytes, so that the JSON of short answers is incomplete too.
type cutWriter struct {
	http.ResponseWriter
	room int
	tail []byte
}

// lastBytes is the length of the end of every answer: a bracket and a line feed.
const lastBytes = 2

// Write accepts all bytes and sends as many as there is room for.
func (w *cutWriter) Write(b []byte) (int, error) {
	w.tail = append(w.tail, b...)
	pass := min(max(len(w.tail)-lastBytes, 0), w.room)
	n, err := w.ResponseWriter.Write(w.tail[:pass])
	w.room -= n
	w.tail = w.tail[pass:]
	if w.room == 0 {
		w.tail = nil
	}
	if err != nil {
		return 0, err
	}
	return len(b), nil
}
