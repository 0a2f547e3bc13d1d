package award_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// addressless awards the world's badge to a learner of whom the LMS tells no address.
func addressless(t *testing.T, s *store.Store, w storetest.World, user badges.UserID) badges.Assertion {
	t.Helper()
	a := w.Assertion(user)
	a.Recipient.Email = ""
	if awardOne(t, s, a) != 1 {
		t.Fatal("not awarded")
	}
	return a
}

// give gives an address for a as its learner.
func give(t *testing.T, s *store.Store, a badges.Assertion, address string) error {
	t.Helper()
	return giveAs(t, s, a, badges.Learner{Course: a.Course, User: a.User}, address)
}

func giveAs(t *testing.T, s *store.Store, a badges.Assertion, by badges.Learner, address string) error {
	t.Helper()
	return s.Tx(t.Context(), func(tx *store.Tx) error { return awards.GiveAddress(t.Context(), tx, a.ID, by, address, "fr") })
}

// confirm claims a as the link in the mail to address does.
func confirm(t *testing.T, s *store.Store, a badges.Assertion, address string) error {
	t.Helper()
	return s.Tx(t.Context(), func(tx *store.Tx) error {
		if err := awards.ConfirmAddress(t.Context(), tx, a.ID, address); err != nil {
			return err
		}
		_, err := awards.Claim(t.Context(), tx, a.ID, true, true)
		return err
	})
}

func wantKey(t *testing.T, what string, err error, kind fault.Kind, key string) {
	t.Helper()
	if !fault.Is(err, kind) || err.Error() != key {
		t.Errorf("%s: %v; want %s", what, err, key)
	}
}

// tell saves what the LMS tells of a learner, and gives it to their awards.
func tell(t *testing.T, s *store.Store, a badges.Assertion, email string) (taken int) {
	t.Helper()
	tx(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		if err := tx.SeeMember(ctx, a.Course, badges.Member{User: a.User, Name: "Zoë", Email: email, Active: true}); err != nil {
			return err
		}
		taken, err = awards.TakeAddresses(ctx, tx, a.Course, 100)
		return err
	})
	return taken
}

// TestGiveAndConfirm gives an address and claims the badge with it. Giving alone changes
// nothing of the award.
func TestGiveAndConfirm(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := storetest.NewWorld(t, s, "a")
		a := addressless(t, s, w, "6")
		if err := give(t, s, a, " Zoe@Home.example "); err != nil {
			t.Fatal(err)
		}
		if got := storetest.Assertion(t, s, a.ID); got.State != badges.Pending || got.Recipient.Email != "" {
			t.Errorf("the award changed: %+v", got)
		}
		err := s.Tx(t.Context(), func(tx *store.Tx) error {
			_, err := awards.Claim(t.Context(), tx, a.ID, true, true)
			return err
		})
		wantKey(t, "claimed without the mail", err, fault.Conflict, "claim.no_address")
		wantKey(t, "another spelling", confirm(t, s, a, "zoe@home.example"), fault.Conflict, "address.replaced")
		if err := confirm(t, s, a, "Zoe@Home.example"); err != nil {
			t.Fatal(err)
		}
		if got := storetest.Assertion(t, s, a.ID); got.State != badges.Claimed || got.Recipient.Email != "zoe@home.example" {
			t.Errorf("claimed: %+v", got)
		}
		if _, err := s.GivenAddress(t.Context(), a.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("the given address is still there: %v", err)
		}
		wantKey(t, "confirmed again", confirm(t, s, a, "Zoe@Home.example"), fault.Conflict, "address.not_needed")
		wantKey(t, "given again", give(t, s, a, "eve@evil.example"), fault.Conflict, "address.not_needed")
	})
}

