-- +goose Up

-- The launch that a login led to is the proof that the login is used: its hash,
-- empty where a launch was refused or its login is long over.
alter table launches add column login text not null default '';

-- A login that was used just now cannot be used again. Which launch it led to is
-- not known; each has one, and the newest belong together.
update launches set login = used.login from (
    select l.id as launch, u.id as login
    from (select id, row_number() over (order by at desc, id) as place from launches where reason = '') l
    join (select id, row_number() over (order by expires_at desc, id) as place from used_logins) u on u.place = l.place
) used where launches.id = used.launch;
drop table used_logins;
create unique index launches_login on launches (login) where login <> '';

-- Until when launches do not have a course read again, as it was read just now.
alter table courses add column rests_until timestamp;
