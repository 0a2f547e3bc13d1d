package jobs

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
)

// awardBatch bounds a transaction, so that page views never wait long for the
// single writer of SQLite.
const awardBatch = 100

// readAndAward does one run's work and counts it in run.
func (s *Syncer) readAndAward(ctx context.Context, course badges.Course, run *badges.SyncRun) error {
	active, err := s.Store.ActiveBadges(ctx, course.CourseKey)
	if err != nil {
		return err
	}
	reading, err := s.Evidence.Read(ctx, course.CourseKey, subjects(active))
	if err != nil {
		return err
	}
	if err := s.Store.Tx(ctx, func(tx *store.Tx) error { return tx.SaveReading(ctx, course.CourseKey, reading) }); err != nil {
		return err
	}
	run.Learners = len(reading.Members)
	run.Unreadable = reading.Findings.Unreadable()
	for _, badge := range active {
		awarded, err := s.award(ctx, badge, reading)
		run.Awarded += awarded
		if err != nil {
			return fmt.Errorf("award badge %s: %w", badge.ID, err)
		}
	}
	return nil
}

// subjects lists what the rules ask about, each once.
func subjects(active []badges.Badge) []badges.Subject {
	set := map[badges.Subject]bool{}
	for _, b := range active {
		for _, subject := range b.Current.Rule.Subjects() {
			set[subject] = true
		}
	}
	return slices.Collect(maps.Keys(set))
}

// award writes the assertions of everybody who earns badge now.
func (s *Syncer) award(ctx context.Context, badge badges.Badge, reading badges.Reading) (int, error) {
	members, err := s.Store.Members(ctx, badge.Course)
	if err != nil {
		return 0, err
	}
	holders, err := s.Store.Holders(ctx, badge.Course, badge.ID)
	if err != nil {
		return 0, err
	}
	var earned []badges.Assertion
	for _, m := range members {
		if _, holds := holders[m.User]; holds {
			continue
		}
		d := badges.Decide(&badge.Current.Rule, m, reading.Findings[m.User], s.Now())
		if d.Standing == badges.Earns {
			earned = append(earned, newAssertion(badge, d))
		}
	}
	total := 0
	for batch := range slices.Chunk(earned, awardBatch) {
		n, err := s.write(ctx, badge, batch)
		total += n
		if err != nil {
			return total, err
		}
	}
	return total, nil
}

func newAssertion(badge badges.Badge, d badges.Decision) badges.Assertion {
	return badges.Assertion{
		ID: badges.AssertionID(uuid.NewString()), Course: badge.Course, Badge: badge.ID, Version: badge.Current.ID,
		User: d.Member.User, State: badges.Pending, Salt: uuid.NewString(), Facts: d.Explanation.Facts(),
		Recipient: badges.Recipient{Name: d.Member.Name, Email: d.Member.Email, Language: d.Member.Language},
	}
}

// write stores a batch, unless the teacher switched the badge off or changed
// it since the run began: the next run decides by the new rule.
func (s *Syncer) write(ctx context.Context, badge badges.Badge, batch []badges.Assertion) (int, error) {
	written := 0
	err := s.Store.Tx(ctx, func(tx *store.Tx) error {
		now, err := tx.Badge(ctx, badge.Course, badge.ID)
		if err != nil {
			return err
		}
		if now.State != badges.On || now.Current.ID != badge.Current.ID {
			return nil
		}
		for _, a := range batch {
			made, err := tx.Award(ctx, a)
			if err != nil {
				return err
			}
			if made {
				written++
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return written, nil
}
