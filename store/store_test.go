package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// TestTenantsAreApart checks that ids of another platform's course are not
// found.
func TestTenantsAreApart(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ours, theirs := newWorld(t, s, "ours"), newWorld(t, s, "theirs")
		a := theirs.assertion("6")
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := awards.Award(ctx, tx, []badges.Assertion{a})
			return err
		})
		attacks := map[string]func(context.Context, *store.Tx) error{
			"badge": func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Badge(ctx, ours.course, theirs.badge.ID)
				return err
			},
			"edit": func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.EditBadge(ctx, ours.course, theirs.badge.ID, theirs.badge.Current.Content, "3")
				return err
			},
			"switch": func(ctx context.Context, tx *store.Tx) error {
				return tx.SwitchBadge(ctx, ours.course, theirs.badge.ID, badges.Off, "3")
			},
			"issuer": func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.PlatformIssuer(ctx, ours.course.Platform, theirs.issuer)
				return err
			},
			"change issuer": func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.SaveIssuer(ctx, badges.Issuer{ID: theirs.issuer, Platform: ours.course.Platform, Name: "X"})
				return err
			},
			"member": func(ctx context.Context, tx *store.Tx) error { _, err := tx.Member(ctx, ours.course, "6"); return err },
			"evidence": func(ctx context.Context, tx *store.Tx) error {
				_, _, err := tx.Evidence(ctx, ours.course, "6")
				return err
			},
		}
		for name, attack := range attacks {
			err := s.Tx(t.Context(), func(tx *store.Tx) error { return attack(t.Context(), tx) })
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("%s of another platform: %v, want NotFound", name, err)
			}
		}
		if list, err := s.AssertionsOf(t.Context(), ours.course, "6"); err != nil || len(list) != 0 {
			t.Errorf("assertions of another platform = %v, %v; want none", list, err)
		}
		if list, err := s.AssertionsOfBadge(t.Context(), ours.course, theirs.badge.ID); err != nil || len(list) != 0 {
			t.Errorf("recipients of another platform = %v, %v; want none", list, err)
		}
	})
}

func TestLoginIsUsedOnce(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		use := func() error {
			return s.Tx(t.Context(), func(tx *store.Tx) error {
				return tx.UseLogin(t.Context(), "hash", lti.Launch{IssuedAt: tx.Now()})
			})
		}
		undone := s.Tx(t.Context(), func(tx *store.Tx) error {
			return errors.Join(tx.UseLogin(t.Context(), "hash", lti.Launch{IssuedAt: tx.Now()}), errors.New("what follows fails"))
		})
		if errors.Is(undone, lti.ErrUsed) {
			t.Fatal(undone)
		}
		known := func(want bool) {
			t.Helper()
			if got, err := s.LoginUsed(t.Context(), "hash"); err != nil || got != want {
				t.Errorf("used: %t, %v; want %t", got, err, want)
			}
		}
		known(false)
		var used atomic.Int32
		var group sync.WaitGroup
		for range 50 {
			group.Go(func() {
				switch err := use(); {
				case err == nil:
					used.Add(1)
				case !errors.Is(err, lti.ErrUsed):
					t.Error(err)
				}
			})
		}
		group.Wait()
		if used.Load() != 1 {
			t.Errorf("used %d times, want once", used.Load())
		}
		known(true)
		for _, later := range []time.Duration{0, 2 * lti.LoginLifetime} { // longer than the login is valid
			clock.Add(later)
			if err := s.Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := use(); !errors.Is(err, lti.ErrUsed) {
				t.Errorf("swept %s later: %v, want it used still", later, err)
			}
		}
		if notes, err := s.Launches(t.Context(), 9); err != nil || len(notes) != 1 {
			t.Errorf("launches = %+v, %v; want the one of the login", notes, err)
		}
	})
}

func TestOneTimeLink(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.NewLink(ctx, store.AdminLink, []byte("old"), tx.Now().Add(-time.Second), badges.ByOperator); err != nil {
				return err
			}
			return tx.NewLink(ctx, store.AdminLink, []byte("h"), tx.Now().Add(time.Minute), badges.ByOperator)
		})
		use := func(purpose store.Purpose, hash string) error {
			return s.Tx(t.Context(), func(tx *store.Tx) error { return tx.UseLink(t.Context(), purpose, []byte(hash)) })
		}
		for name, err := range map[string]error{
			"of another purpose": use(store.Invitation, "h"), "expired": use(store.AdminLink, "old"), "unknown": use(store.AdminLink, "x"),
		} {
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("link %s: %v, want NotFound", name, err)
			}
		}
		if err := use(store.AdminLink, "h"); err != nil {
			t.Errorf("first use: %v", err)
		}
		if err := use(store.AdminLink, "h"); !fault.Is(err, fault.NotFound) {
			t.Errorf("second use: %v, want NotFound", err)
		}
	})
}

