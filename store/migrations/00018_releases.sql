-- +goose Up

-- A release takes effect when it can no longer be undone: until then the award is
-- held, with the time of its release.
create index assertions_released on assertions (released_at) where state = 'held' and released_at is not null;
