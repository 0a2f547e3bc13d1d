package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
)

// Arrival is what a launch says about the course and the person.
type Arrival struct {
	Course   badges.Course      // its key, title and label
	Services lti.Services       // that the LMS offers in the course
	History  []badges.ContextID // courses that the course was copied from, the nearest first
	Member   badges.Member      // without groups and user name, which a launch does not tell
	Watches  []badges.UserID    // learners that the member follows as a mentor
}

// Arrive notes a launch from a course and makes the course due: at once or, just
// after a reading, ten seconds after that one. An earlier request stays, unless a
// reading is under way, which may have begun too early for this launch. A course
// whose last reading failed is left alone. Of the member an empty name, address or
// language leaves what is known, and Teaches is never unset.
func (tx *Tx) Arrive(ctx context.Context, a Arrival) error {
	if err := tx.arriveAtCourse(ctx, a); err != nil {
		return err
	}
	watches, err := encodeList(a.Watches)
	if err != nil {
		return err
	}
	return tx.writeMember(ctx, a.Course.CourseKey, a.Member, sql.NullString{}, replacement(watches))
}

// arriveAtCourse writes what a launch says about its course, with the request. One
// statement does it, so that nothing has to be read before.
func (tx *Tx) arriveAtCourse(ctx context.Context, a Arrival) error {
	services, err := encodeServices(a.Services)
	if err != nil {
		return err
	}
	history, err := encodeList(a.History)
	if err != nil {
		return err
	}
	const (
		due     = `case when courses.rests_until > excluded.due_at then courses.rests_until else excluded.due_at end`
		request = `courses.failures = 0 and (courses.lease <> '' or courses.due_at > ` + due + `)`
	)
	_, err = tx.q.ExecContext(ctx, `
		insert into courses (platform_id, context_id, title, label, services, history, due_at, cause) values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (platform_id, context_id) do update set
			title = excluded.title, label = excluded.label, services = excluded.services, history = excluded.history,
			due_at = case when `+request+` then `+due+` else courses.due_at end,
			cause = case when `+request+` then excluded.cause else courses.cause end`,
		a.Course.Platform, a.Course.Context, a.Course.Title, a.Course.Label, services, history, tx.now, badges.ByLaunch)
	if err != nil {
		return fmt.Errorf("write course: %w", err)
	}
	return nil
}

// History returns the courses that a course was copied from, the nearest first.
func (r reads) History(ctx context.Context, key badges.CourseKey) ([]badges.ContextID, error) {
	var text string
	err := r.q.QueryRowContext(ctx, `select history from courses where platform_id = $1 and context_id = $2`, key.Platform, key.Context).Scan(&text)
	if err := notFound(err, "course"); err != nil {
		return nil, err
	}
	return decodeList[badges.ContextID](text)
}

// Watched returns the learners that a member follows; for most, nobody.
func (r reads) Watched(ctx context.Context, key badges.CourseKey, mentor badges.UserID) ([]badges.UserID, error) {
	var text string
	err := r.q.QueryRowContext(ctx, `select watches from members where platform_id = $1 and context_id = $2 and user_id = $3`,
		key.Platform, key.Context, mentor).Scan(&text)
	if err := notFound(err, "member"); err != nil {
		return nil, err
	}
	return decodeList[badges.UserID](text)
}
