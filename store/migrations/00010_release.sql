-- +goose Up

-- What happens to who met the rule before the badge was switched on: notify,
-- silent, none; and when that was done, null until then.
alter table badges add column earlier text not null default 'notify';
alter table badges add column settled_at timestamp;

-- Who met the rule before, where they are to get nothing.
create table passed_over (
    badge_id text not null references badges (id),
    user_id  text not null,
    at       timestamp not null,
    primary key (badge_id, user_id)
);

-- Jury mode: awards wait until the teacher releases them.
alter table badges add column jury boolean not null default false;
alter table assertions add column released_at timestamp;

-- A notice that is not to be sent yet: the release can be undone until then.
alter table notices add column not_before timestamp;
