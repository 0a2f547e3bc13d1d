-- +goose Up

-- Keys belong to a purpose and, within it, to an owner. The state is what the
-- audit log was last told of a key: next, current or previous.
alter table signing_keys add column purpose text not null default 'lti';
alter table signing_keys add column owner text not null default '';
alter table signing_keys add column algorithm text not null default 'RS256';
alter table signing_keys add column state text not null default 'next';

-- A key that is here already did not begin to sign today: it must not look like
-- that in the audit log. It had begun when another key was made after its time,
-- and it had stopped when a later key had begun.
update signing_keys set state = 'current'
where exists (select 1 from signing_keys made where made.created_at >= signing_keys.signs_from);
update signing_keys set state = 'previous'
where state = 'current' and exists (
    select 1 from signing_keys later
    where later.state <> 'next'
    and (later.signs_from > signing_keys.signs_from or (later.signs_from = signing_keys.signs_from and later.id < signing_keys.id)));
