package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// asOfEleven are the rows of a database from before badges could expire: a
// badge, awards in every state, notices in every state, and a score.
var asOfEleven = []string{
	`insert into platforms (id, issuer, client_id, auth_url, token_url, keys_url, product, name, created_at) values ('p', 'i', 'c', '', '', '', '', '', '2026-01-01 10:00:00+00:00')`,
	`insert into courses (platform_id, context_id, title, label, due_at, cause) values ('p', '2', 'T', 'L', '2026-01-01 10:00:00+00:00', 'schedule')`,
	`insert into issuers (id, platform_id, name, url, email, description) values ('i', 'p', 'N', 'U', 'E', '')`,
	`insert into pictures (hash, png) values ('h', 'x')`,
	`insert into badges (id, platform_id, context_id, state, version_id, created_at, created_by) values ('b', 'p', '2', 'on', 'v', '2026-01-01 10:00:00+00:00', '3')`,
	`insert into badge_versions (id, badge_id, number, name, description, criteria, language, picture, issuer_id, rule, created_at)
		values ('v', 'b', 1, 'N', 'D', '', 'en', 'h', 'i', '{"kind":"course_completed"}', '2026-01-01 10:00:00+00:00')`,
	oldAward("1", "pending", `null, null, '', false, null, null, null`),
	oldAward("2", "claimed", `'2026-01-03 11:30:00.25+00:00', null, '', true, null, '2026-01-04 10:00:00+00:00', null`),
	oldAward("3", "declined", `'2026-01-03 10:00:00+00:00', null, '', false, null, null, null`),
	oldAward("4", "withdrawn", `null, '2026-01-05 10:00:00+00:00', 'gone', false, '2026-01-05 09:00:00+00:00', null, null`),
	oldAward("5", "revoked", `'2026-01-03 10:00:00+00:00', '2026-01-06 10:00:00+00:00', 'It’s a copy', true, null, null, null`),
	oldAward("6", "held", `null, null, '', false, null, null, null`),
	oldAward("7", "pending", `null, null, '', false, '2026-01-07 10:00:00+00:00', null, '2026-01-08 10:00:00+00:00'`),
	`insert into notices (assertion_id, channel, sent_at, attempts, problem) values ('a1', 'mail', null, 3, 'mail.server_busy')`,
	`insert into notices (assertion_id, channel, sent_at) values ('a2', 'mail', '2026-01-02 10:00:01+00:00')`,
	`insert into notices (assertion_id, channel, queued, not_before) values ('a7', 'message', false, '2026-01-08 10:10:00+00:00')`,
	`insert into scores (assertion_id, sent_at, refused) values ('a2', '2026-01-03 12:00:00+00:00', 'score_refused')`,
}

func oldAward(user, state, rest string) string {
	return fmt.Sprintf(`insert into assertions (id, platform_id, context_id, badge_id, version_id, user_id, state, name, search_name, email, language, salt, show_name, facts,
		awarded_at, decided_at, revoked_at, reason, show_facts, fell_at, kept_at, released_at)
		values ('a%[1]s', 'p', '2', 'b', 'v', '%[1]s', '%[2]s', 'Zoë', 'zoe', '1.50', 'fr', '007', true, '[{"kind":"course_completed","source":"s"}]',
		'2026-01-02 10:00:00+00:00', %[3]s)`, user, state, rest)
}

