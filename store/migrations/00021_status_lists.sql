-- +goose Up

-- The base URL that the claim of an award froze; empty before the claim, and for
-- awards that were claimed before this column existed, until the next start.
alter table assertions add column base_url text not null default '';
create index assertions_unfrozen on assertions (id)
    where base_url = '' and (state in ('claimed', 'revoked') or state = 'replaced' and replaced_from = 'claimed');

-- A claimed award that its learner hides from the public is reminded too.
drop index assertions_remind;
create index assertions_remind on assertions (remind_at) where remind_at is not null and state in ('claimed', 'private');

-- Status lists. The bits are here, to be read at once, and in status_entries, which
-- says whose they are; a transaction that changes bits writes them here once.
create table status_lists (
    id         text primary key,
    issuer_id  text not null references issuers (id),
    base_url   text not null,
    purpose    text not null,              -- revocation, message
    entries    integer not null default 0, -- how many indices were given out
    is_full    boolean not null default false,
    bits       bytea,                      -- 16 KiB, the first index in the highest bit; null: none is set
    version    integer not null default 1, -- one more for each transaction that changed bits
    changed_at timestamp not null
);
create unique index status_lists_open on status_lists (issuer_id, base_url, purpose) where not is_full;
create index status_lists_issuer on status_lists (issuer_id, base_url);

create table status_entries (
    list_id      text not null references status_lists (id),
    list_index   integer not null,
    assertion_id text not null references assertions (id),
    purpose      text not null, -- of the list
    is_set       boolean not null default false,
    primary key (list_id, list_index)
);
create unique index status_entries_assertion on status_entries (assertion_id, purpose);
create index status_entries_set on status_entries (list_id, assertion_id) where is_set;

-- Learners who had an award of a badge erased, and so do not get it by its rule
-- again: a keyed hash, which names nobody to a reader of the database.
create table erased_holders (
    badge_id text not null references badges (id),
    holder   text not null,
    primary key (badge_id, holder)
);
