package teacher_test

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/page"
)

// TestRecipientPage opens the page of an award in every state.
func TestRecipientPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jury := w.jury("Jury")
	tests := []struct {
		state   badges.AssertionState
		says    []string
		omitted []string
	}{
		{jury.FirstState(), []string{"Zoë D’Alembert Withheld", "When you release it", "Withdraw"}, []string{"Public page", "Revoke"}},
		{badges.Pending, []string{"Zoë D’Alembert Waiting for an answer", "Why it was awarded", "complete “Report”", "Completion recorded, as read in Moodle’s activity completion", "Withdraw"}, []string{"Public page", "Revoke"}},
		{badges.Claimed, []string{"Zoë D’Alembert Claimed", "Public page", "Revoke", "Reason, public", "The public page does not show this"}, []string{"Withdraw"}},
		{badges.Declined, []string{"Zoë D’Alembert Declined", "Withdraw"}, []string{"Public page"}},
		{badges.Withdrawn, []string{"Zoë D’Alembert Withdrawn"}, []string{"Public page", "Withdraw ", "Revoke"}},
		{badges.Revoked, []string{"Zoë D’Alembert Revoked", "Public page"}, []string{"Withdraw", "Revoke "}},
	}
	for _, tt := range tests {
		t.Run(string(tt.state), func(t *testing.T) {
			b := w.on("Exploration", both)
			a := w.has(b, zoe, tt.state)
			got := w.teacher.Get(at(w.teacher, b.ID, "/recipients/"+string(a.ID)))
			expect(t, got, http.StatusOK, tt.says...)
			expectNot(t, got, tt.omitted...)
			if offered, possible := strings.Contains(got.Body, `/take-back"`), tt.state != badges.Withdrawn && tt.state != badges.Revoked; offered != possible {
				t.Errorf("it can be taken back: %t", offered)
			}
		})
	}
}

// TestRecipientHistory shows what happened to an award, and who did it.
func TestRecipientHistory(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.on("Exploration", both)
	a := w.World.Assertion(zoe)
	a.Badge, a.Version, a.Recipient.Name = b.ID, b.Current.ID, "Zoë D’Alembert"
	w.tx(func(ctx context.Context, tx *store.Tx) error {
		if _, err := w.handler.Awards.Award(ctx, tx, []badges.Assertion{a}); err != nil {
			return err
		}
		if _, err := w.handler.Awards.Claim(ctx, tx, a.ID, true, true); err != nil {
			return err
		}
		for _, e := range []badges.AuditEntry{
			{Actor: badges.ByAdmin, Action: badges.NoticeResent}, {Actor: "long gone", Action: badges.AwardKept}, {Actor: string(nina), Action: badges.BadgeEdited},
		} {
			e.Course, e.Object = a.Course, string(a.ID)
			if err := tx.Audit(ctx, e); err != nil {
				return err
			}
		}
		_, err := w.handler.Awards.TakeBack(ctx, tx, a.Course, b.ID, a.ID, nina, "By mistake.")
		return err
	})
	got := w.teacher.Get(at(w.teacher, b.ID, "/recipients/"+string(a.ID)))
	expect(t, got, http.StatusOK, "Reason: By mistake.", "Why it was awarded")
	row := regexp.MustCompile(`History What When By Awarded .* Insigne, by the rule Claimed .* Zoë D’Alembert Notice sent again .* the administrator ` +
		`Kept all the same .* somebody who is no longer in the course Taken back .* Nina Noneditor Notices`)
	if !row.MatchString(got.Text()) {
		t.Errorf("%q is missing in: %s", row, got.Text())
	}
	french := w.as(page.Session{User: nina, Teacher: true, Language: "fr"})
	expect(t, french.Get(at(french, b.ID, "/recipients/"+string(a.ID))), http.StatusOK, "Zoë D’Alembert Révoqué", "Motif : By mistake.")
}

// TestRecipientNotices shows the state of the notices of each channel.
func TestRecipientNotices(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.on("Exploration", both)
	a, claimed := w.has(b, zoe, badges.Pending), w.has(b, angel, badges.Claimed)
	notice := func(of badges.AssertionID, about badges.About, channel badges.Channel) badges.SendNotice {
		return badges.SendNotice{Assertion: of, Channel: channel, About: about}
	}
	w.tx(func(ctx context.Context, tx *store.Tx) error {
		for about, id := range map[badges.About]badges.AssertionID{badges.OfAward: a.ID, badges.OfEnd: claimed.ID} {
			if err := tx.AddNotices(ctx, []badges.AssertionID{id}, about, false); err != nil {
				return err
			}
		}
		if err := tx.NoticeSent(ctx, notice(a.ID, badges.OfAward, badges.ByMessage)); err != nil {
			return err
		}
		if err := tx.NoticeFailed(ctx, notice(a.ID, badges.OfAward, badges.ByMail), "mail.recipient_refused"); err != nil {
			return err
		}
		return tx.ScoreSent(ctx, a.ID, tx.Now(), lti.ServiceForbidden)
	})
	got := w.teacher.Get(at(w.teacher, b.ID, "/recipients/"+string(a.ID)))
	expect(t, got, http.StatusOK, "Not delivered yet", "Sent", "Not in the gradebook: The LMS does not grant Insigne this service.")
	got = w.teacher.Get(at(w.teacher, b.ID, "/recipients/"+string(claimed.ID)))
	expect(t, got, http.StatusOK, "before the end", "On its way")
	expectNot(t, got, "Not needed any more")
}

// TestRecipientChain shows all awards of a badge to a learner, and that a higher step
// replaced one.
func TestRecipientChain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.on("Bronze", both)
	first := w.has(b, zoe, badges.Claimed)
	second := w.World.After(first)
	second.Badge, second.Version = b.ID, b.Current.ID
	followed := first
	followed.Next = second.ID
	w.tx(func(ctx context.Context, tx *store.Tx) error { return tx.Move(ctx, first, followed) })
	w.insert(second)
	got := w.teacher.Get(at(w.teacher, b.ID, "/recipients/"+string(second.ID)))
	expect(t, got, http.StatusOK, "All awards of this badge", "(shown here)")
	if !strings.Contains(got.Body, `href="`+at(w.teacher, b.ID, "/recipients/"+string(first.ID))+`"`) {
		t.Error("there is no link to the previous award")
	}

	silver := w.draft("Silver", both)
	w.stepAfter(b, silver)
	w.turn(silver, badges.On)
	lower, higher := w.has(b, angel, badges.Claimed), w.has(silver, angel, badges.Claimed)
	w.tx(func(ctx context.Context, tx *store.Tx) error {
		return tx.Move(ctx, lower, lower.ReplacedWith(higher.ID, tx.Now()))
	})
	got = w.teacher.Get(at(w.teacher, b.ID, "/recipients/"+string(lower.ID)))
	expect(t, got, http.StatusOK, "Replaced by a higher step", "The next step, which counts now: Silver")
	if !strings.Contains(got.Body, `href="`+at(w.teacher, silver.ID, "/recipients/"+string(higher.ID))+`"`) {
		t.Error("there is no link to the award of the higher step")
	}
}