// TestExpiryMigration checks that rebuilding the table of awards loses nothing:
// rows and their references are the same, and the constraints hold.
func TestExpiryMigration(t *testing.T) {
	storetest.EachAddress(t, func(t *testing.T, address string) {
		cfg := storetest.Config(t, address)
		if err := store.OpenAt(t.Context(), cfg, 11, asOfEleven...); err != nil {
			t.Fatal(err)
		}
		course := badges.CourseKey{Platform: "p", Context: "2"}
		at := func(day, hour, minute int, part time.Duration) time.Time {
			return time.Date(2026, 1, day, hour, minute, 0, int(part), time.UTC)
		}
		clock := storetest.NewClock(at(8, 10, 9, 0))
		s := storetest.OpenAt(t, address, clock)
		claimed := storetest.Assertion(t, s, "a2")
		want := badges.Assertion{
			ID: "a2", Course: course, Badge: "b", Version: "v", User: "2", State: badges.Claimed, Salt: "007", ShowName: true, ShowFacts: true,
			Recipient: badges.Recipient{Name: "Zoë", Email: "1.50", Language: "fr"}, Facts: []badges.Fact{{Kind: badges.CourseCompleted, Source: "s"}},
			AwardedAt: at(2, 10, 0, 0), DecidedAt: at(3, 11, 30, 250*time.Millisecond), KeptAt: at(4, 10, 0, 0), EvidenceUsed: at(2, 10, 0, 0),
		}
		if diff := cmp.Diff(want, claimed); diff != "" {
			t.Errorf("the claimed award (-before +after):\n%s", diff)
		}
		if revoked := storetest.Assertion(t, s, "a5"); revoked.Reason != "It’s a copy" || !revoked.RevokedAt.Equal(at(6, 10, 0, 0)) {
			t.Errorf("the revoked award: %+v", revoked)
		}
		counts := storetest.Must(s.CountRecipients(t.Context(), course, "b", "zoe"))(t)
		if diff := cmp.Diff(map[badges.AssertionState]int{"pending": 2, "claimed": 1, "declined": 1, "withdrawn": 1, "revoked": 1, "withheld": 1}, counts); diff != "" {
			t.Error(diff)
		}
		// The kept award (2) is not reviewed; the pending ones (1, 7) and
		// the one that the policy withdrew (4) are.
		if review := storetest.Collect(t, s.Reviewable(t.Context(), course, "b")); len(review) != 3 {
			t.Errorf("reviewed: %+v", review)
		}
		busy := badges.SendNotice{Assertion: "a1", Channel: badges.ByMail, About: badges.OfAward}
		if n := storetest.Must(s.Notice(t.Context(), busy))(t); n.Attempts != 3 || n.Problem != "mail.server_busy" || !n.SentAt.IsZero() {
			t.Errorf("the failing notice: %+v", n)
		}
		if n := storetest.Must(s.Notice(t.Context(), badges.SendNotice{Assertion: "a2", Channel: badges.ByMail}))(t); n.SentAt.IsZero() {
			t.Errorf("the sent notice: %+v", n)
		}
		if due := storetest.Must(s.UnqueuedNotices(t.Context()))(t); due {
			t.Error("a notice is due before its time")
		}
		clock.Add(2 * time.Minute)
		if due := storetest.Must(s.UnqueuedNotices(t.Context()))(t); !due {
			t.Error("a notice that was to be queued is lost")
		}
		if got := storetest.Must(s.RefusedScore(t.Context(), "a2"))(t); got != lti.Reason("score_refused") {
			t.Errorf("the score: %q", got)
		}
		if v := storetest.Must(s.Version(t.Context(), "v"))(t); v.ValidMonths != 0 {
			t.Errorf("valid for %d months", v.ValidMonths)
		}
		checkTables(t, s, address)
		w := world{course: course, badge: badges.Badge{ID: "b", Current: badges.Version{ID: "v"}}}
		if made := awardOne(t, s, w.assertion("1")); made != 0 {
			t.Error("awarded twice")
		}
		if made := awardOne(t, s, w.assertion("8")); made != 1 {
			t.Error("nobody can be awarded any more")
		}
	})
}

// TestLaunchLoginsMigration checks that a login which was used just before the
// upgrade cannot be used again, and that the stored launches are the same.
func TestLaunchLoginsMigration(t *testing.T) {
	storetest.EachAddress(t, func(t *testing.T, address string) {
		const launch = `insert into launches (id, at, platform_id, message, reason, detail, skew_seconds, scopes) values `
		err := store.OpenAt(t.Context(), storetest.Config(t, address), 15,
			launch+`('1', '2026-01-02 10:00:00+00:00', 'p', 'LtiResourceLinkRequest', '', '', 0, '')`,
			launch+`('2', '2026-01-02 10:00:01+00:00', '', '', 'state_unknown', '', 0, '')`,
			launch+`('3', '2026-01-02 10:00:02+00:00', 'p', 'LtiResourceLinkRequest', '', '', 0, '')`,
			`insert into used_logins (id, expires_at) values ('first', 1767348600), ('second', 1767348602)`)
		if err != nil {
			t.Fatal(err)
		}
		s := storetest.Open(t, address)
		for _, login := range []string{"first", "second"} {
			if used := storetest.Must(s.LoginUsed(t.Context(), login))(t); !used {
				t.Errorf("the %s login can be used again", login)
			}
			err := s.Tx(t.Context(), func(tx *store.Tx) error { return tx.UseLogin(t.Context(), login, lti.Launch{IssuedAt: tx.Now()}) })
			if !errors.Is(err, lti.ErrUsed) {
				t.Errorf("the %s login is used again: %v", login, err)
			}
		}
		if notes := storetest.Must(s.Launches(t.Context(), 9))(t); len(notes) != 3 || notes[1].Reason != lti.StateUnknown {
			t.Errorf("launches = %+v, want the three of before", notes)
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.UseLogin(ctx, "third", lti.Launch{IssuedAt: tx.Now()})
		})
	})
}

