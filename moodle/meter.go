package moodle

import (
	"context"
	"sync"
	"sync/atomic"
)

// Meter counts what reading costs a site. Its zero value is ready and counts
// nothing yet; it is safe for concurrent use.
type Meter struct{ functions sync.Map } // string to *counter

type counter struct{ calls, bytes atomic.Int64 }

// Usage is what was counted.
type Usage struct {
	Calls int64 // requests sent, repeated ones included
	Bytes int64 // of the answers read, after decompression
}

type meterKey struct{}

// WithMeter returns a context whose calls the meter counts. One meter may be in
// several contexts; of two meters in one context the inner one counts.
func WithMeter(ctx context.Context, m *Meter) context.Context {
	return context.WithValue(ctx, meterKey{}, m)
}

// Total returns the sum over all functions.
func (m *Meter) Total() Usage {
	var sum Usage
	for _, u := range m.ByFunction() {
		sum.Calls += u.Calls
		sum.Bytes += u.Bytes
	}
	return sum
}

// ByFunction returns the counts of each web-service function that was called. A
// batch counts as the function that carries it.
func (m *Meter) ByFunction() map[string]Usage {
	all := map[string]Usage{}
	m.functions.Range(func(function, c any) bool {
		n := c.(*counter) //nolint:forcetypeassert // metered stores nothing else
		all[function.(string)] = Usage{Calls: n.calls.Load(), Bytes: n.bytes.Load()}
		return true
	})
	return all
}

// metered notes a call and returns where its bytes are counted: to nobody's
// account when the context has no meter.
func metered(ctx context.Context, function string) *atomic.Int64 {
	m, ok := ctx.Value(meterKey{}).(*Meter)
	if !ok || m == nil {
		return new(atomic.Int64)
	}
	found, _ := m.functions.LoadOrStore(function, new(counter))
	n := found.(*counter) //nolint:forcetypeassert // stored in the line above
	n.calls.Add(1)
	return &n.bytes
}
