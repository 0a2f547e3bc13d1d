package lti

import (
	"context"
	"encoding/json"
	"net/http"
)

// Result is the gradebook's entry for one learner.
type Result struct {
	User    string
	Score   *float64 // nil if there is none
	Maximum float64  // maximum of Score, above zero; 0 without Score
	Comment string   // may be empty
}

const resultContainer = "application/vnd.ims.lis.v2.resultcontainer+json"

// Results reads the results of a line item (Assignment and Grade Services 2.0, section
// 3.3). If user is not empty, it reads only that user's result.
func (g Grades) Results(ctx context.Context, lineItemURL, user string) ([]Result, error) {
	if err := g.checkLineItem(lineItemURL); err != nil {
		return nil, err
	}
	c, err := g.call(http.MethodGet, ScopeResult)
	if err != nil {
		return nil, err
	}
	c.address, c.accept = withQuery(subresource(lineItemURL, "results"), "user_id", user), resultContainer
	results := []Result{}
	_, err = g.tool.readPages(ctx, c, func(page []byte) (int, error) {
		found, err := readResults(page)
		for _, r := range found {
			if r.User != "" && len(r.User) <= maxIdentifier && (user == "" || r.User == user) {
				results = append(results, r)
			}
		}
		return len(found), err
	})
	if err != nil {
		return nil, err
	}
	return results, nil
}

// readResults reads a page. A number that cannot be read is an error, because it is not
// a missing grade.
func readResults(page []byte) ([]Result, error) {
	var list []struct {
		User    looseText   `json:"userId"`
		Score   looseNumber `json:"resultScore"`
		Maximum looseNumber `json:"resultMaximum"`
		Comment looseText   `json:"comment"`
	}
	if json.Unmarshal(page, &list) != nil || list == nil {
		return nil, &Error{Reason: ServiceAnswer, Detail: "no list of results"}
	}
	results := make([]Result, 0, len(list))
	for _, r := range list {
		result := Result{User: string(r.User), Comment: string(r.Comment)}
		// The default of the maximum is 1 (section 3.3.4).
		if maximum := r.Maximum.or(1); r.Score.value != nil && maximum > 0 {
			result.Score, result.Maximum = r.Score.value, maximum
		}
		results = append(results, result)
	}
	return results, nil
}
