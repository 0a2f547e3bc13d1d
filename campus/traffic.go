package campus

import (
	"maps"
	"net/http"
	"sync/atomic"
)

// traffic counts what the services were asked and what they answered. The
// campus's lock guards calls.
type traffic struct {
	calls map[string]int
	bytes atomic.Int64
}

// Calls tells how often each function was called since the last ResetCalls:
// web services by their name, the batch and each function in it; services of
// LTI by the last part of their address, such as memberships, scores or token.
func (c *Campus) Calls() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.traffic.calls)
}

// BytesServed is the size of the services' answers since the last ResetCalls,
// without headers.
func (c *Campus) BytesServed() int64 { return c.traffic.bytes.Load() }

// ResetCalls begins to count anew.
func (c *Campus) ResetCalls() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.traffic.calls)
	c.traffic.bytes.Store(0)
}

// counted counts calls, whatever becomes of them.
func (c *Campus) counted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		function, _ := nameCall(r)
		c.locked(func() { c.traffic.calls[function]++ })
		next.ServeHTTP(&countingWriter{ResponseWriter: w, bytes: &c.traffic.bytes}, r)
	})
}

// countingWriter counts the bytes of an answer.
type countingWriter struct {
	http.ResponseWriter
	bytes *atomic.Int64
}

func (w *countingWriter) Write(b []byte) (int, error) {
	n, err := w.ResponseWriter.Write(b)
	w.bytes.Add(int64(n))
	return n, err
}
