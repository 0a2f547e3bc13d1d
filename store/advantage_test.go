package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

func TestDeployments(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w, other := newWorld(t, s, "one"), newWorld(t, s, "two")
		approved := func() bool {
			ok, err := s.DeploymentApproved(t.Context(), lti.RegistrationID(w.course.Platform), "9")
			if err != nil {
				t.Fatal(err)
			}
			return ok
		}
		for range 2 {
			if approved() {
				t.Error("a deployment never seen is approved")
			}
		}
		list, err := s.Deployments(t.Context(), w.course.Platform)
		if err != nil || len(list) != 2 || list[0].ID != "9" || list[0].Approved || list[0].Refused {
			t.Fatalf("deployments = %+v, %v; want the pending one first", list, err)
		}
		decide := func(platform badges.PlatformID, approve bool) error {
			return s.Tx(t.Context(), func(tx *store.Tx) error { return tx.DecideDeployment(t.Context(), platform, "9", approve) })
		}
		if err := decide(other.course.Platform, true); !fault.Is(err, fault.NotFound) || approved() {
			t.Errorf("another platform's deployment is approved, %v", err)
		}
		if err := decide(w.course.Platform, true); err != nil || !approved() {
			t.Errorf("not approved, %v", err)
		}
		if err := decide(w.course.Platform, false); err != nil || approved() {
			t.Errorf("not refused, %v", err)
		}
	})
}

func TestPlacementIsAnsweredOnce(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w, other := newWorld(t, s, "one"), newWorld(t, s, "two")
		want := store.Placement{
			Course: w.course, User: "3", Deployment: "1", Expires: clock.Now().Add(time.Hour),
			Request: lti.DeepLinking{ReturnURL: "https://lms.example.org/return?sesskey=s", Data: "d", Multiple: true},
		}
		add := func(p store.Placement) (id string) {
			tx(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
				id, err = tx.AddPlacement(ctx, p)
				return err
			})
			return id
		}
		want.ID = add(want)
		old := want
		old.Expires = clock.Now().Add(-time.Second)
		old.ID = add(old)
		for name, p := range map[string]store.Placement{
			"another course's": {ID: want.ID, Course: other.course, User: "3"},
			"somebody else's":  {ID: want.ID, Course: w.course, User: "4"},
			"an old one":       old,
			"one never made":   {ID: "x", Course: w.course, User: "3"},
		} {
			if _, err := s.Placement(t.Context(), p.Course, p.User, p.ID); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s placement: %v, want NotFound", name, err)
			}
		}
		got, err := s.Placement(t.Context(), want.Course, want.User, want.ID)
		got.Expires = got.Expires.UTC()
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%v %s", err, diff)
		}
		take := func() error {
			return s.Tx(t.Context(), func(tx *store.Tx) error {
				_, err := tx.TakePlacement(t.Context(), want.Course, want.User, want.ID)
				return err
			})
		}
		if err := take(); err != nil {
			t.Errorf("first answer: %v", err)
		}
		if err := take(); !fault.Is(err, fault.NotFound) {
			t.Errorf("second answer: %v, want NotFound", err)
		}
	})
}

func TestLaunchNotes(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		good := store.LaunchNote{Platform: "p", Message: lti.ResourceLinkRequest, Skew: -3 * time.Second, Scopes: []string{"a", lti.ScopeMemberships}}
		bad := store.LaunchNote{Reason: lti.ClockSkew, Detail: "issued 2m from now"}
		for range 2 { // a refusal has no login, so the second one is stored too
			tx(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.NoteRefusal(ctx, bad) })
			clock.Add(time.Millisecond) // the list is sorted by time
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.UseLogin(ctx, "hash", lti.Launch{
				Registration: lti.Registration{ID: "p"}, Message: lti.ResourceLinkRequest, IssuedAt: tx.Now().Add(3*time.Second - time.Millisecond),
				Services: lti.Services{GradeScopes: []string{"a"}, MembershipsURL: "https://lms.example.org/members"},
			})
		})
		got, err := s.Launches(t.Context(), 10)
		if err != nil || len(got) != 3 {
			t.Fatalf("launches = %v, %v; want three", got, err)
		}
		for i, want := range []store.LaunchNote{good, bad, bad} {
			want.At = got[i].At
			if want.Scopes == nil {
				want.Scopes = []string{}
			}
			if diff := cmp.Diff(want, got[i]); diff != "" {
				t.Error(diff)
			}
		}
		clock.Add(31 * 24 * time.Hour)
		if err := s.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if left, err := s.Launches(t.Context(), 10); err != nil || len(left) != 0 {
			t.Errorf("launches after a month = %v, %v; want none", left, err)
		}
	})
}

