package store

import (
	"context"
	"fmt"
	"strconv"

	"github.com/google/uuid"

	"github.com/insigne-badges/insigne/badges"
)

const badgeColumns = `b.id, b.platform_id, b.context_id, b.state, b.created_at, b.switched_at, b.fallen_policy, b.earlier, b.settled_at, b.jury, b.endorsed, b.step_after, ` + versionColumns

const badgeSource = ` from badges b join badge_versions v on v.id = b.version_id`

// scanBadge scans badgeColumns, then more.
func scanBadge(row row, more ...any) (badges.Badge, error) {
	var b badges.Badge
	var current versionRow
	var created, switched, settled instant
	fields := append([]any{&b.ID, &b.Course.Platform, &b.Course.Context, &b.State, &created, &switched, &b.Policy, &b.Retroactive, &settled, &b.Jury, &b.Endorsed, &b.StepAfter}, current.fields()...)
	if err := row.Scan(append(fields, more...)...); err != nil {
		return badges.Badge{}, err
	}
	b.CreatedAt, b.SwitchedAt, b.RetroactiveDoneAt = created.Time, switched.Time, settled.Time
	var err error
	b.Current, err = current.read()
	return b, err
}

// CountedBadge is a badge with the number of its assertions.
type CountedBadge struct {
	badges.Badge
	Counts badges.Counts
}

// Badges lists the badges of a course, the newest first, with their counts.
func (r reads) Badges(ctx context.Context, key badges.CourseKey) ([]CountedBadge, error) {
	rows, err := r.q.QueryContext(ctx, `
		select `+badgeColumns+`,
			coalesce(sum(case when a.state = 'pending' then 1 else 0 end), 0),
			coalesce(sum(case when a.state = 'claimed' then 1 else 0 end), 0),
			coalesce(sum(case when a.state = 'private' then 1 else 0 end), 0),
			coalesce(sum(case when a.state = 'declined' then 1 else 0 end), 0),
			coalesce(sum(case when a.state = 'revoked' then 1 else 0 end), 0),
			coalesce(sum(case when a.state = 'replaced' then 1 else 0 end), 0)
		`+badgeSource+` left join assertions a on a.badge_id = b.id and a.next_id = ''
		where b.platform_id = $1 and b.context_id = $2
		group by `+badgeColumns+` order by b.created_at desc, b.id`, key.Platform, key.Context)
	return all(rows, err, func(row row) (CountedBadge, error) {
		var c badges.Counts
		b, err := scanBadge(row, &c.Pending, &c.Claimed, &c.Private, &c.Declined, &c.Revoked, &c.Replaced)
		return CountedBadge{Badge: b, Counts: c}, err
	})
}

// Badge returns one badge of a course.
func (r reads) Badge(ctx context.Context, key badges.CourseKey, id badges.BadgeID) (badges.Badge, error) {
	b, err := scanBadge(r.q.QueryRowContext(ctx, `select `+badgeColumns+badgeSource+`
		where b.platform_id = $1 and b.context_id = $2 and b.id = $3`, key.Platform, key.Context, id))
	return b, notFound(err, "badge")
}

// Version returns a version by its id. The caller got the id from an assertion
// or a badge that it may read.
func (r reads) Version(ctx context.Context, id badges.VersionID) (badges.Version, error) {
	return r.version(ctx, `select `+versionColumns+` from badge_versions v where v.id = $1`, id)
}

// PublicVersion returns a version of which an assertion was claimed, even if the
// assertion is not public any more: copies of it need the version.
// fault.NotFound for any other, so that drafts stay private.
func (r reads) PublicVersion(ctx context.Context, id badges.VersionID) (badges.Version, error) {
	return r.version(ctx, `select `+versionColumns+` from badge_versions v where v.id = $1
		and exists (select 1 from assertions a where a.version_id = v.id and (a.base_url <> '' or a.state in ('claimed', 'revoked') or a.state = 'replaced' and a.replaced_from = 'claimed'))`, id)
}

func (r reads) version(ctx context.Context, query string, id badges.VersionID) (badges.Version, error) {
	var row versionRow
	if err := r.q.QueryRowContext(ctx, query, id).Scan(row.fields()...); err != nil {
		return badges.Version{}, notFound(err, "badge version")
	}
	return row.read()
}

