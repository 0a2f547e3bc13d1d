package moodle

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
)

// perBatch is how many requests one batch contains. A Moodle site answered a batch of
// 50 in about one second.
const perBatch = 50

// batchMember is the answer to one request of a batch. Data and Exception are strings
// that contain JSON.
type batchMember struct {
	Error     flag   `json:"error"`
	Data      string `json:"data"`
	Exception string `json:"exception"`
}

// batched asks about the users in batches. If a batch fails, it returns the users who
// were not asked about yet. FunctionMissing from the first batch means that the service
// does not have the batch function.
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
		// A member that fails ends the batch: Moodle sends no answers for the rest.
		// Continue after the failed one.
		users = users[len(answers):]
	}
	return nil, nil
}

// batch sends one batch. It returns at least one answer, and not more than one per
// user.
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
	// In a batch, an exception has a code and a message and no class.
	var x exception
	if err := json.Unmarshal([]byte(answer.Exception), &x); err != nil || !x.is() {
		return p.got.miss(id[UserID](user), &Error{Function: p.function, Reason: Unexpected, Err: errMissing("exception")})
	}
	return p.got.miss(id[UserID](user), p.client.failure(p.function, x))
}