// TestColumnReserved checks that only one of two callers can make a column, and
// that the other can try again later.
func TestColumnReserved(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "a")
		reserve := func() error {
			return s.Tx(t.Context(), func(tx *store.Tx) error { return tx.ReserveColumn(t.Context(), w.course, w.badge.ID) })
		}
		if err := reserve(); err != nil {
			t.Fatal(err)
		}
		if err := reserve(); !fault.Is(err, fault.Conflict) {
			t.Errorf("a second time: %v, want a conflict", err)
		}
		if column, err := s.Column(t.Context(), w.course, w.badge.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("a column that is being made is %v, %v", column, err)
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.AddColumn(ctx, w.course, w.badge.ID, store.Column{LineItem: "https://lms.example/1"})
		})
		if err := reserve(); err != nil {
			t.Errorf("once it is there: %v", err)
		}
		if column, err := s.Column(t.Context(), w.course, w.badge.ID); err != nil || column != (store.Column{LineItem: "https://lms.example/1"}) {
			t.Errorf("column = %v, %v", column, err)
		}
	})
}

// TestColumnTaken checks that a link's column becomes the badge's column if it
// has none, and is not taken again after it was given up, unless a teacher
// asks.
func TestColumnTaken(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "a")
		other := newWorld(t, s, "b")
		linked, made := store.Column{LineItem: "https://lms.example/1", Placed: true}, store.Column{LineItem: "https://lms.example/2"}
		run := func(f func(*store.Tx) error) error { return s.Tx(t.Context(), f) }
		take := func(tx *store.Tx) error {
			before, _ := tx.Column(t.Context(), w.course, w.badge.ID) // the zero value if there is none
			taken, err := tx.TakeColumn(t.Context(), w.course, w.badge.ID, linked.LineItem)
			if after, _ := tx.Column(t.Context(), w.course, w.badge.ID); taken != (after != before) {
				t.Errorf("taken: %t, though the column was %+v and is %+v", taken, before, after)
			}
			return err
		}
		giveUp := func(tx *store.Tx) error { return tx.GiveUpColumn(t.Context(), w.course, w.badge.ID) }
		reserve := func(tx *store.Tx) error { return tx.ReserveColumn(t.Context(), w.course, w.badge.ID) }
		add := func(tx *store.Tx) error { return tx.AddColumn(t.Context(), w.course, w.badge.ID, made) }
		release := func(tx *store.Tx) error { return tx.ReleaseColumn(t.Context(), w.course, w.badge.ID) }
		remove := func(tx *store.Tx) error { return tx.RemoveColumn(t.Context(), w.course, w.badge.ID) }
		none := store.Column{}
		for _, step := range []struct {
			name string
			do   func(*store.Tx) error
			want store.Column
		}{
			{"somebody begins to make one", reserve, none},
			{"and fails", release, none},
			{"somebody makes one", reserve, none},
			{"taken meanwhile", take, none},
			{"made", add, made},
			{"taken where there is one", take, made},
			{"forgotten", remove, none},
			{"taken", take, linked},
			{"asked for again", reserve, linked},
			{"in vain", release, linked},
			{"given up", giveUp, none},
			{"released after that", release, none},
			{"taken after that", take, none},
			{"asked for after that", reserve, none},
			{"made after that", add, made},
		} {
			if err := run(step.do); err != nil {
				t.Fatalf("%s: %v", step.name, err)
			}
			got, err := s.Column(t.Context(), w.course, w.badge.ID)
			if got != step.want || (step.want == none) != fault.Is(err, fault.NotFound) {
				t.Errorf("%s: column = %+v, %v; want %+v", step.name, got, err, step.want)
			}
		}
		if err := run(giveUp); !fault.Is(err, fault.NotFound) {
			t.Errorf("giving up one that was made: %v", err)
		}
		if _, err := s.Column(t.Context(), other.course, w.badge.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("in another course: %v", err)
		}
	})
}
