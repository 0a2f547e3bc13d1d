package campus

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"
)

const (
	scoreType   = "application/vnd.ims.lis.v1.score+json"
	resultsType = "application/vnd.ims.lis.v2.resultcontainer+json"
)

// score is the last score that a tool sent for a learner.
type score struct {
	points  *float64 // in points of the line item; nil: erased, or never sent
	comment string
	at      time.Time
}

// scoreBody is a posted score (LTI AGS 2.0, section 3.4).
type scoreBody struct {
	User      string   `json:"userId"`
	Given     *float64 `json:"scoreGiven"`
	Max       *float64 `json:"scoreMaximum"`
	Comment   string   `json:"comment"`
	Timestamp string   `json:"timestamp"`
	Grading   string   `json:"gradingProgress"`
	Activity  string   `json:"activityProgress"`
}

// postScore receives a score. If the score itself is refused, the body of the answer is
// an empty list.
func (c *Campus) postScore(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	status, err := c.takeScore(r)
	c.mu.Unlock()
	switch {
	case err != nil:
		c.writeServiceError(w, r, err)
	case status != http.StatusOK:
		writeJSON(w, status, scoreType+charset, []any{})
	default:
		w.Header().Set("Content-Type", scoreType+charset)
		w.WriteHeader(http.StatusOK)
	}
}

func (c *Campus) takeScore(r *http.Request) (status int, err error) {
	if err := sends(r, scoreType); err != nil {
		return 0, err
	}
	t, err := c.caller(r, scopeScore)
	if err != nil {
		return 0, err
	}
	i, err := c.item(r, t)
	if err != nil {
		return 0, err
	}
	var body scoreBody
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&body); err != nil {
		return http.StatusBadRequest, nil //nolint:nilerr // the status is the answer
	}
	user, at, ok := i.course.checkScore(body)
	if !ok {
		return http.StatusBadRequest, nil
	}
	// Moodle stores whole seconds, and requires each score to be newer than the last.
	if stored, scored := i.scores[user]; scored && at.Unix() <= stored.at.Unix() {
		return http.StatusConflict, nil
	}
	i.scores[user] = body.score(i.max, at)
	return http.StatusOK, nil
}

// checkScore reads the learner and the time of a score; ok is false if Moodle calls the
// score incorrect. Only learners of the course can be graded, also suspended ones.
func (k *course) checkScore(body scoreBody) (user int64, at time.Time, ok bool) {
	user, err := strconv.ParseInt(body.User, 10, 64)
	if err != nil {
		return 0, at, false
	}
	if _, err := k.learner(user); err != nil {
		return 0, at, false
	}
	at, err = time.Parse(time.RFC3339Nano, body.Timestamp)
	if err != nil || (body.Given != nil && (body.Max == nil || *body.Max <= 0)) || body.Grading == "" || body.Activity == "" {
		return 0, at, false
	}
	return user, at, true
}

// score scales the points to the line item's maximum, which is the upper limit. A score
// that is not fully graded loses its number and erases the one before.
func (b scoreBody) score(highest float64, at time.Time) score {
	s := score{comment: b.Comment, at: at}
	if b.Given != nil && b.Grading == "FullyGraded" {
		points := min(*b.Given / *b.Max * highest, highest)
		s.points = &points
	}
	return s
}

// listResults lists the scores by learner. A result without a number has only its id
// and user. Like Moodle, it fails if results are requested in pages.
func (c *Campus) listResults(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Has("limit") {
		writeHTML(w, http.StatusNotFound, "Error")
		return
	}
	c.mu.Lock()
	results, err := c.results(r)
	c.mu.Unlock()
	if err != nil {
		c.writeServiceError(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, resultsType+charset, results)
}

func (c *Campus) results(r *http.Request) ([]object, error) {
	if err := accepts(r, resultsType); err != nil {
		return nil, err
	}
	t, err := c.caller(r, scopeResult)
	if err != nil {
		return nil, err
	}
	i, err := c.item(r, t)
	if err != nil {
		return nil, err
	}
	results := []object{}
	only := r.URL.Query().Get("user_id")
	if user, err := strconv.ParseInt(only, 10, 64); only != "" {
		if s, scored := i.scores[user]; err == nil && scored {
			results = append(results, c.result(i, user, s))
		}
		return results, nil
	}
	for _, user := range slices.Sorted(maps.Keys(i.scores)) {
		results = append(results, c.result(i, user, i.scores[user]))
	}
	return results, nil
}

func (c *Campus) result(i *lineItem, id int64, s score) object {
	user := strconv.FormatInt(id, 10)
	o := object{"id": fmt.Sprintf("%s&user_id=%s", c.itemURL(i, "/results"), user), "userId": user}
	if s.points == nil {
		return o
	}
	o["resultScore"], o["resultMaximum"], o["scoreOf"] = *s.points, i.max, c.lineItemURL(i)
	o["timestamp"] = s.at.UTC().Format("2006-01-02T15:04:05+00:00")
	if s.comment != "" {
		o["comment"] = s.comment
	}
	return o
}

// Score returns a learner's score in the gradebook column of a tool.
func (c *Campus) Score(user int64, label string) (points float64, comment string, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, i := range c.items {
		s, scored := i.scores[user]
		if i.label == label && scored && s.points != nil {
			return *s.points, s.comment, true
		}
	}
	return 0, "", false
}