// CreateBadge adds a draft. The caller has validated the content.
func (tx *Tx) CreateBadge(ctx context.Context, key badges.CourseKey, content badges.Content, by badges.UserID) (badges.Badge, error) {
	return tx.addBadge(ctx, key, "", content, by)
}

// CopyBadge adds a draft that is a copy of another course's badge.
func (tx *Tx) CopyBadge(ctx context.Context, key badges.CourseKey, source badges.BadgeID, content badges.Content, by badges.UserID) (badges.Badge, error) {
	return tx.addBadge(ctx, key, source, content, by)
}

func (tx *Tx) addBadge(ctx context.Context, key badges.CourseKey, source badges.BadgeID, content badges.Content, by badges.UserID) (badges.Badge, error) {
	id := badges.BadgeID(uuid.NewString())
	version := badges.VersionID(uuid.NewString())
	_, err := tx.q.ExecContext(ctx, `
		insert into badges (id, platform_id, context_id, state, version_id, created_at, created_by, copied_from) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		id, key.Platform, key.Context, badges.Draft, version, tx.now, by, source)
	if err != nil {
		return badges.Badge{}, fmt.Errorf("write badge: %w", err)
	}
	if err := tx.addVersion(ctx, id, version, 1, content); err != nil {
		return badges.Badge{}, err
	}
	e := badges.AuditEntry{Course: key, Actor: string(by), Action: badges.BadgeCreated, Object: string(id), New: string(badges.Draft)}
	if source != "" {
		e.Reason = "copy of " + string(source)
	}
	if err := tx.Audit(ctx, e); err != nil {
		return badges.Badge{}, err
	}
	return tx.Badge(ctx, key, id)
}

// CopyOf returns a course's copy of another course's badge; fault.NotFound if
// there is none. When a course is copied, its links still name the original
// badge.
func (r reads) CopyOf(ctx context.Context, key badges.CourseKey, source badges.BadgeID) (badges.BadgeID, error) {
	var id badges.BadgeID
	err := r.q.QueryRowContext(ctx, `select id from badges where platform_id = $1 and context_id = $2 and copied_from = $3 order by created_at limit 1`,
		key.Platform, key.Context, source).Scan(&id)
	return id, notFound(err, "badge")
}

// EditBadge changes a draft directly. A badge that was ever switched on gets a
// new version instead: a reading that is under way uses the version with which
// it began. Saving a draft without a change writes no audit entry.
func (tx *Tx) EditBadge(ctx context.Context, key badges.CourseKey, id badges.BadgeID, content badges.Content, by badges.UserID) (badges.Badge, error) {
	b, err := tx.Badge(ctx, key, id)
	if err != nil {
		return badges.Badge{}, err
	}
	changed := true
	if b.State == badges.Draft {
		changed, err = tx.changeVersion(ctx, b.Current.ID, content)
	} else {
		err = tx.nextVersion(ctx, b, content)
	}
	if err != nil || !changed {
		return b, err
	}
	edited, err := tx.Badge(ctx, key, id)
	if err != nil {
		return badges.Badge{}, err
	}
	return edited, tx.Audit(ctx, badges.AuditEntry{
		Course: key, Actor: string(by), Action: badges.BadgeEdited, Object: string(id),
		Old: strconv.Itoa(b.Current.Number), New: strconv.Itoa(edited.Current.Number),
	})
}

// SwitchBadge switches a badge on or off. It does nothing if the badge has that
// state already.
func (tx *Tx) SwitchBadge(ctx context.Context, key badges.CourseKey, id badges.BadgeID, state badges.BadgeState, by badges.UserID) error {
	b, err := tx.lockedBadge(ctx, key, id)
	if err != nil || b.State == state {
		return err
	}
	result, err := tx.q.ExecContext(ctx, `update badges set state = $4, switched_at = $5 where platform_id = $1 and context_id = $2 and id = $3`,
		key.Platform, key.Context, id, state, tx.now)
	if err := one(result, err, "badge"); err != nil {
		return err
	}
	action := badges.BadgeSwitchedOn
	if state == badges.Off {
		action = badges.BadgeSwitchedOff
	}
	return tx.Audit(ctx, badges.AuditEntry{
		Course: key, Actor: string(by), Action: action, Object: string(id), Old: string(b.State), New: string(state),
	})
}
