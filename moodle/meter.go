package moodle

import (
	"context"
	"sync"
	"sync/atomic"
)

// Meter counts the calls to a site and the bytes of its answers. The zero value is
// ready to use. It is safe for concurrent use.
type Meter struct{ functions sync.Map } // maps string to *counter

type counter struct{ calls, bytes atomic.Int64 }

// Usage is a count of calls and bytes.
type Usage struct {
	Calls int64 // requests sent, including repeated ones
	Bytes int64 // size of the answers after decompression
}

type meterKey struct{}

// WithMeter returns a context in which m counts the calls. One meter can be in several
// contexts. If contexts with meters are nested, only the inner meter counts.
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

// ByFunction returns the counts per web-service function. A batch counts for the batch
// function, not for the functions inside it.
func (m *Meter) ByFunction() map[string]Usage {
	all := map[string]Usage{}
	m.functions.Range(func(function, c any) bool {
		n := c.(*counter) // metered stores nothing else
		all[function.(string)] = Usage{Calls: n.calls.Load(), Bytes: n.bytes.Load()}
		return true
	})
	return all
}

// metered counts a call and returns the counter for the bytes of its answer. Without a
// meter in the context, the counter belongs to nobody.
func metered(ctx context.Context, function string) *atomic.Int64 {
	m, ok := ctx.Value(meterKey{}).(*Meter)
	if !ok || m == nil {
		return new(atomic.Int64)
	}
	found, _ := m.functions.LoadOrStore(function, new(counter))
	n := found.(*counter) // stored in the line above
	n.calls.Add(1)
	return &n.bytes
}
