package gradebook_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges/gradebook"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
)

func TestAddTwice(t *testing.T) {
	w := newWorld(t)
	w.add()
	first := w.column()
	w.add()
	want := []lineItem{{
		ID: first.LineItem, Label: "Badge", ScoreMaximum: 100, ResourceID: string(w.badge.ID), Tag: "insigne",
		Review: map[string]any{"reviewableStatus": []any{"Completed"}, "url": "https://tool.example/launch"},
	}}
	if diff := cmp.Diff(want, w.lms.columns()); diff != "" || first.Placed || w.column() != first {
		t.Errorf("the badge's column is %+v, then %+v; the LMS has %s", first, w.column(), diff)
	}
}

// TestAddAtOnce requests a column while the LMS is making it.
func TestAddAtOnce(t *testing.T) {
	w := newWorld(t)
	var second error
	w.lms.refuse = func(r *http.Request) int {
		if r.Method == http.MethodPost {
			second = w.columns.Add(w.Context(), w.badge)
		}
		return 0
	}
	w.add()
	if !fault.Is(second, fault.Conflict) || len(w.lms.columns()) != 1 {
		t.Errorf("the second request ends with %v; the LMS has %+v", second, w.lms.columns())
	}
}

// TestAddCutShort loses the answer to the first attempt. The second attempt
// need not wait, and finds the column of the first.
func TestAddCutShort(t *testing.T) {
	w := newWorld(t)
	w.lms.refuse = func(r *http.Request) int {
		w.lms.cutShort = r.Method == http.MethodPost
		return 0
	}
	if err := w.columns.Add(t.Context(), w.badge); lti.ReasonOf(err) != lti.ServiceFailed {
		t.Fatalf("the first attempt ends with %v", err)
	}
	if len(w.lms.columns()) != 1 || w.column() != (store.Column{}) {
		t.Fatalf("after the first attempt the LMS has %+v, the badge %+v", w.lms.columns(), w.column())
	}
	w.add()
	if items := w.lms.columns(); len(items) != 1 || w.column() != (store.Column{LineItem: items[0].ID}) {
		t.Errorf("after the second attempt the LMS has %+v, the badge %+v", items, w.column())
	}
}

// TestAddAnew makes another column after somebody deleted the first in the LMS.
func TestAddAnew(t *testing.T) {
	w := newWorld(t)
	w.add()
	before := w.column()
	w.lms.lose()
	w.add()
	if items := w.lms.columns(); len(items) != 1 || w.column() == before || w.column().LineItem != items[0].ID {
		t.Errorf("the LMS has %+v, the badge %+v and before %+v", items, w.column(), before)
	}
}

// TestAddRefused uses an LMS that refuses to answer questions about its
// columns.
func TestAddRefused(t *testing.T) {
	w := newWorld(t)
	for name, tt := range map[string]struct {
		has    bool // before
		status int  // with which reading is refused
		made   int  // columns in the end
		reason lti.Reason
	}{
		"forbidden, with a column":    {true, http.StatusForbidden, 1, ""},
		"forbidden, without a column": {false, http.StatusForbidden, 1, ""},
		"closed, with a column":       {true, http.StatusServiceUnavailable, 1, lti.ServiceFailed},
		"closed, without a column":    {false, http.StatusServiceUnavailable, 0, lti.ServiceFailed},
	} {
		t.Run(name, func(t *testing.T) {
			w.reset()
			if tt.has {
				w.add()
			}
			before := w.column()
			w.lms.refuse = func(r *http.Request) int {
				if r.Method == http.MethodGet {
					return tt.status
				}
				return 0
			}
			if err := w.columns.Add(t.Context(), w.badge); lti.ReasonOf(err) != tt.reason {
				t.Errorf("error %v, want %q", err, tt.reason)
			}
			if len(w.lms.columns()) != tt.made {
				t.Errorf("the LMS has %+v, want %d", w.lms.columns(), tt.made)
			}
			if after := w.column(); tt.has && after != before {
				t.Errorf("the badge's column was %+v and is %+v", before, after)
			}
		})
	}
}

// TestAddCancelled cancels a request while the LMS is slow: a column that the
// badge had before stays, and the next attempt need not wait.
func TestAddCancelled(t *testing.T) {
	w := newWorld(t)
	for _, has := range []bool{true, false} {
		w.reset()
		if has {
			w.add()
		}
		before := w.column()
		ctx, cancel := context.WithCancel(t.Context())
		w.lms.refuse = func(*http.Request) int {
			cancel()
			return http.StatusServiceUnavailable
		}
		if err := w.columns.Add(ctx, w.badge); err == nil {
			t.Error("no error")
		}
		if after := w.column(); after != before {
			t.Errorf("the badge's column was %+v and is %+v", before, after)
		}
		w.lms.refuseAll(0)
		w.add()
	}
}

func TestRemove(t *testing.T) {
	w := newWorld(t)
	for name, tt := range map[string]struct {
		before func()
		left   bool
		reason lti.Reason
	}{
		"in the LMS":      {func() {}, false, ""},
		"gone in the LMS": {w.lms.lose, false, ""},
		"while closed":    {func() { w.lms.refuseAll(http.StatusServiceUnavailable) }, true, lti.ServiceFailed},
		"forbidden":       {func() { w.lms.refuseAll(http.StatusForbidden) }, true, lti.ServiceForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			w.reset()
			w.add()
			tt.before()
			if err := w.columns.Remove(t.Context(), w.course, w.badge.ID); lti.ReasonOf(err) != tt.reason || (err == nil) == tt.left {
				t.Errorf("error %v, want %q", err, tt.reason)
			}
			if has := w.column() != (store.Column{}); has != tt.left || (len(w.lms.columns()) > 0) != tt.left {
				t.Errorf("the LMS has %+v, the badge %+v", w.lms.columns(), w.column())
			}
		})
	}
	w.reset()
	if err := w.columns.Remove(t.Context(), w.course, w.badge.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("without a column: %v", err)
	}
}

func TestStatus(t *testing.T) {
	w := newWorld(t)
	none := func() {}
	for _, tt := range []struct {
		name   string
		change func()
		scopes []string
		want   gradebook.Status
	}{
		{"nothing granted", none, nil, gradebook.Status{}},
		{"columns, and no scores", none, []string{lti.ScopeLineItem}, gradebook.Status{}},
		{"scores, and no columns", none, []string{lti.ScopeScore}, gradebook.Status{}},
		{"columns only to read", none, []string{lti.ScopeLineItemReadOnly, lti.ScopeScore}, gradebook.Status{}},
		{"both", none, []string{lti.ScopeLineItem, lti.ScopeScore}, gradebook.Status{Offered: true}},
		{"with a column", w.add, []string{lti.ScopeLineItem, lti.ScopeScore}, gradebook.Status{Offered: true, Column: true}},
		{"granted no longer", none, []string{lti.ScopeLineItem}, gradebook.Status{Column: true}},
		{"removed", w.remove, []string{lti.ScopeLineItem}, gradebook.Status{}},
		{"an activity that nobody opened", func() { w.lms.place(string(w.badge.ID)) }, []string{lti.ScopeScore}, gradebook.Status{}},
		{"with the column of an activity", func() { w.take(w.launch(w.lms.place(""))) }, []string{lti.ScopeScore}, gradebook.Status{Column: true, Placed: true}},
	} {
		tt.change()
		w.offer(tt.scopes...)
		got, err := w.columns.Status(t.Context(), w.course, w.badge.ID)
		if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v %s", tt.name, err, diff)
		}
	}
}
