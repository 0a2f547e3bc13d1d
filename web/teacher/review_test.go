package teacher_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/page"
)

// lostEvidence writes an award with lost evidence.
func (w *world) lostEvidence(b badges.Badge, user badges.UserID, state badges.AssertionState) badges.Assertion {
	w.t.Helper()
	a := w.has(b, user, state)
	after := a
	after.EvidenceLostAt = w.Clock.Now()
	w.tx(func(ctx context.Context, tx *store.Tx) error { return tx.Move(ctx, a, after) })
	return after
}

// TestPolicy sets what happens to the awards of a badge.
func TestPolicy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tests := []struct {
		name   string
		form   url.Values
		status int // 0: success
		policy badges.Policy
		jury   bool
		acts   int // number of acts of this form
	}{
		{name: "keep", form: url.Values{"policy": {"keep"}}, policy: badges.KeepAwards, acts: 1},
		{name: "take back", form: url.Values{"policy": {"take_back"}}, policy: badges.TakeBack, acts: 1},
		{name: "as it is", form: url.Values{"policy": {"ask"}}, policy: badges.AskTeacher},
		{name: "hold back", form: url.Values{"policy": {"ask"}, "jury": {"on"}}, policy: badges.AskTeacher, jury: true, acts: 1},
		{name: "both", form: url.Values{"policy": {"keep"}, "jury": {"on"}}, policy: badges.KeepAwards, jury: true, acts: 2},
		{name: "an unknown policy", form: url.Values{"policy": {"forget"}, "jury": {"on"}}, status: http.StatusUnprocessableEntity, policy: badges.AskTeacher},
		{name: "no policy", status: http.StatusUnprocessableEntity, policy: badges.AskTeacher},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := w.on("Exploration", both)
			before := len(w.acts(tomas, string(b.ID)))
			open := at(w.teacher, b.ID, "")
			got := w.teacher.Post(open+"/policy", tt.form)
			if tt.status == 0 {
				expectGoes(t, got, open)
			} else {
				expect(t, got, tt.status, "The form could not be read.")
			}
			after := w.badge(b.ID)
			if after.Policy != tt.policy || after.Jury != tt.jury {
				t.Errorf("policy %s, jury %t; want %s, %t", after.Policy, after.Jury, tt.policy, tt.jury)
			}
			if acts := w.acts(tomas, string(b.ID))[before:]; len(acts) != tt.acts {
				t.Errorf("acts %v, want %d", acts, tt.acts)
			}
			form := sent(t, w.teacher.Get(open), "settings-form")
			if form.Get("policy") != string(tt.policy) || (form.Get("jury") == "on") != tt.jury {
				t.Errorf("the page shows %v", form)
			}
		})
	}
}

// TestLostEvidence lists the awards with lost evidence, with the learners' results now.
func TestLostEvidence(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.on("Exploration", both)
	w.lostEvidence(b, chloe, badges.Claimed)
	w.lostEvidence(b, angel, badges.Pending)
	expect(t, w.teacher.Get(at(w.teacher, b.ID, "")), http.StatusOK,
		"The evidence of 2 awards is no longer there. Nothing happens before you decide.", "Chloé Martin Claimed since", "so far 20%", "Keep the award", "Revoke", "Withdraw")
	french := w.as(page.Session{User: nina, Teacher: true, Language: "fr"})
	expect(t, french.Get(at(french, b.ID, "")), http.StatusOK, "Les preuves de 2 attributions ne sont plus là.", "Maintenir", "Révoquer")
	// A learner may have no evidence yet.
	stranger := w.on("Stranger", both)
	w.lostEvidence(stranger, "unread", badges.Pending)
	expect(t, w.teacher.Get(at(w.teacher, stranger.ID, "")), http.StatusOK, "The evidence of one award is no longer there.", "not read yet")
	many := w.on("Many", both)
	for i := range 51 {
		w.lostEvidence(many, badges.UserID(fmt.Sprint("learner ", i)), badges.Pending)
	}
	expect(t, w.teacher.Get(at(w.teacher, many.ID, "")), http.StatusOK, "The evidence of more than 50 awards is no longer there.")
}

