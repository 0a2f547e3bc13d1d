-- +goose Up

-- Logins travel signed; only that one led to a launch is noted, until it could
-- not any more.
drop table login_states;
create table used_logins (
    id         text primary key, -- hash
    expires_at bigint not null   -- Unix seconds
);
create index used_logins_expiry on used_logins (expires_at);
