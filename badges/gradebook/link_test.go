package gradebook_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
)

// launch opens a link that was placed for the badge, with its line item.
func (w *world) launch(item lineItem) lti.Launch {
	services := w.services(lti.ScopeScore)
	services.LineItemURL = item.ID
	return lti.Launch{Message: lti.ResourceLinkRequest, Custom: map[string]string{"column": "earned"}, Services: services}
}

func (w *world) take(l lti.Launch) {
	w.Helper()
	w.tx(func(tx *store.Tx) error { return w.columns.Take(w.Context(), tx, l, w.course, w.badge.ID) })
}

func (w *world) placement() store.Placement {
	return store.Placement{Course: w.course, Request: lti.DeepLinking{LineItems: true}}
}

// askWithLink places the badge with a column, and returns the link.
func (w *world) askWithLink() lti.ContentItem {
	w.Helper()
	link := lti.ContentItem{Title: "Badge"}
	if err := w.columns.AskWithLink(w.Context(), w.placement(), w.badge.ID, &link); err != nil {
		w.Fatal(err)
	}
	return link
}

// TestAskWithLink checks that a link brings a column only if the LMS has none
// for the badge.
func TestAskWithLink(t *testing.T) {
	w := newWorld(t)
	place := func() { w.lms.place(string(w.badge.ID)) }
	for name, tt := range map[string]struct {
		before func()
		asks   bool
		has    bool // the badge has the only column of the LMS after that
		placed bool // which came with a link
	}{
		"none":                           {func() {}, true, false, false},
		"made":                           {w.add, false, true, false},
		"an activity that nobody opened": {place, false, true, true},
		"the column of another badge":    {func() { w.lms.place(string(w.higher.ID)) }, true, false, false},
		"given up, and in the LMS":       {w.giveUp, false, true, true},
		"given up, and gone":             {func() { w.giveUp(); w.lms.lose() }, true, false, false},
		"made, and gone":                 {func() { w.add(); w.lms.lose() }, true, false, false},
		"no scores":                      {func() { place(); w.offer(lti.ScopeLineItem) }, false, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			w.reset()
			tt.before()
			want := lti.ContentItem{Title: "Badge"}
			if tt.asks {
				want.Custom = map[string]string{"column": "earned"}
				want.LineItem = &lti.ContentLineItem{
					Label: "Badge", Maximum: 1, ResourceID: string(w.badge.ID), Tag: "insigne",
					Review: &lti.SubmissionReview{Statuses: []lti.ActivityProgress{lti.ActivityCompleted}},
				}
			}
			if diff := cmp.Diff(want, w.askWithLink()); diff != "" {
				t.Error(diff)
			}
			var column store.Column
			if tt.has {
				column = store.Column{LineItem: w.lms.columns()[0].ID, Placed: tt.placed}
			}
			if diff := cmp.Diff(column, w.column()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// giveUp takes the column of a link, then gives it up.
func (w *world) giveUp() {
	w.Helper()
	w.take(w.launch(w.lms.place(string(w.badge.ID))))
	w.remove()
}

// TestAskWithLinkUnanswered checks that a link brings no column if the LMS does
// not say whether it has one: there could be two.
func TestAskWithLinkUnanswered(t *testing.T) {
	w := newWorld(t)
	w.lms.refuseAll(http.StatusServiceUnavailable)
	link := lti.ContentItem{Title: "Badge"}
	err := w.columns.AskWithLink(t.Context(), w.placement(), w.badge.ID, &link)
	if diff := cmp.Diff(lti.ContentItem{Title: "Badge"}, link); lti.ReasonOf(err) != lti.ServiceFailed || diff != "" {
		t.Error(err, diff)
	}
}

// TestOfferedWithLink checks that a column is offered if the LMS accepts one
// with a link and lets Insigne fill it.
func TestOfferedWithLink(t *testing.T) {
	w := newWorld(t)
	for name, tt := range map[string]struct {
		takes bool
		scope string
		want  bool
	}{
		"taken":               {true, lti.ScopeScore, true},
		"not taken":           {false, lti.ScopeScore, false},
		"scores not granted":  {true, lti.ScopeLineItem, false},
		"nothing of the kind": {false, lti.ScopeLineItem, false},
	} {
		w.offer(tt.scope)
		p := w.placement()
		p.Request.LineItems = tt.takes
		if got, err := w.columns.OfferedWithLink(t.Context(), p); err != nil || got != tt.want {
			t.Errorf("%s: %t, %v; want %t", name, got, err, tt.want)
		}
	}
}

// TestTakeOnce takes the column of a link, gives it up and opens the link
// later: the column stays in the LMS, and is taken again only if a teacher
// asks.
func TestTakeOnce(t *testing.T) {
	w := newWorld(t)
	launch := w.launch(w.lms.place(string(w.badge.ID)))
	taken := store.Column{LineItem: launch.Services.LineItemURL, Placed: true}
	if w.take(launch); w.column() != taken {
		t.Fatalf("the badge's column is %+v, want %+v", w.column(), taken)
	}
	w.remove()
	w.clock.Add(time.Hour)
	if w.take(launch); w.column() != (store.Column{}) || len(w.lms.columns()) != 1 {
		t.Errorf("given up: the badge has %+v, the LMS %+v", w.column(), w.lms.columns())
	}
	if w.add(); w.column() != taken || len(w.lms.columns()) != 1 {
		t.Errorf("asked for: the badge has %+v, the LMS %+v", w.column(), w.lms.columns())
	}
}

// TestTakeNothing checks that a line item is not taken if it did not come with
// a link of the badge, or would be a second column.
func TestTakeNothing(t *testing.T) {
	w := newWorld(t)
	badge := w.badge
	for _, tt := range []struct {
		name   string
		change func(*lti.Launch)
	}{
		{"placed without a column", func(l *lti.Launch) { l.Custom = nil }},
		{"placed for another use", func(l *lti.Launch) { l.Custom["column"] = "other" }},
		{"no line item", func(l *lti.Launch) { l.Services.LineItemURL = "" }},
		{"scores not granted", func(l *lti.Launch) { l.Services.GradeScopes = []string{lti.ScopeLineItem} }},
		{"deep linking", func(l *lti.Launch) { l.Message = lti.DeepLinkingRequest }},
		{"review of a submission", func(l *lti.Launch) { l.Message = lti.SubmissionReviewRequest }},
		{"no badge", func(*lti.Launch) { w.badge.ID = "" }},
		{"has one", func(*lti.Launch) { w.add() }},
	} {
		launch := w.launch(lineItem{ID: w.lms.URL + "/items/99"})
		tt.change(&launch)
		before := w.column()
		w.take(launch)
		if after := w.column(); after != before {
			t.Errorf("%s: the badge had the column %+v and has %+v", tt.name, before, after)
		}
		w.badge = badge
	}
}
