-- +goose Up

-- The address that a learner gave for an award without one. It is not the
-- award's address before the learner confirms it by the claim.
create table given_addresses (
    assertion_id text primary key references assertions (id),
    address      text not null,
    language     text not null, -- of the mail
    given_at     timestamp not null,
    sent_at      timestamp,
    problem      text not null default '' -- catalogue key of why the mail was not sent
);

-- When confirmation mails were asked for, to limit their number.
create table address_mails (
    assertion_id text not null references assertions (id),
    platform_id  text not null,
    user_id      text not null,
    asked_at     timestamp not null
);
create index address_mails_person on address_mails (platform_id, user_id);
create index address_mails_time on address_mails (asked_at);

-- Awards that can get an address from the LMS later.
create index assertions_without_address on assertions (platform_id, context_id) where email = '';
