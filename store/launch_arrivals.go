package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
)

// Arrival is what a launch tells about the course and the person.
type Arrival struct {
	Course   badges.Course      // with its key, title and label only
	Services lti.Services       // LTI services that the LMS offers in the course
	History  []badges.ContextID // the courses from which this one was copied, the nearest first
	Member   badges.Member      // without groups and user name, which are not in a launch
	Watches  []badges.UserID    // the learners whose mentor the member is
}

// Arrive stores a launch and makes its course due: at once or, just after a
// reading, ten seconds after that one. A course that is due stays so, unless a
// reading is under way, which may have begun too early for this launch. If the
// last reading failed, the launch does not change when the course is due. An
// empty name, address or language does not replace the stored one, and Teaches
// is never reset.
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

// arriveAtCourse writes the course of a launch and makes it due, in one
// statement that needs no read before.
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

// History returns the courses from which a course was copied, the nearest
// first.
func (r reads) History(ctx context.Context, key badges.CourseKey) ([]badges.ContextID, error) {
	var text string
	err := r.q.QueryRowContext(ctx, `select history from courses where platform_id = $1 and context_id = $2`, key.Platform, key.Context).Scan(&text)
	if err := notFound(err, "course"); err != nil {
		return nil, err
	}
	return decodeList[badges.ContextID](text)
}

// Watched returns the learners whose mentor a member is.
func (r reads) Watched(ctx context.Context, key badges.CourseKey, mentor badges.UserID) ([]badges.UserID, error) {
	var text string
	err := r.q.QueryRowContext(ctx, `select watches from members where platform_id = $1 and context_id = $2 and user_id = $3`,
		key.Platform, key.Context, mentor).Scan(&text)
	if err := notFound(err, "member"); err != nil {
		return nil, err
	}
	return decodeList[badges.UserID](text)
}
