-- +goose Up

-- What a member signs in to the LMS with; empty when it does not tell.
alter table members add column username text not null default '';
