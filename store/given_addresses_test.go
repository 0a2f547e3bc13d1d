package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// unaddressed writes a pending award to a learner without an address.
func unaddressed(t *testing.T, s *store.Store, w storetest.World, user badges.UserID) badges.Assertion {
	t.Helper()
	a := w.Assertion(user)
	a.Recipient.Email, a.AwardedAt = "", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	tx(t, s, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.InsertAssertion(ctx, a)
		return err
	})
	return a
}

// TestGivenAddresses writes, replaces and forgets the address given for an award.
func TestGivenAddresses(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w := storetest.NewWorld(t, s, "given")
		a, other := unaddressed(t, s, w, "6"), unaddressed(t, s, w, "7")
		give := func(a badges.Assertion, address string) badges.GivenAddress {
			t.Helper()
			tx(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.GiveAddress(ctx, a, address, "fr") })
			return storetest.Must(s.GivenAddress(t.Context(), a.ID))(t)
		}
		want := func(g badges.GivenAddress) {
			t.Helper()
			if diff := cmp.Diff(g, storetest.Must(s.GivenAddress(t.Context(), g.Assertion))(t)); diff != "" {
				t.Errorf("given (-want +got):\n%s", diff)
			}
		}
		if _, err := s.GivenAddress(t.Context(), a.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("nothing given: %v", err)
		}
		first := give(a, "typo@home.example")
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.AddressMailFailed(ctx, first, "mail.server_busy")
		})
		want(badges.GivenAddress{Assertion: a.ID, Address: "typo@home.example", Language: "fr", GivenAt: clock.Now(), Problem: "mail.server_busy"})
		sent := clock.Now()
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddressMailSent(ctx, first) })
		want(badges.GivenAddress{Assertion: a.ID, Address: "typo@home.example", Language: "fr", GivenAt: clock.Now(), SentAt: sent})

		clock.Add(time.Minute)
		second := give(a, "zoe@home.example")
		want(badges.GivenAddress{Assertion: a.ID, Address: "zoe@home.example", Language: "fr", GivenAt: clock.Now()})
		// The mail to the first address changes nothing any more.
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddressMailSent(ctx, first) })
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddressMailFailed(ctx, first, "mail.refused") })
		want(second)

		give(other, "zoe@home.example")
		for _, tt := range []struct {
			a                   badges.Assertion
			within              time.Duration
			forAward, forPerson int
		}{{a, time.Hour, 2, 2}, {a, time.Minute, 1, 1}, {other, time.Hour, 1, 1}} {
			forAward, forPerson, err := s.CountAddressMails(t.Context(), tt.a, tt.within)
			if err != nil || forAward != tt.forAward || forPerson != tt.forPerson {
				t.Errorf("mails of %s within %s: %d, %d, %v; want %d, %d", tt.a.User, tt.within, forAward, forPerson, err, tt.forAward, tt.forPerson)
			}
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.ForgetAddress(ctx, a.ID) })
		if _, err := s.GivenAddress(t.Context(), a.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("forgotten: %v", err)
		}
		if forAward, _, err := s.CountAddressMails(t.Context(), a, time.Hour); err != nil || forAward != 0 {
			t.Errorf("%d mails of the forgotten address, %v", forAward, err)
		}
		if forAward, _, err := s.CountAddressMails(t.Context(), other, time.Hour); err != nil || forAward != 1 {
			t.Errorf("%d mails of the other learner, %v", forAward, err)
		}
	})
}

// TestLatestAddress proposes what the same person used last, on the same platform.
func TestLatestAddress(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w, elsewhere := storetest.NewWorld(t, s, "latest"), storetest.NewWorld(t, s, "elsewhere")
		latest := func(user badges.UserID, want string) {
			t.Helper()
			got, err := s.LatestAddress(t.Context(), w.Course.Platform, user)
			if got != want || (err == nil) != (want != "") || err != nil && !fault.Is(err, fault.NotFound) {
				t.Errorf("the latest address of %s: %q, %v; want %q", user, got, err, want)
			}
		}
		a, foreign := unaddressed(t, s, w, "6"), unaddressed(t, s, elsewhere, "6")
		latest("6", "")
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.GiveAddress(ctx, foreign, "eve@evil.example", "en")
		})
		latest("6", "")
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.GiveAddress(ctx, a, "zoe@home.example", "en") })
		latest("6", "zoe@home.example")
		latest("7", "")
		clock.Add(time.Minute)
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			claimed := a
			claimed.State, claimed.Recipient.Email, claimed.DecidedAt = badges.Claimed, "other@home.example", tx.Now()
			if err := tx.Move(ctx, a, claimed); err != nil {
				return err
			}
			return tx.ForgetAddress(ctx, a.ID)
		})
		latest("6", "other@home.example")
		claimed := storetest.Assertion(t, s, a.ID)
		private := claimed
		private.State = badges.Private
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Move(ctx, claimed, private) })
		latest("6", "other@home.example")
	})
}

