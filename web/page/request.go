package page

import "context"

type requestKey struct{}

// Request is what the log says about a request.
type Request struct {
	ID    string
	Route string // the pattern that matched; never the path, because paths have secrets
}

// WithRequest returns a context that carries info.
func WithRequest(ctx context.Context, info *Request) context.Context {
	return context.WithValue(ctx, requestKey{}, info)
}

// RequestOf returns the Request that WithRequest put into ctx. Without one it returns
// an empty Request.
func RequestOf(ctx context.Context) *Request {
	if info, ok := ctx.Value(requestKey{}).(*Request); ok {
		return info
	}
	return &Request{}
}