func TestLease(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "a")
		var leased atomic.Int32
		var first store.LeasedCourse
		var group sync.WaitGroup
		for range 10 {
			group.Go(func() {
				c, err := s.LeaseCourse(t.Context(), time.Minute)
				if err == nil {
					leased.Add(1)
					first = c
				} else if !fault.Is(err, fault.NotFound) {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if leased.Load() != 1 || first.CourseKey != w.course {
			t.Fatalf("leased %d times (%v), want once", leased.Load(), first.CourseKey)
		}
		// A request during the run must not be lost when the run ends.
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.RequestSync(ctx, w.course, badges.ByTeacher) })
		run := badges.SyncRun{StartedAt: time.Now(), EndedAt: time.Now(), Cause: badges.ByLaunch, Learners: 12, Awarded: 1}
		if err := s.FinishSync(t.Context(), first, run, badges.SyncState{DueAt: time.Now().Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
		again, err := s.LeaseCourse(t.Context(), time.Minute)
		if err != nil || again.Cause != badges.ByTeacher {
			t.Fatalf("after a request during the run: %v, %v; want a run by the teacher", again.Cause, err)
		}
		if again.Sync.Last == nil || again.Sync.Last.Learners != 12 {
			t.Errorf("last run = %+v, want 12 learners", again.Sync.Last)
		}
		if err := s.FinishSync(t.Context(), first, run, badges.SyncState{DueAt: time.Now()}); !fault.Is(err, fault.Conflict) {
			t.Errorf("finishing with a lost lease: %v, want Conflict", err)
		}
		if err := s.FinishSync(t.Context(), again, run, badges.SyncState{DueAt: time.Now().Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.LeaseCourse(t.Context(), time.Minute); !fault.Is(err, fault.NotFound) {
			t.Errorf("nothing is due: %v, want NotFound", err)
		}
	})
}

func TestEditMakesTheNextVersion(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "a")
		content := w.badge.Current.Content
		content.Name = "Renamed"
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			edited, err := tx.EditBadge(ctx, w.course, w.badge.ID, content, "3")
			if err == nil && (edited.Current.Number != 2 || edited.Current.Name != "Renamed") {
				err = fmt.Errorf("current version = %+v", edited.Current)
			}
			return err
		})
		old, err := s.Version(t.Context(), w.badge.Current.ID)
		if err != nil || old.Name != "Badge" {
			t.Errorf("first version = %q, %v; want it unchanged", old.Name, err)
		}
	})
}

func TestEvidenceRoundTrip(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "a")
		want := badges.Evidence{
			{Kind: badges.CourseCompleted}:            {Read: true, Done: true, At: time.Unix(1700000000, 0).UTC(), Source: "x"},
			{Kind: badges.ActivityGrade, ID: "3"}:     {Read: true, Grade: &badges.Grade{Raw: 18, Max: 20}},
			{Kind: badges.ActivityCompleted, ID: "1"}: {Why: "unknown.not_read"},
		}
		members := []badges.Member{{User: "3", Name: "T", Active: true, Teaches: true}, {User: "6", Name: "Zoë", Email: "z@example.org", Active: true}}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.SaveRoster(ctx, w.course, members); err != nil {
				return err
			}
			return tx.SaveEvidence(ctx, w.course, badges.Findings{"6": want})
		})
		got, _, err := s.Evidence(t.Context(), w.course, "6")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("evidence (-want +got):\n%s", diff)
		}
		// A member who taught once is never a learner again; members who
		// left become inactive.
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.SaveRoster(ctx, w.course, []badges.Member{{User: "3", Name: "T", Active: true}})
		})
		all, err := s.Members(t.Context(), w.course)
		if err != nil || len(all) != 2 || !all[0].Teaches || all[1].Active {
			t.Errorf("members = %+v, %v; want a teacher and an inactive learner", all, err)
		}
	})
}

func TestTokensAreSealed(t *testing.T) {
	dir := t.TempDir()
	s := storetest.Open(t, "sqlite:"+filepath.Join(dir, "test.db"))
	w := newWorld(t, s, "a")
	const canary = "canary-token-0123456789"
	tx(t, s, func(ctx context.Context, tx *store.Tx) error {
		return tx.SetService(ctx, w.course.Platform, badges.Service{URL: "https://lms.example.org", Token: canary})
	})
	service, err := s.Service(t.Context(), w.course.Platform)
	if err != nil || service.Token != canary {
		t.Fatalf("service = %v, %v; want the token back", service, err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte(canary)) {
			t.Errorf("%s holds the token in the clear", filepath.Base(file))
		}
	}
}

func TestTwoProcessesMayStartAtOnce(t *testing.T) {
	address := "sqlite:" + filepath.Join(t.TempDir(), "test.db")
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			s, err := store.Open(t.Context(), storetest.Config(t, address))
			if err != nil {
				t.Error(err)
				return
			}
			if err := errors.Join(s.Ready(t.Context()), s.Close()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}

func TestBackup(t *testing.T) {
	s := storetest.SQLite(t)
	w := newWorld(t, s, "a")
	file := filepath.Join(t.TempDir(), "copy.db")
	if err := s.Backup(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	copied := storetest.Open(t, "sqlite:"+file)
	if _, err := copied.Badge(t.Context(), w.course, w.badge.ID); err != nil {
		t.Errorf("badge in the copy: %v", err)
	}
	if err := s.Backup(t.Context(), file); err == nil {
		t.Error("a second backup overwrote the first")
	}
}
