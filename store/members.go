package store

import (
	"context"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
)

const memberColumns = `user_id, name, email, language, active, teaches`

func scanMember(row row) (badges.Member, error) {
	var m badges.Member
	return m, row.Scan(&m.User, &m.Name, &m.Email, &m.Language, &m.Active, &m.Teaches)
}

// Members lists everybody seen in a course, by name.
func (r reads) Members(ctx context.Context, key badges.CourseKey) ([]badges.Member, error) {
	rows, err := r.q.QueryContext(ctx, `select `+memberColumns+` from members where platform_id = $1 and context_id = $2 order by name, user_id`, key.Platform, key.Context)
	return all(rows, err, scanMember)
}

// Member returns one person of a course.
func (r reads) Member(ctx context.Context, key badges.CourseKey, user badges.UserID) (badges.Member, error) {
	m, err := scanMember(r.q.QueryRowContext(ctx,
		`select `+memberColumns+` from members where platform_id = $1 and context_id = $2 and user_id = $3`, key.Platform, key.Context, user))
	return m, notFound(err, "member")
}

// SeeMember notes who launched. An empty name, address or language leaves what
// is known; Teaches is never unset.
func (tx *Tx) SeeMember(ctx context.Context, key badges.CourseKey, m badges.Member) error {
	_, err := tx.q.ExecContext(ctx, `
		insert into members (platform_id, context_id, user_id, name, email, language, active, teaches)
		values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (platform_id, context_id, user_id) do update set
			name = case when excluded.name = '' then members.name else excluded.name end,
			email = case when excluded.email = '' then members.email else excluded.email end,
			language = case when excluded.language = '' then members.language else excluded.language end,
			active = excluded.active, teaches = members.teaches or excluded.teaches`,
		key.Platform, key.Context, m.User, m.Name, m.Email, m.Language, m.Active, m.Teaches)
	if err != nil {
		return fmt.Errorf("write member: %w", err)
	}
	return nil
}

// SaveRoster replaces what is known of a course's members. Who is no longer
// listed becomes inactive.
func (tx *Tx) SaveRoster(ctx context.Context, key badges.CourseKey, members []badges.Member) error {
	_, err := tx.q.ExecContext(ctx, `update members set active = false where platform_id = $1 and context_id = $2 and active`, key.Platform, key.Context)
	if err != nil {
		return fmt.Errorf("write roster: %w", err)
	}
	for _, m := range members {
		if err := tx.SeeMember(ctx, key, m); err != nil {
			return err
		}
	}
	return nil
}
