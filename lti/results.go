package lti

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

const resultsType = "application/vnd.ims.lis.v2.resultcontainer+json"

// Result is the grade that stands in a column now (AGS 2.0, section 3.3).
// Somebody at the platform may have changed what the tool sent.
type Result struct {
	User    string
	Score   *float64 // nil: none
	Maximum float64
	Comment string
	At      time.Time // zero when the platform does not tell
}

// Results lists the grades of a column, of one user when user is not empty.
func (t *Tool) Results(ctx context.Context, reg Registration, lineItem, user string) ([]Result, error) {
	address, err := under(lineItem, "/results")
	if err != nil {
		return nil, err
	}
	if user != "" {
		if address, err = withQuery(address, "user_id", user); err != nil {
			return nil, err
		}
	}
	var list []Result
	err = t.pages(ctx, reg, call{method: http.MethodGet, address: address, accept: resultsType, scope: ScopeResult}, func(body []byte) error {
		page, err := readResults(body)
		list = append(list, page...)
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

func readResults(body []byte) ([]Result, error) {
	var page []struct {
		User    string       `json:"userId"`
		Score   *json.Number `json:"resultScore"`
		Maximum *json.Number `json:"resultMaximum"`
		Comment string       `json:"comment"`
		At      string       `json:"timestamp"`
	}
	if json.Unmarshal(body, &page) != nil {
		return nil, &Error{Reason: ServiceAnswer, Detail: "results"}
	}
	var list []Result
	for _, p := range page {
		if p.User == "" || len(p.User) > maxIdentifier {
			continue
		}
		r := Result{User: p.User, Score: number(p.Score), Maximum: 1, Comment: p.Comment}
		if maximum := number(p.Maximum); maximum != nil {
			r.Maximum = *maximum // 1 where nothing is said (section 3.3.2)
		}
		r.At, _ = time.Parse(time.RFC3339, p.At) // zero: unknown
		list = append(list, r)
	}
	return list, nil
}

// number reads a JSON number, or a text that holds one.
func number(n *json.Number) *float64 {
	if n == nil {
		return nil
	}
	f, err := n.Float64()
	if err != nil {
		return nil
	}
	return &f
}
