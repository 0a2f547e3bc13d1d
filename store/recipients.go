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

// Recipient is one row of a badge's recipients: an award, with the state of its
// notices and of its score.
type Recipient struct {
	badges.Assertion

	Silent  bool       // it was awarded without notices
	Told    bool       // a notice was sent, over one channel at least
	Failing bool       // a notice failed and has not been sent since
	Refused lti.Reason // why the LMS refused the score; empty if it did not
}

// Expired selects the awards that have expired and that neither the learner
// declined nor a teacher took back. It is not a state of its own.
const Expired badges.AssertionState = "expired"

// RecipientQuery selects one page of a badge's recipients, the newest first.
type RecipientQuery struct {
	State badges.AssertionState // empty: all
	Name  string                // part of the name, without regard to case and accents; empty: all
	After badges.AssertionID    // the last award of the page before; empty: the first page
	Limit int
}

const expiredAward = `state in ('pending', 'claimed', 'private') and expires_at <= `

const recipientSource = ` from assertions where platform_id = $1 and context_id = $2 and badge_id = $3 and next_id = '' and state <> 'erased' and search_name like $4 escape '\'`

// Recipients lists one page of a badge's recipients, each learner once, with
// the newest award. Erased awards have no recipient. It fails with
// fault.NotFound if After is no award of the badge.
func (r reads) Recipients(ctx context.Context, key badges.CourseKey, badge badges.BadgeID, q RecipientQuery) ([]Recipient, error) {
	var last badges.Assertion
	if q.After != "" {
		var err error
		if last, err = r.Recipient(ctx, key, badge, q.After); err != nil {
			return nil, err
		}
	}
	rows, err := r.q.QueryContext(ctx, `
		select `+recipientColumns+` from (select *`+recipientSource+` and ($5 = '' or state = $5 or $5 = 'expired' and `+expiredAward+`$10)
			and ($6 = '' or awarded_at < $7 or (awarded_at = $7 and (name, id) > ($8, $6)))
			order by awarded_at desc, name, id limit $9) page
		order by awarded_at desc, name, id`,
		key.Platform, key.Context, badge, namePattern(q.Name), q.State, q.After, moment(last.AwardedAt), last.Recipient.Name, q.Limit, moment(r.clock()))
	return all(rows, err, scanRecipient)
}

// recipientColumns are columns of a list of assertions that is called page.
const recipientColumns = assertionColumns + `,
	not exists (select 1 from notices n where n.assertion_id = page.id and n.about = 'award'),
	exists (select 1 from notices n where n.assertion_id = page.id and n.about = 'award' and n.sent_at is not null),
	exists (select 1 from notices n where n.assertion_id = page.id and n.problem <> ''),
	coalesce((select s.refused from scores s where s.assertion_id = page.id), '')`

func scanRecipient(row row) (Recipient, error) {
	var one Recipient
	var err error
	one.Assertion, err = scanAssertion(row, &one.Silent, &one.Told, &one.Failing, &one.Refused)
	return one, err
}

// AllRecipients lists all awards of a badge that are not erased, also previous
// ones of the same learner, the newest first.
func (r reads) AllRecipients(ctx context.Context, key badges.CourseKey, badge badges.BadgeID) ([]Recipient, error) {
	rows, err := r.q.QueryContext(ctx, `select `+recipientColumns+` from assertions page
		where platform_id = $1 and context_id = $2 and badge_id = $3 and state <> 'erased' order by awarded_at desc, name, id`, key.Platform, key.Context, badge)
	return all(rows, err, scanRecipient)
}

// CountRecipients counts the recipients of a badge by state, if their name
// contains name; an empty name counts all. Under Expired it counts the expired
// awards, which are counted under their states too.
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

const notTakenBack = ` from assertions where platform_id = $1 and context_id = $2 and badge_id = $3 and state not in ('withdrawn', 'revoked', 'erased')`

// NotTakenBack lists the awards of a badge that a teacher can still take back, by
// id.
func (r reads) NotTakenBack(ctx context.Context, key badges.CourseKey, badge badges.BadgeID) ([]badges.AssertionID, error) {
	rows, err := r.q.QueryContext(ctx, `select id`+notTakenBack+` order by id`, key.Platform, key.Context, badge)
	ids, err := all(rows, err, func(row row) (badges.AssertionID, error) {
		var id badges.AssertionID
		return id, row.Scan(&id)
	})
	if err != nil {
		return nil, fmt.Errorf("read awards to take back: %w", err)
	}
	return ids, nil
}

// CountNotTakenBack counts what NotTakenBack lists.
func (r reads) CountNotTakenBack(ctx context.Context, key badges.CourseKey, badge badges.BadgeID) (int, error) {
	var n int
	err := r.q.QueryRowContext(ctx, `select count(*)`+notTakenBack, key.Platform, key.Context, badge).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count awards to take back: %w", err)
	}
	return n, nil
}

// searchName returns the form of a name for searching: zoe finds Zoë, even if
// the database cannot compare letters without accents.
func searchName(name string) string {
	bare, _, err := transform.String(transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn)), norm.NFC), name)
	if err != nil {
		bare = name // never happens: these transformers accept any text
	}
	return strings.ToLower(bare)
}

func namePattern(part string) string {
	escaped := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(searchName(strings.TrimSpace(part)))
	return "%" + escaped + "%"
}
