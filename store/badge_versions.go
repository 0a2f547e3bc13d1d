package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/insigne-badges/insigne/badges"
)

const versionColumns = `v.id, v.badge_id, v.number, v.created_at,
	v.name, v.description, v.criteria, v.language, v.picture, v.issuer_id, v.rule, v.valid_months,
	v.caption, v.tags, v.alignments, v.credits, v.level, v.hours, v.translations`

// versionRow is a row of badge_versions.
type versionRow struct {
	version badges.Version

	created                              instant
	rule, tags, alignments, translations string // JSON
}

// fields returns where a query of versionColumns puts its values.
func (r *versionRow) fields() []any {
	v := &r.version
	return []any{
		&v.ID, &v.Badge, &v.Number, &r.created,
		&v.Name, &v.Description, &v.Criteria, &v.Language, &v.Picture, &v.Issuer, &r.rule, &v.ValidMonths,
		&v.Caption, &r.tags, &r.alignments, &v.Credits, &v.Level, &v.Hours, &r.translations,
	}
}

// read returns the version in the row.
func (r *versionRow) read() (badges.Version, error) {
	v, errs := r.version, [4]error{}
	v.CreatedAt = r.created.Time
	v.Rule, errs[0] = decodeRule(r.rule)
	v.Tags, errs[1] = decodeList[string](r.tags)
	v.Alignments, errs[2] = decodeAlignments(r.alignments)
	v.Translations, errs[3] = decodeTranslations(r.translations)
	if err := errors.Join(errs[:]...); err != nil {
		return badges.Version{}, fmt.Errorf("version %s: %w", v.ID, err)
	}
	return v, nil
}

// contentValues returns the values of c for the columns of a version that a teacher
// fills in, in the order of versionColumns.
func contentValues(c badges.Content) ([]any, error) {
	rule, ruleErr := encodeRule(c.Rule)
	tags, tagsErr := encodeList(c.Tags)
	alignments, alignmentsErr := encodeAlignments(c.Alignments)
	translations, translationsErr := encodeTranslations(c.Translations)
	return []any{
		c.Name, c.Description, c.Criteria, c.Language, c.Picture, c.Issuer, rule, c.ValidMonths,
		c.Caption, tags, alignments, c.Credits, c.Level, c.Hours, translations,
	}, errors.Join(ruleErr, tagsErr, alignmentsErr, translationsErr)
}

func (tx *Tx) addVersion(ctx context.Context, badge badges.BadgeID, id badges.VersionID, number int, c badges.Content) error {
	values, err := contentValues(c)
	if err != nil {
		return err
	}
	_, err = tx.q.ExecContext(ctx, `
		insert into badge_versions (id, badge_id, number, created_at,
			name, description, criteria, language, picture, issuer_id, rule, valid_months,
			caption, tags, alignments, credits, level, hours, translations)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
		append([]any{id, badge, number, tx.now}, values...)...)
	if err != nil {
		return fmt.Errorf("write badge version: %w", err)
	}
	return nil
}

// changeVersion writes the content of a draft and reports whether it changed.
func (tx *Tx) changeVersion(ctx context.Context, id badges.VersionID, c badges.Content) (bool, error) {
	values, err := contentValues(c)
	if err != nil {
		return false, err
	}
	result, err := tx.q.ExecContext(ctx, `
		update badge_versions set name = $2, description = $3, criteria = $4, language = $5, picture = $6, issuer_id = $7, rule = $8, valid_months = $9,
			caption = $10, tags = $11, alignments = $12, credits = $13, level = $14, hours = $15, translations = $16
		where id = $1 and (name, description, criteria, language, picture, issuer_id, rule, valid_months,
			caption, tags, alignments, credits, level, hours, translations)
			<> ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		append([]any{id}, values...)...)
	if err != nil {
		return false, fmt.Errorf("write badge version: %w", err)
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

func (tx *Tx) nextVersion(ctx context.Context, b badges.Badge, content badges.Content) error {
	id := badges.VersionID(uuid.NewString())
	if err := tx.addVersion(ctx, b.ID, id, b.Current.Number+1, content); err != nil {
		return err
	}
	result, err := tx.q.ExecContext(ctx, `update badges set version_id = $2 where id = $1 and version_id = $3`, b.ID, id, b.Current.ID)
	return one(result, err, "badge")
}