// TestWithheldMigration checks that the state held becomes withheld wherever it
// is stored, and that other values "held" stay.
func TestWithheldMigration(t *testing.T) {
	storetest.EachAddress(t, func(t *testing.T, address string) {
		const entry = `insert into audit (id, at, platform_id, context_id, actor, action, object, old_value, new_value) values `
		err := store.OpenAt(t.Context(), storetest.Config(t, address), 18, append(asOfEleven,
			`update assertions set released_at = '2026-01-08 10:00:00+00:00' where id = 'a6'`,
			`update assertions set replaced_from = 'held' where id = 'a4'`,
			entry+`('1', '2026-01-02 10:00:00+00:00', 'p', '2', 'rule', 'assertion_awarded', 'a6', '', 'held')`,
			entry+`('2', '2026-01-08 10:00:00+00:00', 'p', '2', '3', 'awards_released', 'a6', 'held', 'held, released')`,
			entry+`('3', '2026-01-08 10:01:00+00:00', 'p', '2', '3', 'release_undone', 'a6', 'held, released', 'held')`,
			entry+`('4', '2026-01-08 10:02:00+00:00', 'p', '2', '3', 'award_taken_back', 'a4', 'held', 'withdrawn')`,
			entry+`('5', '2026-01-08 10:03:00+00:00', 'p', '2', '3', 'step_made', 'b', 'held', '')`,
		)...)
		if err != nil {
			t.Fatal(err)
		}
		s := storetest.OpenAt(t, address, storetest.NewClock(time.Date(2026, 1, 8, 10, 9, 0, 0, time.UTC)))
		if a := storetest.Assertion(t, s, "a6"); a.State != badges.Withheld {
			t.Errorf("a withheld award is %s", a.State)
		}
		if a := storetest.Assertion(t, s, "a4"); a.State != badges.Withdrawn || a.ReplacedFrom != badges.Withheld {
			t.Errorf("an award that was withdrawn while it was withheld is %s, from %s", a.State, a.ReplacedFrom)
		}
		course := badges.CourseKey{Platform: "p", Context: "2"}
		if n := storetest.Must(s.CountReleases(t.Context(), course, "b", badges.UndoWindow))(t); n != 1 {
			t.Errorf("%d releases can be undone, want 1", n)
		}
		var values []string
		for _, e := range storetest.Must(s.AuditLog(t.Context(), course, 9))(t) {
			values = append(values, e.Old+" → "+e.New)
		}
		want := []string{"held → ", "withheld → withdrawn", "withheld, released → withheld", "withheld → withheld, released", " → withheld"}
		if diff := cmp.Diff(want, values); diff != "" {
			t.Errorf("the audit log, newest first (-want +got):\n%s", diff)
		}
		checkTables(t, s, address)
	})
}

// checkTables checks that rebuilding tables broke no reference and left no
// table behind.
func checkTables(t *testing.T, s *store.Store, address string) {
	t.Helper()
	tables, check := `select table_name from information_schema.tables where table_name like 'kept_%'`, ``
	if strings.HasPrefix(address, "sqlite:") {
		tables, check = `select name from sqlite_master where name like 'kept_%'`, `select "table" from pragma_foreign_key_check`
	}
	for _, query := range []string{tables, check} {
		if query == "" {
			continue
		}
		rows, err := s.Query(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				t.Fatal(err)
			}
			t.Errorf("%s: %s", query, name)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		_ = rows.Close()
	}
	// The references hold: a score of an unknown award is refused.
	err := s.Tx(t.Context(), func(tx *store.Tx) error {
		return tx.ScoreSent(t.Context(), "nobody", time.Now(), "")
	})
	if err == nil {
		t.Error("a score of no award was taken")
	}
}