// TestConfirmIsOneAct checks that an address is not confirmed if the claim fails.
func TestConfirmIsOneAct(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := storetest.NewWorld(t, s, "a")
		higher := w.NextStep(t, s, w.Badge.ID)
		a := addressless(t, s, w, "6")
		if err := give(t, s, a, "zoe@home.example"); err != nil {
			t.Fatal(err)
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return decline(ctx, tx, a) })
		above := w.Assertion("6")
		above.Badge, above.Version = higher.ID, higher.Current.ID
		awardOne(t, s, above)
		wantKey(t, "a declined lower step", confirm(t, s, a, "zoe@home.example"), fault.Conflict, "claim.replaced")
		if got := storetest.Assertion(t, s, a.ID); got.State != badges.Declined || got.Recipient.Email != "" {
			t.Errorf("half of it was done: %+v", got)
		}
		if given, err := s.GivenAddress(t.Context(), a.ID); err != nil || given.Address != "zoe@home.example" {
			t.Errorf("the given address: %+v, %v", given, err)
		}
	})
}

// TestReplacedAddress gives two addresses. Only the second can be confirmed.
func TestReplacedAddress(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w := storetest.NewWorld(t, s, "a")
		a := addressless(t, s, w, "6")
		for _, address := range []string{"typo@home.example", "zoe@home.example"} {
			clock.Add(time.Minute)
			if err := give(t, s, a, address); err != nil {
				t.Fatal(err)
			}
		}
		wantKey(t, "the first", confirm(t, s, a, "typo@home.example"), fault.Conflict, "address.replaced")
		clock.Add(24*time.Hour - time.Microsecond)
		if err := confirm(t, s, a, "zoe@home.example"); err != nil {
			t.Errorf("the second, in time: %v", err)
		}
		b := addressless(t, s, w, "7")
		if err := give(t, s, b, "sinead@home.example"); err != nil {
			t.Fatal(err)
		}
		clock.Add(24 * time.Hour)
		wantKey(t, "too late", confirm(t, s, b, "sinead@home.example"), fault.Conflict, "address.replaced")
	})
}

// TestSameAddressOfTwo lets two learners give the same address. Each confirms it alone.
func TestSameAddressOfTwo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := storetest.NewWorld(t, s, "a")
		zoe, sinead := addressless(t, s, w, "6"), addressless(t, s, w, "7")
		for _, a := range []badges.Assertion{zoe, sinead} {
			if err := give(t, s, a, "shared@home.example"); err != nil {
				t.Fatal(err)
			}
		}
		if err := confirm(t, s, zoe, "shared@home.example"); err != nil {
			t.Fatal(err)
		}
		if got := storetest.Assertion(t, s, sinead.ID); got.State != badges.Pending || got.Recipient.Email != "" {
			t.Errorf("the other learner's award changed: %+v", got)
		}
		if err := confirm(t, s, sinead, "shared@home.example"); err != nil {
			t.Errorf("the other learner: %v", err)
		}
	})
}

// TestLeaverConfirms checks that the mail works after the learner left the course.
func TestLeaverConfirms(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := storetest.NewWorld(t, s, "a")
		a := addressless(t, s, w, "6")
		tell(t, s, a, "")
		if err := give(t, s, a, "zoe@home.example"); err != nil {
			t.Fatal(err)
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveRoster(ctx, w.Course, nil) })
		if err := confirm(t, s, a, "zoe@home.example"); err != nil {
			t.Errorf("after the LMS removed the learner: %v", err)
		}
	})
}

// TestWithdrawnBeforeConfirmed takes the award back between the mail and the claim.
func TestWithdrawnBeforeConfirmed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := storetest.NewWorld(t, s, "a")
		a := addressless(t, s, w, "6")
		if err := give(t, s, a, "zoe@home.example"); err != nil {
			t.Fatal(err)
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return takeBack(ctx, tx, a) })
		wantKey(t, "confirmed", confirm(t, s, a, "zoe@home.example"), fault.Conflict, "address.not_needed")
		wantKey(t, "given", give(t, s, a, "zoe@home.example"), fault.Conflict, "address.not_needed")
		if got := storetest.Assertion(t, s, a.ID); got.State != badges.Withdrawn || got.Recipient.Email != "" {
			t.Errorf("the award: %+v", got)
		}
	})
}

