-- +goose Up

-- Why the LMS did not take a grade: a reason code, empty when it did.
alter table scores add column refused text not null default '';
