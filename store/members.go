package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/insigne-badges/insigne/badges"
)

const memberColumns = `user_id, name, email, language, active, teaches, in_groups, username`

func scanMember(row row) (badges.Member, error) {
	var m badges.Member
	var groups string
	if err := row.Scan(&m.User, &m.Name, &m.Email, &m.Language, &m.Active, &m.Teaches, &groups, &m.Username); err != nil || groups == "" {
		return m, err
	}
	if err := json.Unmarshal([]byte(groups), &m.Groups); err != nil {
		return badges.Member{}, fmt.Errorf("read groups: %w", err)
	}
	return m, nil
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
// listed becomes inactive. Only what changed is written: most of a large course
// stays as it is.
func (tx *Tx) SaveRoster(ctx context.Context, key badges.CourseKey, members []badges.Member) error {
	known, err := tx.Members(ctx, key)
	if err != nil {
		return err
	}
	gone := make(map[badges.UserID]badges.Member, len(known))
	for _, m := range known {
		gone[m.User] = m
	}
	for _, m := range members {
		before, seen := gone[m.User]
		delete(gone, m.User)
		if seen && before.Active == m.Active && (before.Teaches || !m.Teaches) && slices.Equal(before.Groups, m.Groups) &&
			same(before.Name, m.Name) && same(before.Username, m.Username) && same(before.Email, m.Email) && same(before.Language, m.Language) {
			continue
		}
		if err := tx.saveMember(ctx, key, m); err != nil {
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

// same reports whether a value that was read says nothing new.
func same(before, now string) bool { return now == "" || now == before }

func (tx *Tx) saveMember(ctx context.Context, key badges.CourseKey, m badges.Member) error {
	if err := tx.SeeMember(ctx, key, m); err != nil {
		return err
	}
	groups := ""
	if len(m.Groups) > 0 {
		text, err := json.Marshal(m.Groups)
		if err != nil {
			return fmt.Errorf("write groups: %w", err)
		}
		groups = string(text)
	}
	_, err := tx.q.ExecContext(ctx, `
		update members set in_groups = $4, username = case when $5 = '' then username else $5 end
		where platform_id = $1 and context_id = $2 and user_id = $3`,
		key.Platform, key.Context, m.User, groups, m.Username)
	if err != nil {
		return fmt.Errorf("write member: %w", err)
	}
	return nil
}