// TestDeclinedWithoutAddress declines, then accepts after all.
func TestDeclinedWithoutAddress(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := storetest.NewWorld(t, s, "a")
		a := addressless(t, s, w, "6")
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return decline(ctx, tx, a) })
		if err := give(t, s, a, "zoe@home.example"); err != nil {
			t.Fatal(err)
		}
		if err := confirm(t, s, a, "zoe@home.example"); err != nil {
			t.Errorf("accepted after all: %v", err)
		}
	})
}

// TestGiveAddressRefused gives addresses that are refused, and as people who may not.
func TestGiveAddressRefused(t *testing.T) {
	storetest.EachReady(t, func(t *testing.T, address string) {
		s := storetest.OpenAt(t, address, storetest.NewClock(began))
		w, other := storetest.NewWorld(t, s, "a"), storetest.NewWorld(t, s, "b")
		a := addressless(t, s, w, "6")
		withheld := w.Assertion("7")
		withheld.State, withheld.Recipient.Email = badges.Withheld, ""
		awardOne(t, s, withheld)
		has := w.Assertion("8")
		awardOne(t, s, has)
		for name, tt := range map[string]struct {
			a    badges.Assertion
			by   badges.Learner
			text string
			kind fault.Kind
			key  string
		}{
			"no address":             {a, badges.Learner{Course: w.Course, User: "6"}, "zoe", fault.Invalid, "address.invalid"},
			"nothing":                {a, badges.Learner{Course: w.Course, User: "6"}, " ", fault.Invalid, "address.missing"},
			"a header":               {a, badges.Learner{Course: w.Course, User: "6"}, "zoe@u.example\r\nBcc: eve@evil.example", fault.Invalid, "address.unreadable"},
			"too long":               {a, badges.Learner{Course: w.Course, User: "6"}, strings.Repeat("z", 250) + "@u.example", fault.Invalid, "address.too_long"},
			"another learner":        {a, badges.Learner{Course: w.Course, User: "7"}, "eve@evil.example", fault.NotFound, "problem.not_found"},
			"a teacher":              {a, badges.Learner{Course: w.Course, User: "3"}, "eve@evil.example", fault.NotFound, "problem.not_found"},
			"from another course":    {a, badges.Learner{Course: badges.CourseKey{Platform: w.Course.Platform, Context: "9"}, User: "6"}, "eve@evil.example", fault.NotFound, "problem.not_found"},
			"from another platform":  {a, badges.Learner{Course: other.Course, User: "6"}, "eve@evil.example", fault.NotFound, "problem.not_found"},
			"withheld":               {withheld, badges.Learner{Course: w.Course, User: "7"}, "zoe@u.example", fault.NotFound, "problem.not_found"},
			"has one that LMS tells": {has, badges.Learner{Course: w.Course, User: "8"}, "eve@evil.example", fault.Conflict, "address.not_needed"},
		} {
			wantKey(t, name, giveAs(t, s, tt.a, tt.by, tt.text), tt.kind, tt.key)
			if g, err := s.GivenAddress(t.Context(), tt.a.ID); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: written %+v, %v", name, g, err)
			}
		}
		if jobs := storetest.Jobs(t, address, badges.ConfirmAddress{}); len(jobs) != 0 {
			t.Errorf("mails were asked for: %s", jobs)
		}
	})
}

