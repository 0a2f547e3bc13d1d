package moodle

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
)

// perBatch is how many members one batch holds: a request of 50 took a real
// Moodle about a second.
const perBatch = 50

// batchMember is the answer to one member. Data and Exception are JSON written
// into a string.
type batchMember struct {
	Error     flag   `json:"error"`
	Data      string `json:"data"`
	Exception string `json:"exception"`
}

// batched asks about the users in batches. On an error the users not yet asked
// about come back; FunctionMissing from the first batch means that the service
// does not hold the batch function.
func (p *perLearner[T]) batched(ctx context.Context, users []int64) (rest []int64, err error) {
	for len(users) > 0 {
		some := users[:min(perBatch, len(users))]
		answers, err := p.batch(ctx, some)
		if err != nil {
			return users, err
		}
		for i, a := range answers {
			if err := p.member(some[i], a); err != nil {
				return nil, err
			}
		}
		// A member that fails stops the batch and leaves out the rest: go on after it.
		users = users[len(answers):]
	}
	return nil, nil
}

// batch sends one batch and returns at least one and at most as many answers.
func (p *perLearner[T]) batch(ctx context.Context, users []int64) ([]batchMember, error) {
	form := url.Values{}
	for i, user := range users {
		arguments, err := json.Marshal(p.arguments(user))
		if err != nil {
			return nil, &Error{Function: p.function, Reason: InvalidID, Err: err}
		}
		at := "requests[" + strconv.Itoa(i) + "]"
		form.Set(at+"[function]", p.function)
		form.Set(at+"[arguments]", string(arguments))
	}
	var answer struct {
		Responses []batchMember `json:"responses"`
	}
	if err := p.client.call(ctx, request{function: fnBatch, form: form}, &answer); err != nil {
		return nil, err
	}
	if n := len(answer.Responses); n == 0 || n > len(users) {
		return nil, &Error{Function: fnBatch, Reason: Unexpected, Err: errMissing("response for each request")}
	}
	return answer.Responses, nil
}

func (p *perLearner[T]) member(user int64, answer batchMember) error {
	if !answer.Error {
		return p.take(user, []byte(answer.Data))
	}
	// Inside a batch the exception has no class, only code and message.
	var x exception
	if err := json.Unmarshal([]byte(answer.Exception), &x); err != nil || !x.is() {
		return p.got.miss(id[UserID](user), &Error{Function: p.function, Reason: Unexpected, Err: errMissing("exception")})
	}
	return p.got.miss(id[UserID](user), p.client.failure(p.function, x))
}
