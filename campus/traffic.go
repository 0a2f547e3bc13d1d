package campus

import (
	"maps"
	"net/http"
	"sync/atomic"
)

// traffic counts the calls of the services and the bytes of their answers. The campus's
// lock guards calls.
type traffic struct {
	calls map[string]int
	bytes atomic.Int64
}

// Calls returns how often each function was called since the last ResetCalls. Web
// services have their names; the batch and each function in it count. Services of LTI
// have the last part of their address, such as memberships, scores or token.
func (c *Campus) Calls() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.traffic.calls)
}

// BytesServed returns the size of the services' answers without headers since the last
// ResetCalls.
func (c *Campus) BytesServed() int64 { return c.traffic.bytes.Load() }

// ResetCalls starts the counts again.
func (c *Campus) ResetCalls() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.traffic.calls)
	c.traffic.bytes.Store(0)
}

// counted counts calls, whatever their result.
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