// TestAddressMailsAreLimited asks for more mails than allowed, for one award and for
// many awards of one learner. Another learner can still ask.
func TestAddressMailsAreLimited(t *testing.T) {
	storetest.EachReady(t, func(t *testing.T, address string) {
		clock := storetest.NewClock(began)
		s := storetest.OpenAt(t, address, clock)
		w := storetest.NewWorld(t, s, "a")
		list := []badges.Assertion{addressless(t, s, w, "6")}
		for range 3 {
			b := w.Draft(t, s)
			a := w.Assertion("6")
			a.Badge, a.Version, a.Recipient.Email = b.ID, b.Current.ID, ""
			awardOne(t, s, a)
			list = append(list, a)
		}
		asked := 0
		for i, a := range list {
			allowed := min(badges.AddressMailsPerAward, badges.AddressMailsPerPerson-asked)
			for n := range badges.AddressMailsPerAward + 1 {
				err := give(t, s, a, "zoe@home.example")
				if n < allowed {
					asked++
				}
				if (err == nil) != (n < allowed) {
					t.Errorf("award %d, mail %d: %v", i+1, n+1, err)
				}
				if err != nil {
					wantKey(t, "one more", err, fault.Conflict, "address.too_many")
				}
			}
		}
		if err := give(t, s, addressless(t, s, w, "7"), "zoe@home.example"); err != nil {
			t.Errorf("another learner: %v", err)
		}
		if jobs := storetest.Jobs(t, address, badges.ConfirmAddress{}); len(jobs) != badges.AddressMailsPerPerson+1 || strings.Contains(strings.Join(jobs, ""), "@") {
			t.Errorf("%d mails: %s", len(jobs), jobs)
		}
		clock.Add(badges.AddressMailsWindow - time.Microsecond)
		wantKey(t, "just before the hour", give(t, s, list[0], "zoe@home.example"), fault.Conflict, "address.too_many")
		clock.Add(time.Microsecond)
		if err := give(t, s, list[0], "zoe@home.example"); err != nil {
			t.Errorf("after an hour: %v", err)
		}
	})
}

// TestTakeAddresses has the LMS tell an address after the award. It comes before an
// address that the learner gave and has not confirmed, and changes nothing else.
func TestTakeAddresses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := storetest.NewWorld(t, s, "a")
		pending, declined, claimed, gone := addressless(t, s, w, "6"), addressless(t, s, w, "7"), addressless(t, s, w, "8"), addressless(t, s, w, "9")
		withheld := w.Assertion("10")
		withheld.State, withheld.Recipient.Email = badges.Withheld, ""
		awardOne(t, s, withheld)
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return decline(ctx, tx, declined) })
		for _, a := range []badges.Assertion{pending, claimed} {
			if err := give(t, s, a, "mine@home.example"); err != nil {
				t.Fatal(err)
			}
		}
		if err := confirm(t, s, claimed, "mine@home.example"); err != nil {
			t.Fatal(err)
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return takeBack(ctx, tx, gone) })
		if n := tell(t, s, pending, "not an address"); n != 0 {
			t.Errorf("%d took an address that is not usable", n)
		}
		for _, tt := range []struct {
			a     badges.Assertion
			want  string
			taken int
		}{
			{pending, "Zoe@U.example", 1}, {declined, "Zoe@U.example", 1}, {withheld, "Zoe@U.example", 1}, {claimed, "mine@home.example", 0}, {gone, "", 0},
		} {
			before := storetest.Assertion(t, s, tt.a.ID).State
			if n := tell(t, s, tt.a, "Zoe@U.example"); n != tt.taken {
				t.Errorf("%s: %d took the address, want %d", before, n, tt.taken)
			}
			if got := storetest.Assertion(t, s, tt.a.ID); got.Recipient.Email != tt.want || got.State != before {
				t.Errorf("%s: %+v, want %q", before, got, tt.want)
			}
		}
		wantKey(t, "the link to the learner's own address", confirm(t, s, pending, "mine@home.example"), fault.Conflict, "address.not_needed")
		claim(t, s, pending.ID)
		if got := storetest.Assertion(t, s, pending.ID); got.Recipient.Email != "zoe@u.example" {
			t.Errorf("claimed with %q", got.Recipient.Email)
		}
	})
}