// TestToldAddresses lists the awards that can get an address from the LMS.
func TestToldAddresses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w, elsewhere := storetest.NewWorld(t, s, "told"), storetest.NewWorld(t, s, "elsewhere")
		a := unaddressed(t, s, w, "6")
		unaddressed(t, s, w, "7") // not seen in the course
		unaddressed(t, s, w, "8") // without an address still
		unaddressed(t, s, elsewhere, "6")
		claimed := unaddressed(t, s, w, "9")
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			now := claimed
			now.State = badges.Claimed
			if err := tx.Move(ctx, claimed, now); err != nil {
				return err
			}
			for user, email := range map[badges.UserID]string{"6": "Zoe@u.example", "8": "", "9": "nora@u.example"} {
				if err := tx.SeeMember(ctx, w.Course, badges.Member{User: user, Email: email, Active: true}); err != nil {
					return err
				}
			}
			return nil
		})
		got := storetest.Must(s.ToldAddresses(t.Context(), w.Course))(t)
		if diff := cmp.Diff([]store.ToldAddress{{Assertion: a.ID, Address: "Zoe@u.example"}}, got); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
	})
}

// TestSweepGivenAddresses removes addresses that nobody confirmed in a month, and what
// limits the mails after an hour.
func TestSweepGivenAddresses(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w := storetest.NewWorld(t, s, "sweep")
		a := unaddressed(t, s, w, "6")
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.GiveAddress(ctx, a, "zoe@home.example", "en") })
		for _, step := range []struct {
			after        time.Duration
			given, mails int
		}{{time.Hour, 1, 1}, {time.Microsecond, 1, 0}, {30*24*time.Hour - time.Hour, 0, 0}} {
			clock.Add(step.after)
			if err := s.Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
			for table, want := range map[string]int{"given_addresses": step.given, "address_mails": step.mails} {
				rows := storetest.Must(s.Query(t.Context(), `select count(*) from `+table))(t)
				var n int
				rows.Next()
				if err := rows.Scan(&n); err != nil || n != want {
					t.Errorf("%s later: %d rows in %s, %v; want %d", step.after, n, table, err, want)
				}
				_ = rows.Close()
			}
		}
	})
}

// TestNoticesWithoutAddress checks that a mail that nobody can get neither waits nor
// fails.
func TestNoticesWithoutAddress(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := storetest.NewWorld(t, s, "notices")
		a := unaddressed(t, s, w, "6")
		message := badges.SendNotice{Assertion: a.ID, Channel: badges.ByMessage, About: badges.OfAward}
		if all := storetest.Must(s.AllRecipients(t.Context(), w.Course, w.Badge.ID))(t); len(all) != 1 || !all[0].Silent || all[0].Told {
			t.Errorf("without notices: %+v", all)
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.AddNotices(ctx, []badges.AssertionID{a.ID}, badges.OfAward, false)
		})
		queue := func(failing, waiting int) {
			t.Helper()
			list, n, err := s.NoticeQueue(t.Context())
			if err != nil || len(list) != failing || n != waiting {
				t.Errorf("failing %+v, waiting %d, %v; want %d, %d", list, n, err, failing, waiting)
			}
		}
		queue(0, 1)
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.NoticeFailed(ctx, message, "notice.no_channel")
		})
		queue(1, 1)
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.NoticeSent(ctx, message) })
		queue(0, 0)
		all := storetest.Must(s.AllRecipients(t.Context(), w.Course, w.Badge.ID))(t)
		if len(all) != 1 || !all[0].Told || all[0].Silent || all[0].Failing || all[0].ID != a.ID {
			t.Errorf("recipients: %+v", all)
		}
	})
}
