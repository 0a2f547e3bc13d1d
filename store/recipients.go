package store

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
)

// Recipient is a row of a badge's recipients: an award, and how telling the
// learner and the LMS goes.
type Recipient struct {
	badges.Assertion

	Told    bool       // over one channel at least
	Failing bool       // a channel failed, and was not used since
	Refused lti.Reason // why the LMS did not take the grade; empty when it did
}

// Expired asks for the awards whose time is over, and that neither the learner
// nor the teacher undid. It is no state: an award of any of them may have expired.
const Expired badges.AssertionState = "expired"

// RecipientQuery asks for one page of a badge's recipients, the newest first.
type RecipientQuery struct {
	State badges.AssertionState // empty for all; Expired for those whose time is over
	Name  string                // part of the name, whatever its case and accents; empty for all
	After badges.AssertionID    // the last one of the page before; empty for the first page
	Limit int
}

const expiredAward = `state in ('pending', 'claimed') and expires_at <= `

const recipientSource = ` from assertions where platform_id = $1 and context_id = $2 and badge_id = $3 and next_id = '' and search_name like $4 escape '\'`

// Recipients lists one page of who was awarded a badge, each learner once: by
// their newest award. It fails with fault.NotFound when After is none of the
// badge's.
func (r reads) Recipients(ctx context.Context, key badges.CourseKey, badge badges.BadgeID, q RecipientQuery) ([]Recipient, error) {
	var last badges.Assertion
	if q.After != "" {
		var err error
		if last, err = r.Recipient(ctx, key, badge, q.After); err != nil {
			return nil, err
		}
	}
	rows, err := r.q.QueryContext(ctx, `
		select `+assertionColumns+`,
			exists (select 1 from notices n where n.assertion_id = page.id and n.about = 'award' and n.sent_at is not null),
			exists (select 1 from notices n where n.assertion_id = page.id and n.problem <> ''),
			coalesce((select s.refused from scores s where s.assertion_id = page.id), '')
		from (select *`+recipientSource+` and ($5 = '' or state = $5 or $5 = 'expired' and `+expiredAward+`$10)
			and ($6 = '' or awarded_at < $7 or (awarded_at = $7 and (name, id) > ($8, $6)))
			order by awarded_at desc, name, id limit $9) page
		order by awarded_at desc, name, id`,
		key.Platform, key.Context, badge, namePattern(q.Name), q.State, q.After, moment(last.AwardedAt), last.Recipient.Name, q.Limit, moment(r.clock()))
	return all(rows, err, func(row row) (Recipient, error) {
		var one Recipient
		var err error
		one.Assertion, err = scanAssertion(row, &one.Told, &one.Failing, &one.Refused)
		return one, err
	})
}

// CountRecipients counts by state who was awarded a badge and has a name like
// this; an empty name counts all. Under Expired stand those whose time is over,
// who are counted under their states too.
func (r reads) CountRecipients(ctx context.Context, key badges.CourseKey, badge badges.BadgeID, name string) (map[badges.AssertionState]int, error) {
	type count struct {
		state      badges.AssertionState
		n, expired int
	}
	rows, err := r.q.QueryContext(ctx, `select state, count(*), coalesce(sum(case when `+expiredAward+`$5 then 1 else 0 end), 0)`+recipientSource+` group by state`,
		key.Platform, key.Context, badge, namePattern(name), moment(r.clock()))
	list, err := all(rows, err, func(row row) (count, error) {
		var c count
		err := row.Scan(&c.state, &c.n, &c.expired)
		return c, err
	})
	if err != nil {
		return nil, fmt.Errorf("count recipients: %w", err)
	}
	counts := make(map[badges.AssertionState]int, len(list))
	for _, c := range list {
		counts[c.state] = c.n
		if c.expired > 0 {
			counts[Expired] += c.expired
		}
	}
	return counts, nil
}

// Recipient returns one award of a badge of the course.
func (r reads) Recipient(ctx context.Context, key badges.CourseKey, badge badges.BadgeID, id badges.AssertionID) (badges.Assertion, error) {
	a, err := scanAssertion(r.q.QueryRowContext(ctx, `select `+assertionColumns+` from assertions
		where platform_id = $1 and context_id = $2 and badge_id = $3 and id = $4`, key.Platform, key.Context, badge, id))
	return a, notFound(err, "assertion")
}

// searchName is a name as it is searched for: Zoë is found as zoe, whatever the
// database knows of letters.
func searchName(name string) string {
	bare, _, err := transform.String(transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn)), norm.NFC), name)
	if err != nil {
		bare = name // not reached: these transformers take any text
	}
	return strings.ToLower(bare)
}

func namePattern(part string) string {
	escaped := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(searchName(strings.TrimSpace(part)))
	return "%" + escaped + "%"
}
