-- +goose Up

-- The learner's consent to show what earned the badge.
alter table assertions add column show_facts boolean not null default false;

-- The recipient's name as it is searched for: small letters without accents.
alter table assertions add column search_name text not null default '';
update assertions set search_name = lower(name);

-- A badge's recipients come in pages, the newest first; an award's history is
-- looked up by the award.
create index assertions_recipients on assertions (badge_id, awarded_at desc, name, id);
create index audit_object on audit (object);