// TestKeep keeps awards without their evidence.
func TestKeep(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tests := []struct {
		name   string
		state  badges.AssertionState
		lost   bool
		status int
		acts   []badges.Action
	}{
		{"pending", badges.Pending, true, http.StatusSeeOther, []badges.Action{badges.AwardKept}},
		{"claimed", badges.Claimed, true, http.StatusSeeOther, []badges.Action{badges.AwardKept}},
		{"before the evidence falls away", badges.Claimed, false, http.StatusSeeOther, []badges.Action{badges.AwardKept}},
		{"declined", badges.Declined, false, http.StatusConflict, nil},
		{"withdrawn", badges.Withdrawn, false, http.StatusConflict, nil},
		{"revoked", badges.Revoked, false, http.StatusConflict, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			write := w.has
			if tt.lost {
				write = w.lostEvidence
			}
			b := w.on("Exploration", both)
			a := write(b, zoe, tt.state)
			got := w.teacher.Post(at(w.teacher, b.ID, "/recipients/"+string(a.ID)+"/keep"), nil)
			if tt.status == http.StatusSeeOther {
				expectGoes(t, got, at(w.teacher, b.ID, ""))
			} else {
				expect(t, got, tt.status, "Somebody changed this meanwhile.")
			}
			after := w.award(a.ID)
			if kept := !after.KeptAt.IsZero(); kept != (tt.status == http.StatusSeeOther) || !after.EvidenceLostAt.IsZero() || after.State != tt.state {
				t.Errorf("%s, kept: %t, lost at %v", after.State, kept, after.EvidenceLostAt)
			}
			if acts := w.acts(tomas, string(a.ID)); !slices.Equal(acts, tt.acts) {
				t.Errorf("acts %v, want %v", acts, tt.acts)
			}
		})
	}
}

// TestTakeBack takes awards back. A public award is revoked, another one is withdrawn.
func TestTakeBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	long := strings.Repeat("é", badges.MaxReason)
	tests := []struct {
		name   string
		state  badges.AssertionState
		reason string
		status int // 0: success
		says   string
		after  badges.AssertionState
	}{
		{name: "pending", state: badges.Pending, reason: " By mistake. ", after: badges.Withdrawn},
		{name: "claimed", state: badges.Claimed, reason: "By mistake.", after: badges.Revoked},
		{name: "declined", state: badges.Declined, reason: "By mistake.", after: badges.Withdrawn},
		{name: "a reason as long as can be", state: badges.Claimed, reason: long, after: badges.Revoked},
		{name: "no reason", state: badges.Claimed, status: http.StatusUnprocessableEntity, says: "Give a reason.", after: badges.Claimed},
		{name: "an empty reason", state: badges.Claimed, reason: "  ", status: http.StatusUnprocessableEntity, says: "Give a reason.", after: badges.Claimed},
		{name: "a long reason", state: badges.Claimed, reason: long + "é", status: http.StatusUnprocessableEntity, says: "The reason is longer than 500 characters.", after: badges.Claimed},
		{name: "control characters", state: badges.Claimed, reason: "By\x07mistake", status: http.StatusUnprocessableEntity, says: "The reason contains characters that cannot be used.", after: badges.Claimed},
		{name: "twice, withdrawn", state: badges.Withdrawn, reason: "By mistake.", status: http.StatusConflict, says: "This award was taken back already.", after: badges.Withdrawn},
		{name: "twice, revoked", state: badges.Revoked, reason: "By mistake.", status: http.StatusConflict, says: "This award was taken back already.", after: badges.Revoked},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := w.on("Exploration", both)
			before := w.has(b, zoe, tt.state)
			got := w.teacher.Post(at(w.teacher, b.ID, "/recipients/"+string(before.ID)+"/take-back"), url.Values{"reason": {tt.reason}})
			after := w.award(before.ID)
			if after.State != tt.after {
				t.Errorf("%s, want %s", after.State, tt.after)
			}
			if tt.status != 0 {
				expect(t, got, tt.status, tt.says)
				if acts := w.acts(tomas, string(before.ID)); after.Reason != "" || len(acts) != 0 {
					t.Errorf("reason %q, acts %v", after.Reason, acts)
				}
				return
			}
			expectGoes(t, got, at(w.teacher, b.ID, ""))
			if want := strings.TrimSpace(tt.reason); after.Reason != want || !after.RevokedAt.Equal(w.Clock.Now()) {
				t.Errorf("taken back at %v because of %q, want %q", after.RevokedAt, after.Reason, want)
			}
			if diff := cmp.Diff([]badges.Action{badges.AwardTakenBack}, w.acts(tomas, string(before.ID))); diff != "" {
				t.Errorf("acts (-want +got):\n%s", diff)
			}
			again := w.teacher.Post(at(w.teacher, b.ID, "/recipients/"+string(before.ID)+"/take-back"), url.Values{"reason": {"Again."}})
			expect(t, again, http.StatusConflict, "This award was taken back already.")
			if reason := w.award(before.ID).Reason; reason == "Again." {
				t.Error("the second reason replaced the first")
			}
		})
	}
}
