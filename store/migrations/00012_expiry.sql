-- +goose Up

-- How many months the awards of a version are valid; 0: without end.
alter table badge_versions add column valid_months integer not null default 0;

-- A learner can be awarded a badge again, so that there are several assertions
-- of one badge and learner: a chain, of which only the newest has no next_id.
-- The constraint that allowed one alone belongs to the table, and SQLite cannot
-- drop it: the table is made anew. What refers to it waits aside meanwhile, as
-- no table may go that others refer to.
create table kept_notices as select * from notices;
drop table notices;
create table kept_scores as select * from scores;
drop table scores;
create table kept_assertions as select * from assertions;
drop table assertions;

create table assertions (
    id             text primary key,
    platform_id    text not null,
    context_id     text not null,
    badge_id       text not null references badges (id),
    version_id     text not null references badge_versions (id),
    user_id        text not null,
    state          text not null,
    name           text not null,
    email          text not null,
    language       text not null,
    salt           text not null,
    show_name      boolean not null,
    facts          text not null, -- JSON
    awarded_at     timestamp not null,
    decided_at     timestamp,
    revoked_at     timestamp,
    reason         text not null default '',
    show_facts     boolean not null default false,
    search_name    text not null default '',
    fell_at        timestamp,
    kept_at        timestamp,
    released_at    timestamp,
    expires_at     timestamp, -- null: never, or not released yet
    remind_at      timestamp, -- when the learner is told of the end; null once that was done
    previous_id    text not null default '',
    next_id        text not null default '',
    evidence_after timestamp, -- what happened until then earned the previous one
    evidence_until timestamp  -- what happened until then earns no other; null: until awarded_at
);
insert into assertions (id, platform_id, context_id, badge_id, version_id, user_id, state, name, email, language, salt, show_name, facts,
    awarded_at, decided_at, revoked_at, reason, show_facts, search_name, fell_at, kept_at, released_at)
select id, platform_id, context_id, badge_id, version_id, user_id, state, name, email, language, salt, show_name, facts,
    awarded_at, decided_at, revoked_at, reason, show_facts, search_name, fell_at, kept_at, released_at from kept_assertions;
drop table kept_assertions;

create unique index assertions_newest on assertions (badge_id, user_id) where next_id = '';
create index assertions_member on assertions (platform_id, context_id, user_id);
create index assertions_version on assertions (version_id);
create index assertions_person on assertions (platform_id, user_id);
create index assertions_recipients on assertions (badge_id, awarded_at desc, name, id);
create index assertions_fallen on assertions (platform_id, context_id, badge_id) where fell_at is not null;
create index assertions_remind on assertions (remind_at) where remind_at is not null and state = 'claimed';

create table notices (
    assertion_id text not null references assertions (id),
    channel      text not null,
    about        text not null default 'award', -- or its end
    sent_at      timestamp,
    attempts     integer not null default 0,
    problem      text not null default '', -- catalogue key of the last failure
    queued       boolean not null default true,
    not_before   timestamp,
    primary key (assertion_id, about, channel)
);
insert into notices (assertion_id, channel, sent_at, attempts, problem, queued, not_before)
select assertion_id, channel, sent_at, attempts, problem, queued, not_before from kept_notices;
drop table kept_notices;
create index notices_unsent on notices (sent_at);
create index notices_unqueued on notices (assertion_id) where not queued;

create table scores (
    assertion_id text primary key references assertions (id),
    sent_at      timestamp not null, -- as the LMS was told; the next must be later
    refused      text not null default '' -- a reason code, empty when it was taken
);
insert into scores (assertion_id, sent_at, refused) select assertion_id, sent_at, refused from kept_scores;
drop table kept_scores;
