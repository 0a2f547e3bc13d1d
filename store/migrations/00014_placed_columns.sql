-- +goose Up

-- Whether a column came with a link that was placed: it is the platform's then,
-- and never deleted. Without an address it was given up, and is not taken again.
alter table grade_columns add column placed boolean not null default false;
