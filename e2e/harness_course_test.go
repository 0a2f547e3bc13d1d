package e2e_test

import (
	"crypto/rand"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/store"
)

// awards changes the state of awards as Insigne does.
func (d *demo) awards() award.Awards { return award.New(d.url, rand.Reader) }

// course returns the demo's course with its last run; false if it does not exist yet.
func (d *demo) course(t *testing.T) (badges.Course, bool) {
	t.Helper()
	platforms, err := d.App.Store().Platforms(t.Context())
	must(t, err)
	for _, p := range platforms {
		courses, err := d.App.Store().Courses(t.Context(), p.ID)
		must(t, err)
		if len(courses) > 0 {
			return courses[0], true
		}
	}
	return badges.Course{}, false
}

// problem returns the catalogue key of the last run's problem.
func (d *demo) problem(t *testing.T) string {
	t.Helper()
	if c, ok := d.course(t); ok && c.Sync.Last != nil {
		return c.Sync.Last.Problem
	}
	return ""
}

// readTwice waits for two more complete readings of the course.
func (d *demo) readTwice(t *testing.T) {
	t.Helper()
	for range 2 {
		from := d.present()
		eventually(t, "a reading", func() bool {
			course, ok := d.course(t)
			return ok && course.Sync.Last != nil && course.Sync.Last.StartedAt.After(from)
		})
	}
}

func (d *demo) platform(t *testing.T) badges.PlatformID {
	t.Helper()
	platforms, err := d.App.Store().Platforms(t.Context())
	if err != nil || len(platforms) == 0 {
		t.Fatalf("platforms = %v, %v", platforms, err)
	}
	return platforms[0].ID
}

// platformOf returns the platform of an issuer.
func (d *demo) platformOf(t *testing.T, issuer string) badges.PlatformID {
	t.Helper()
	platforms, err := d.App.Store().Platforms(t.Context())
	must(t, err)
	for _, p := range platforms {
		if p.Registration.Issuer == issuer {
			return p.ID
		}
	}
	t.Fatalf("no platform %s", issuer)
	return ""
}

// seededBadge returns the demo's own badge, which was made first.
func (d *demo) seededBadge(t *testing.T) (seeded badges.Badge) {
	t.Helper()
	eventually(t, "the badge of the demo", func() bool {
		platforms, err := d.App.Store().Platforms(t.Context())
		must(t, err)
		if len(platforms) == 0 {
			return false
		}
		list, err := d.App.Store().Badges(t.Context(), badges.CourseKey{Platform: platforms[0].ID, Context: "2"})
		must(t, err)
		if len(list) == 0 {
			return false
		}
		seeded = list[len(list)-1].Badge
		return true
	})
	return seeded
}

func (d *demo) assertions(t *testing.T, user badges.UserID) []badges.Assertion {
	t.Helper()
	course, ok := d.course(t)
	if !ok {
		return nil
	}
	list, err := d.App.Store().AssertionsOf(t.Context(), course.CourseKey, user)
	must(t, err)
	return list
}

func (d *demo) holders(t *testing.T, id badges.BadgeID) map[badges.UserID]badges.AssertionState {
	t.Helper()
	holders, err := d.App.Store().Holders(t.Context(), d.seededBadge(t).Course, id)
	must(t, err)
	states := map[badges.UserID]badges.AssertionState{}
	for user, award := range holders {
		states[user] = award.State
	}
	return states
}

// listed reports whether the teacher has to decide about a learner's award.
func (d *demo) listed(t *testing.T, user badges.UserID) bool {
	t.Helper()
	badge := d.seededBadge(t)
	lost, err := d.App.Store().WithLostEvidence(t.Context(), badge.Course, badge.ID, 1000)
	must(t, err)
	for _, a := range lost {
		if a.User == user {
			return true
		}
	}
	return false
}

func (d *demo) setPolicy(t *testing.T, policy badges.Policy) {
	t.Helper()
	badge := d.seededBadge(t)
	must(t, d.App.Store().Tx(t.Context(), func(tx *store.Tx) error {
		return tx.SetPolicy(t.Context(), badge.Course, badge.ID, policy, "3")
	}))
}

// takeBack takes an award back as a person.
func (d *demo) takeBack(t *testing.T, a badges.Assertion, by badges.UserID) {
	t.Helper()
	must(t, d.App.Store().Tx(t.Context(), func(tx *store.Tx) error {
		_, err := d.awards().TakeBack(t.Context(), tx, a.Course, a.Badge, a.ID, by, "Copie")
		return err
	}))
}

// draft makes another badge in the demo's course.
func (d *demo) draft(t *testing.T) string {
	t.Helper()
	first := d.seededBadge(t)
	var made badges.Badge
	must(t, d.App.Store().Tx(t.Context(), func(tx *store.Tx) (err error) {
		made, err = tx.CreateBadge(t.Context(), first.Course, first.Current.Content, "3")
		return err
	}))
	return string(made.ID)
}
