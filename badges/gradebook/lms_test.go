package gradebook_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// lms is a platform with a grade service for one course.
type lms struct {
	*httptest.Server

	// refuse returns the status with which a request is refused; 0 means that
	// it is answered.
	refuse func(r *http.Request) int
	// cutShort makes the service do what is requested and then fail to answer.
	cutShort bool

	mu     sync.Mutex
	items  map[string]lineItem // by path
	made   int
	scores []score
}

type lineItem struct {
	ID             string  `json:"id"`
	Label          string  `json:"label"`
	ScoreMaximum   float64 `json:"scoreMaximum"`
	ResourceID     string  `json:"resourceId"`
	Tag            string  `json:"tag"`
	ResourceLinkID string  `json:"resourceLinkId,omitempty"`
	Review         any     `json:"submissionReview,omitempty"`
}

type score struct {
	User      string    `json:"userId"`
	Given     float64   `json:"scoreGiven"`
	Maximum   float64   `json:"scoreMaximum"`
	Comment   string    `json:"comment"`
	Activity  string    `json:"activityProgress"`
	Grading   string    `json:"gradingProgress"`
	Timestamp time.Time `json:"timestamp"`
}

func newLMS(t *testing.T) *lms {
	l := &lms{items: map[string]lineItem{}}
	l.Server = httptest.NewServer(l)
	t.Cleanup(l.Close)
	return l
}

// refuseAll refuses every request with a status; 0 means that they are
// answered.
func (l *lms) refuseAll(status int) { l.refuse = func(*http.Request) int { return status } }

func (l *lms) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/token" {
		_ = r.ParseForm() // a request without a scope gets none
		_, _ = fmt.Fprintf(w, `{"access_token":"t","token_type":"Bearer","expires_in":3600,"scope":%q}`, r.PostForm.Get("scope"))
		return
	}
	if status := l.refuse(r); status != 0 {
		w.Header().Set("Retry-After", "60")
		w.WriteHeader(status)
		return
	}
	answer := l.answer(r)
	if l.cutShort {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	if answer == nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	_ = json.NewEncoder(w).Encode(answer) // a lost answer fails the test
}

// answer does what a request asks for and returns the answer; nil if there is
// no such thing.
func (l *lms) answer(r *http.Request) any {
	l.mu.Lock()
	defer l.mu.Unlock()
	if item, scores := strings.CutSuffix(r.URL.Path, "/scores"); scores {
		return l.addScore(item, r)
	}
	item, exists := l.items[r.URL.Path]
	switch {
	case r.URL.Path == "/items" && r.Method == http.MethodPost:
		return l.addItem(r)
	case r.URL.Path == "/items":
		return slices.AppendSeq([]lineItem{}, maps.Values(l.items))
	case !exists:
		return nil
	case r.Method == http.MethodDelete:
		delete(l.items, r.URL.Path)
	}
	return item
}

func (l *lms) addItem(r *http.Request) any {
	var item lineItem
	if json.NewDecoder(r.Body).Decode(&item) != nil {
		return nil
	}
	return l.put(item)
}

func (l *lms) put(item lineItem) lineItem {
	l.made++
	path := fmt.Sprintf("/items/%d", l.made)
	item.ID = l.URL + path
	l.items[path] = item
	return item
}

func (l *lms) addScore(item string, r *http.Request) any {
	var s score
	if _, exists := l.items[item]; !exists || json.NewDecoder(r.Body).Decode(&s) != nil {
		return nil
	}
	l.scores = append(l.scores, s)
	return struct{}{}
}

// place adds the line item that comes with a placed link.
func (l *lms) place(resource string) lineItem {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.put(lineItem{Label: "placed", ScoreMaximum: 1, ResourceID: resource, Tag: "insigne", ResourceLinkID: "5"})
}

// lose removes all line items.
func (l *lms) lose() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.items)
}

func (l *lms) columns() []lineItem {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Collect(maps.Values(l.items))
}
