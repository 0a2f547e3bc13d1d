-- +goose Up

-- Badges whose awards replace those of another: the badge that one is the next
-- step after, empty for none. A badge has one next step at most.
alter table badges add column step_after text not null default '';
create unique index badges_step on badges (step_after) where step_after <> '';

-- Which award of a higher step took the place of an award, when, and what it was
-- before: it becomes that again when the higher one is taken back.
alter table assertions add column replaced_by text not null default '';
alter table assertions add column replaced_at timestamp;
alter table assertions add column replaced_from text not null default '';
create index assertions_replaced on assertions (replaced_by) where state = 'replaced';
