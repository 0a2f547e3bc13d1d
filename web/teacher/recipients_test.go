package teacher_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/page"
)

// TestRecipients lists the recipients of a badge and the state of their notices.
func TestRecipients(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.on("Exploration", both)
	claimed, pending := w.has(b, zoe, badges.Claimed), w.has(b, angel, badges.Pending)
	failing, told := w.has(b, chloe, badges.Pending), w.has(b, nora, badges.Pending)
	hand := w.World.Assertion(jean)
	hand.Badge, hand.Version, hand.Recipient.Name = b.ID, b.Current.ID, "Jean Suspendu"
	hand.Facts = []badges.Fact{{Kind: badges.ByHand, By: nina, Source: badges.SourceTeacher, Given: &badges.GivenEvidence{Text: "An excellent talk."}}}
	w.insert(hand)
	stranger := w.has(b, "unread", badges.Pending)
	w.tx(func(ctx context.Context, tx *store.Tx) error {
		if err := tx.AddNotices(ctx, []badges.AssertionID{failing.ID, told.ID, pending.ID}, badges.OfAward, false); err != nil {
			return err
		}
		if err := tx.NoticeFailed(ctx, badges.SendNotice{Assertion: failing.ID, Channel: badges.ByMail, About: badges.OfAward}, "mail.recipient_refused"); err != nil {
			return err
		}
		if err := tx.NoticeSent(ctx, badges.SendNotice{Assertion: told.ID, Channel: badges.ByMessage, About: badges.OfAward}); err != nil {
			return err
		}
		return tx.ScoreSent(ctx, stranger.ID, tx.Now(), lti.ServiceForbidden)
	})
	got := w.teacher.Get(at(w.teacher, b.ID, ""))
	expect(t, got, http.StatusOK, "Learners who earned it", "Download as a table (CSV)")
	for _, row := range []string{
		`Zoë D’Alembert Claimed .* Not needed any more Public page`, `Ángel Núñez Waiting for an answer .* On its way`,
		`Chloé Martin Waiting for an answer .* Not delivered yet`, `Nora Sansadresse Waiting for an answer .* No e-mail address; told by LMS message`,
		`Jean Suspendu Awarded by hand by Nina Noneditor .*An excellent talk\.`,
		`Not in the gradebook: The LMS does not grant Insigne this service\.`,
	} {
		if !regexp.MustCompile(row).MatchString(got.Text()) {
			t.Errorf("%q is missing in: %s", row, got.Text())
		}
	}
	if !strings.Contains(got.Body, `href="`+w.Links.Page(claimed.ID)+`"`) || strings.Contains(got.Body, w.Links.Page(pending.ID)) {
		t.Error("there are links to other pages than the public one")
	}
	french := w.as(page.Session{User: nina, Teacher: true, Language: "fr"})
	expect(t, french.Get(at(french, b.ID, "")), http.StatusOK, "Personnes qui l’ont obtenu", "Zoë D’Alembert Accepté", "Décerné à la main par Nina Noneditor")
}

// TestRecipientFilter lists the recipients that match a filter.
func TestRecipientFilter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.on("Exploration", both)
	for i := range 52 {
		a := w.World.Assertion(badges.UserID(fmt.Sprint("learner ", i)))
		a.Badge, a.Version, a.AwardedAt, a.Recipient.Name = b.ID, b.Current.ID, w.Clock.Now(), fmt.Sprintf("Learner %02d", i)
		w.insert(a)
	}
	w.has(b, zoe, badges.Claimed)
	expired := w.World.Assertion(angel)
	expired.Badge, expired.Version, expired.State, expired.Recipient.Name = b.ID, b.Current.ID, badges.Claimed, "Ángel Núñez"
	expired.AwardedAt, expired.ExpiresAt = w.Clock.Now().AddDate(-1, 0, 0), w.Clock.Now()
	w.insert(expired)
	path := at(w.teacher, b.ID, "/recipients")
	tests := []struct {
		query   string
		says    []string
		omitted []string
	}{
		{"", []string{"Learner 00", "Learner 49", "Show more"}, []string{"Learner 50", " of 54"}},
		{"?state=claimed", []string{"2 of 54", "Zoë D’Alembert", "Ángel Núñez"}, []string{"Learner 0", "Show more"}},
		{"?state=expired", []string{"1 of 54", "Ángel Núñez", "expired on"}, []string{"Zoë"}},
		{"?state=declined", []string{"0 of 54"}, []string{"Zoë", "Nobody yet."}},
		{"?state=nonsense", []string{"0 of 54"}, []string{"Zoë"}},
		{"?name=zoe+d", []string{"1 of 54", "Zoë D’Alembert"}, []string{"Ángel", "Learner 00"}},
		{"?name=learner&state=pending", []string{"52 of 54", "Learner 00", "Show more"}, []string{"Zoë"}},
		{"?name=learner&state=claimed", []string{"0 of 54"}, []string{"Zoë", "Learner 00"}},
		{"?name=%25", []string{"0 of 54"}, []string{"Zoë"}},
		{"?name=nobody", []string{"0 of 54"}, []string{"Zoë"}},
	}
	for _, tt := range tests {
		t.Run(tt.query, func(t *testing.T) {
			got := w.teacher.Get(path + tt.query)
			texts := got.Text()
			for _, text := range tt.says {
				if !strings.Contains(texts, text) {
					t.Errorf("%q is missing in: %s", text, texts)
				}
			}
			expectNot(t, got, tt.omitted...)
		})
	}
	whole := w.teacher.Get(at(w.teacher, b.ID, ""))
	expect(t, whole, http.StatusOK, "All (54)", "Waiting for an answer (52)", "Claimed (2)", "Expired (1)")

	more := regexp.MustCompile(`hx-get="([^"]*after=[^"]*)"`).FindStringSubmatch(w.teacher.Get(path).Body)
	if more == nil {
		t.Fatal("no further page is offered")
	}
	second := w.teacher.Get(html.UnescapeString(more[1]))
	expect(t, second, http.StatusOK, "Learner 50", "Learner 51", "Zoë D’Alembert", "Ángel Núñez")
	expectNot(t, second, "Learner 49", "Show more", "All (54)")
	for name, query := range map[string]string{"no award": "?after=1", "invalid UTF-8": "?name=%ff", "NUL": "?name=%00"} {
		if got := w.teacher.Get(path + query); got.Status != http.StatusNotFound && got.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d: %s", name, got.Status, got.Text())
		}
	}
}

// TestRecipientsOfOthers lists only the recipients of one badge.
func TestRecipientsOfOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine, other := w.on("Mine", both), w.on("Other", both)
	w.has(mine, zoe, badges.Claimed)
	w.has(other, angel, badges.Claimed)
	for _, rest := range []string{"", "/recipients", "/recipients?state=claimed", "/recipients?" + url.Values{"name": {"n"}}.Encode()} {
		expectNot(t, w.teacher.Get(at(w.teacher, mine.ID, rest)), "Ángel")
	}
}

// TestSilentWithoutAddress checks that the list promises no message to a learner without
// an address who was awarded without notices.
func TestSilentWithoutAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.on("Exploration", both)
	w.has(b, nora, badges.Pending)
	got := w.teacher.Get(at(w.teacher, b.ID, "/recipients"))
	expect(t, got, http.StatusOK, "No e-mail address")
	expectNot(t, got, "on its way", "told by")
}
