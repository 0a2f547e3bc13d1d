package gradebook_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/gradebook"
	"github.com/insigne-badges/insigne/lti"
)

// TestFill checks the score of each award, with a link if the award is public.
func TestFill(t *testing.T) {
	w := newWorld(t)
	w.add()
	const nothing = -1
	for name, want := range map[string]struct {
		points float64
		public bool
	}{
		"awarded":                 {100, false},
		"withheld":                {nothing, false},
		"claimed":                 {100, true},
		"declined":                {100, false},
		"withdrawn":               {0, false},
		"revoked":                 {0, true},
		"awarded again":           {100, false},
		"renewed":                 {100, false},
		"renewed, then withdrawn": {100, false},
		"replaced":                {100, false},
		"replaced while withheld": {nothing, false},
	} {
		w.lms.scores = nil
		id := w.live(name)
		err := w.columns.Fill(t.Context(), id)
		if want.points == nothing {
			if !errors.Is(err, gradebook.ErrNotEntered) || lti.ReasonOf(err) != "" || len(w.lms.scores) != 0 {
				t.Errorf("%s: error %v, sent %+v", name, err, w.lms.scores)
			}
			continue
		}
		sent := score{User: name, Given: want.points, Maximum: 100, Activity: "Completed", Grading: "FullyGraded"}
		if want.public {
			sent.Comment = "https://public.example/" + string(id)
		}
		if diff := cmp.Diff([]score{sent}, w.lms.scores, cmpopts.IgnoreFields(score{}, "Timestamp")); err != nil || diff != "" {
			t.Errorf("%s: %v %s", name, err, diff)
		}
	}
}

// TestFillEachLater sends a learner's score several times. Each time stamp is
// at least a second later than the one before, even if the clock went back, or
// another award of the learner was sent before. LMSs compare whole seconds and
// ignore a score that is not later.
func TestFillEachLater(t *testing.T) {
	w := newWorld(t)
	w.add()
	first := w.live("revoked")
	second := w.awardAgain("revoked", first)
	for _, step := range []struct {
		moves time.Duration
		of    badges.AssertionID
	}{{0, first}, {0, second}, {0, first}, {-time.Hour, second}, {500 * time.Millisecond, second}, {2 * time.Hour, first}} {
		w.clock.Add(step.moves)
		if err := w.columns.Fill(t.Context(), step.of); err != nil {
			t.Fatal(err)
		}
	}
	for i, s := range w.lms.scores[1:] {
		if last := w.lms.scores[i].Timestamp; s.Timestamp.Sub(last) < time.Second {
			t.Errorf("score %d is of %v, the one before of %v", i+1, s.Timestamp, last)
		}
	}
	if last := w.lms.scores[len(w.lms.scores)-1].Timestamp; last.Sub(w.clock.Now()).Abs() >= time.Millisecond {
		t.Errorf("the last score is of %v, want now: %v", last, w.clock.Now())
	}
}

// TestFillRefused distinguishes scores that the LMS will never accept, which is
// stored for the teacher, from those that it does not accept now.
func TestFillRefused(t *testing.T) {
	w := newWorld(t)
	w.add()
	for status, want := range map[int]struct {
		final  bool
		reason lti.Reason
	}{
		http.StatusBadRequest:         {true, lti.ScoreRefused},
		http.StatusNotFound:           {true, lti.ServiceNotFound},
		http.StatusForbidden:          {false, lti.ServiceForbidden},
		http.StatusConflict:           {false, lti.ServiceConflict},
		http.StatusTooManyRequests:    {false, lti.ServiceBusy},
		http.StatusServiceUnavailable: {false, lti.ServiceFailed},
	} {
		user := badges.UserID(http.StatusText(status))
		id := w.award(user)
		w.lms.refuseAll(status)
		err := w.columns.Fill(t.Context(), id)
		if lti.ReasonOf(err) != want.reason || errors.Is(err, gradebook.ErrNotEntered) != want.final || lti.RetryAfter(err) != time.Minute {
			t.Errorf("%s: error %v", user, err)
		}
		w.wantNoted(id, user, want.final, want.reason)
		w.lms.refuseAll(0)
		if err := w.columns.Fill(t.Context(), id); err != nil {
			t.Errorf("%s: sent again: %v", user, err)
		}
		w.wantNoted(id, user, true, "")
	}
}

// wantNoted checks what is stored about the score of an award: whether the LMS
// decided about it, and why the LMS refused it.
func (w *world) wantNoted(id badges.AssertionID, user badges.UserID, sent bool, refused lti.Reason) {
	w.Helper()
	at, err := w.store.ScoredAt(w.Context(), badges.Assertion{Badge: w.badge.ID, User: user})
	if err != nil || at.IsZero() == sent {
		w.Errorf("%s: noted as sent at %v, %v; want %t", user, at, err, sent)
	}
	if !sent {
		refused = ""
	}
	if reason, err := w.store.RefusedScore(w.Context(), id); err != nil || reason != refused {
		w.Errorf("%s: noted as refused: %q, %v; want %q", user, reason, err, refused)
	}
}

// TestFillWithoutColumn checks a job whose column was removed before it ran.
func TestFillWithoutColumn(t *testing.T) {
	w := newWorld(t)
	id := w.live("awarded")
	if err := w.columns.Fill(t.Context(), id); !errors.Is(err, gradebook.ErrNotEntered) || lti.ReasonOf(err) != "" {
		t.Errorf("error %v", err)
	}
	if err := w.columns.Fill(t.Context(), "00000000-0000-4000-8000-000000000000"); err == nil || errors.Is(err, gradebook.ErrNotEntered) {
		t.Errorf("an award that is not there: %v", err)
	}
}
