package moodle

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Readings are the answers about several learners. Each requested learner is in exactly
// one of the two maps. That a learner could not be read does not mean that the learner
// did nothing.
type Readings[T any] struct {
	Read   map[UserID]T
	Unread map[UserID]*Error
}

// gathering collects readings from concurrent calls.
type gathering[T any] struct {
	mu sync.Mutex
	Readings[T]
}

func (g *gathering[T]) keep(user UserID, value T) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.Read[user] = value
}

// miss records that one learner could not be read. It returns an error that concerns
// the course or the site, which must end the reading.
func (g *gathering[T]) miss(user UserID, err error) error {
	e := asError(err)
	if e == nil || !e.ofLearner() {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.Unread[user] = e
	return nil
}

// perLearner calls one function for each learner of a course.
type perLearner[T any] struct {
	client   *Client
	function string
	course   int64 // 0: the function has no course argument
	decode   func([]byte) (T, error)
	got      *gathering[T]
}

// readEach calls the function for each user: with many users per request if the service
// has the batch function, otherwise one by one.
func readEach[W, T any](ctx context.Context, c *Client, function string, course CourseID, users []UserID, value func(W) (T, error)) (Readings[T], error) {
	n := int64(0)
	if course != "" {
		var err error
		if n, err = number(course); err != nil {
			return Readings[T]{}, err
		}
	}
	p := &perLearner[T]{
		client: c, function: function, course: n,
		decode: func(raw []byte) (T, error) {
			var wire W
			if err := decode(raw, &wire); err != nil {
				var none T
				return none, err
			}
			return value(wire)
		},
		got: &gathering[T]{Readings: Readings[T]{Read: map[UserID]T{}, Unread: map[UserID]*Error{}}},
	}
	err := p.readAll(ctx, users)
	if e := asError(err); e != nil && e.Code == "cannotviewreport" {
		err = c.explainRefusal(ctx, course, e)
	}
	if err != nil {
		return Readings[T]{}, err
	}
	return p.got.Readings, nil
}

func (p *perLearner[T]) readAll(ctx context.Context, users []UserID) error {
	numbered := make([]int64, 0, len(users))
	for _, u := range users {
		n, err := number(u)
		if err != nil {
			return err
		}
		numbered = append(numbered, n)
	}
	rest, err := p.batched(ctx, numbered)
	if ReasonOf(err) == FunctionMissing {
		return p.oneByOne(ctx, rest)
	}
	return err
}

// oneByOne calls the function for each user in a request of its own.
func (p *perLearner[T]) oneByOne(ctx context.Context, users []int64) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(cap(p.client.slots))
	for _, user := range users {
		group.Go(func() error { return contained(func() error { return p.one(ctx, user) }) })
	}
	err := group.Wait()
	if crash, ok := errors.AsType[*Crash](err); ok {
		panic(crash) // in the caller's goroutine, where it can be recovered
	}
	return err
}

func (p *perLearner[T]) one(ctx context.Context, user int64) error {
	form := url.Values{}
	for name, value := range p.arguments(user) {
		form.Set(name, decimal(value))
	}
	var raw json.RawMessage
	if err := p.client.call(ctx, request{function: p.function, form: form}, &raw); err != nil {
		return p.got.miss(id[UserID](user), err)
	}
	return p.take(user, raw)
}

// arguments returns the arguments of a call about one user.
func (p *perLearner[T]) arguments(user int64) map[string]int64 {
	if p.course == 0 {
		return map[string]int64{"userid": user}
	}
	return map[string]int64{"courseid": p.course, "userid": user}
}

// take decodes the answer about one user.
func (p *perLearner[T]) take(user int64, raw []byte) error {
	value, err := p.decode(raw)
	if err != nil {
		e := &Error{Function: p.function, Reason: Unexpected, Err: p.client.redactError(err)}
		return p.got.miss(id[UserID](user), e)
	}
	p.got.keep(id[UserID](user), value)
	return nil
}

func asError(err error) *Error {
	e, _ := errors.AsType[*Error](err)
	return e
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }
