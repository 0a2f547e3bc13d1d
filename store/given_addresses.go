package store

import (
	"context"
	"fmt"
	"time"

	"github.com/insigne-badges/insigne/badges"
)

// givenAddressesKept is how long an address is kept that was given and not
// confirmed: the form proposes it again.
const givenAddressesKept = 30 * 24 * time.Hour

const givenAddressColumns = `g.assertion_id, g.address, g.language, g.given_at, g.sent_at, g.problem`

func scanGivenAddress(row row) (badges.GivenAddress, error) {
	var g badges.GivenAddress
	var given, sent instant
	err := row.Scan(&g.Assertion, &g.Address, &g.Language, &given, &sent, &g.Problem)
	g.GivenAt, g.SentAt = given.Time, sent.Time
	return g, err
}

// GivenAddress returns the address that the learner gave for an award.
func (r reads) GivenAddress(ctx context.Context, id badges.AssertionID) (badges.GivenAddress, error) {
	g, err := scanGivenAddress(r.q.QueryRowContext(ctx, `select `+givenAddressColumns+` from given_addresses g where g.assertion_id = $1`, id))
	return g, notFound(err, "given address")
}

// LatestAddress returns the address that a person gave or claimed a badge with
// last, on a platform; fault.NotFound if there is none. It is only a proposal for
// a form.
func (r reads) LatestAddress(ctx context.Context, platform badges.PlatformID, user badges.UserID) (string, error) {
	var address string
	err := r.q.QueryRowContext(ctx, `
		select address from (
			select g.address as address, g.given_at as at from given_addresses g join assertions a on a.id = g.assertion_id
			where a.platform_id = $1 and a.user_id = $2
			union all
			select email, decided_at from assertions where platform_id = $1 and user_id = $2 and state in ('claimed', 'private') and email <> ''
		) known order by at desc, address limit 1`, platform, user).Scan(&address)
	return address, notFound(err, "address")
}

// GiveAddress writes the address that a learner gave for an award, in place of
// the one before. It counts as one confirmation mail.
func (tx *Tx) GiveAddress(ctx context.Context, a badges.Assertion, address, language string) error {
	_, err := tx.q.ExecContext(ctx, `
		insert into given_addresses (assertion_id, address, language, given_at) values ($1, $2, $3, $4)
		on conflict (assertion_id) do update set
			address = excluded.address, language = excluded.language, given_at = excluded.given_at, sent_at = null, problem = ''`,
		a.ID, address, language, tx.now)
	if err != nil {
		return fmt.Errorf("write given address of %s: %w", a.ID, err)
	}
	_, err = tx.q.ExecContext(ctx, `insert into address_mails (assertion_id, platform_id, user_id, asked_at) values ($1, $2, $3, $4)`,
		a.ID, a.Course.Platform, a.User, tx.now)
	if err != nil {
		return fmt.Errorf("count confirmation mail of %s: %w", a.ID, err)
	}
	return nil
}

// CountAddressMails counts the confirmation mails that were asked for within a
// time: for an award, and for all awards of its learner on the platform.
func (r reads) CountAddressMails(ctx context.Context, a badges.Assertion, within time.Duration) (forAward, forPerson int, err error) {
	err = r.q.QueryRowContext(ctx, `
		select coalesce(sum(case when assertion_id = $3 then 1 else 0 end), 0), count(*) from address_mails
		where platform_id = $1 and user_id = $2 and asked_at > $4`,
		a.Course.Platform, a.User, a.ID, moment(r.clock().Add(-within))).Scan(&forAward, &forPerson)
	if err != nil {
		return 0, 0, fmt.Errorf("count confirmation mails of %s: %w", a.ID, err)
	}
	return forAward, forPerson, nil
}

// AddressMailSent stores that the confirmation mail of g was sent. It changes
// nothing if another address was given meanwhile.
func (tx *Tx) AddressMailSent(ctx context.Context, g badges.GivenAddress) error {
	return tx.updateAddressMail(ctx, `update given_addresses set sent_at = $3, problem = '' where assertion_id = $1 and given_at = $2`, g, tx.now)
}

// AddressMailFailed stores why the confirmation mail of g was not sent, like
// AddressMailSent.
func (tx *Tx) AddressMailFailed(ctx context.Context, g badges.GivenAddress, problem string) error {
	return tx.updateAddressMail(ctx, `update given_addresses set problem = $3 where assertion_id = $1 and given_at = $2`, g, problem)
}

func (tx *Tx) updateAddressMail(ctx context.Context, statement string, g badges.GivenAddress, value any) error {
	if _, err := tx.q.ExecContext(ctx, statement, g.Assertion, moment(g.GivenAt), value); err != nil {
		return fmt.Errorf("write given address of %s: %w", g.Assertion, err)
	}
	return nil
}

// ForgetAddress removes all that was given as an address for an award.
func (tx *Tx) ForgetAddress(ctx context.Context, id badges.AssertionID) error {
	for _, statement := range []string{`delete from given_addresses where assertion_id = $1`, `delete from address_mails where assertion_id = $1`} {
		if _, err := tx.q.ExecContext(ctx, statement, id); err != nil {
			return fmt.Errorf("forget given address of %s: %w", id, err)
		}
	}
	return nil
}

// ToldAddress is an address that the LMS tells of the learner of an award
// without one.
type ToldAddress struct {
	Assertion badges.AssertionID
	Address   string // as the LMS tells it; may be unusable
}

// ToldAddresses lists the awards of a course that have no address and are not
// claimed, and whose learner has an address in the LMS now, by id.
func (r reads) ToldAddresses(ctx context.Context, key badges.CourseKey) ([]ToldAddress, error) {
	rows, err := r.q.QueryContext(ctx, `
		select a.id, m.email from assertions a
		join members m on m.platform_id = a.platform_id and m.context_id = a.context_id and m.user_id = a.user_id
		where a.platform_id = $1 and a.context_id = $2 and a.email = '' and a.state in ('withheld', 'pending', 'declined') and m.email <> ''
		order by a.id`, key.Platform, key.Context)
	return all(rows, err, func(row row) (ToldAddress, error) {
		var t ToldAddress
		return t, row.Scan(&t.Assertion, &t.Address)
	})
}
