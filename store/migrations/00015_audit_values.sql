-- +goose Up

-- What a change replaced and by what, as text, and why; empty where that says nothing.
alter table audit add column old_value text not null default '';
alter table audit add column new_value text not null default '';
alter table audit add column reason text not null default '';
