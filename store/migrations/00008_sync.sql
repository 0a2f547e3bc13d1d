-- +goose Up

-- When the roster was last read, when everything was, and when a reading last
-- found something new; since when the last reading knows what happened.
alter table courses add column roster_at timestamp;
alter table courses add column full_at timestamp;
alter table courses add column changed_at timestamp;
alter table courses add column observed_at timestamp;

-- What a run cost, and when it had read what it needed.
alter table sync_runs add column calls integer not null default 0;
alter table sync_runs add column bytes bigint not null default 0;
alter table sync_runs add column failed integer not null default 0;
alter table sync_runs add column decided_at timestamp;

-- A notice is queued by the job that finds it here, when many are awarded at once.
alter table notices add column queued boolean not null default true;
create index notices_unqueued on notices (assertion_id) where not queued;
