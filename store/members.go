package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/insigne-badges/insigne/badges"
)

const memberColumns = `user_id, name, email, language, active, teaches, in_groups, username`

func scanMember(row row) (badges.Member, error) {
	var m badges.Member
	var groups string
	if err := row.Scan(&m.User, &m.Name, &m.Email, &m.Language, &m.Active, &m.Teaches, &groups, &m.Username); err != nil {
		return m, err
	}
	var err error
	m.Groups, err = decodeList[badges.GroupID](groups)
	return m, err
}

// Members lists everybody who was ever seen in a course, by name.
func (r reads) Members(ctx context.Context, key badges.CourseKey) ([]badges.Member, error) {
	rows, err := r.q.QueryContext(ctx, `select `+memberColumns+` from members where platform_id = $1 and context_id = $2 order by name, user_id`, key.Platform, key.Context)
	return all(rows, err, scanMember)
}

// Member returns one member of a course.
func (r reads) Member(ctx context.Context, key badges.CourseKey, user badges.UserID) (badges.Member, error) {
	m, err := scanMember(r.q.QueryRowContext(ctx,
		`select `+memberColumns+` from members where platform_id = $1 and context_id = $2 and user_id = $3`, key.Platform, key.Context, user))
	return m, notFound(err, "member")
}

// SaveRoster writes the members of a course. Members who are not in the list
// become inactive. It writes only what changed, because most of a large course
// stays the same.
func (tx *Tx) SaveRoster(ctx context.Context, key badges.CourseKey, members []badges.Member) error {
	before, err := tx.Members(ctx, key)
	if err != nil {
		return err
	}
	gone := make(map[badges.UserID]badges.Member, len(before))
	for _, m := range before {
		gone[m.User] = m
	}
	for _, m := range members {
		before, seen := gone[m.User]
		delete(gone, m.User)
		if seen && before.Active == m.Active && (before.Teaches || !m.Teaches) && slices.Equal(before.Groups, m.Groups) &&
			same(before.Name, m.Name) && same(before.Username, m.Username) && same(before.Email, m.Email) && same(before.Language, m.Language) {
			continue
		}
		if err := tx.SeeMember(ctx, key, m); err != nil {
			return err
		}
	}
	for _, m := range gone {
		if !m.Active {
			continue
		}
		_, err := tx.q.ExecContext(ctx, `update members set active = false where platform_id = $1 and context_id = $2 and user_id = $3`, key.Platform, key.Context, m.User)
		if err != nil {
			return fmt.Errorf("write roster: %w", err)
		}
	}
	return nil
}

// same reports whether a new value changes nothing: it is empty or equal.
func same(before, now string) bool { return now == "" || now == before }

// SeeMember writes what a roster tells about one member.
func (tx *Tx) SeeMember(ctx context.Context, key badges.CourseKey, m badges.Member) error {
	groups, err := encodeList(m.Groups)
	if err != nil {
		return err
	}
	return tx.writeMember(ctx, key, m, replacement(groups), sql.NullString{})
}

// writeMember writes what a launch or a roster tells about a member. An empty
// name, address, language or user name does not replace the stored one; neither
// do null groups and null watched learners. Teaches is never reset.
func (tx *Tx) writeMember(ctx context.Context, key badges.CourseKey, m badges.Member, groups, watches sql.NullString) error {
	_, err := tx.q.ExecContext(ctx, `
		insert into members (platform_id, context_id, user_id, name, email, language, username, active, teaches, in_groups, watches)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, coalesce($10, ''), coalesce($11, ''))
		on conflict (platform_id, context_id, user_id) do update set
			name = case when excluded.name = '' then members.name else excluded.name end,
			email = case when excluded.email = '' then members.email else excluded.email end,
			language = case when excluded.language = '' then members.language else excluded.language end,
			username = case when excluded.username = '' then members.username else excluded.username end,
			active = excluded.active, teaches = members.teaches or excluded.teaches,
			in_groups = coalesce($10, members.in_groups), watches = coalesce($11, members.watches)`,
		key.Platform, key.Context, m.User, m.Name, m.Email, m.Language, m.Username, m.Active, m.Teaches, groups, watches)
	if err != nil {
		return fmt.Errorf("write member: %w", err)
	}
	return nil
}

// replacement returns a text that replaces the stored one.
func replacement(text string) sql.NullString { return sql.NullString{String: text, Valid: true} }
